from django.db import migrations

from accounts.guards import append_only, needs_verb


class Migration(migrations.Migration):
    dependencies = [("workflows", "0001_initial"), ("accounts", "0002_guards")]
    operations = [
        needs_verb(
            "workflows_case",
            "workflows_caseprocess",
            "workflows_document",
            "workflows_documentversion",
            "workflows_entry",
            "workflows_grant",
            "workflows_message",
            "workflows_recusal",
            "workflows_workitem",
        ),
        append_only("workflows_accesslog", "workflows_entry", "workflows_seal"),
    ]
