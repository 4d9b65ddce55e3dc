from django.db import migrations

from accounts.guards import append_only, guard_functions, needs_verb


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        guard_functions(),
        needs_verb(
            "accounts_body",
            "accounts_membership",
            "accounts_organisation",
            "accounts_post",
            "accounts_region",
            "accounts_seat",
        ),
        append_only("accounts_accountevent"),
    ]
