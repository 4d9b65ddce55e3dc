from django.db import migrations

from accounts.guards import needs_verb


class Migration(migrations.Migration):
    dependencies = [("calls", "0001_initial"), ("accounts", "0002_guards")]
    operations = [
        needs_verb(
            "calls_axis",
            "calls_budgetline",
            "calls_call",
            "calls_call_axes",
            "calls_criterion",
            "calls_dossier",
            "calls_dossierindicator",
            "calls_envelope",
            "calls_evaluationquestion",
            "calls_formrevision",
            "calls_objective",
            "calls_pact",
            "calls_pactindicator",
            "calls_partner",
            "calls_piece",
            "calls_piece_more",
            "calls_receipt",
            "calls_requiredpiece",
            "calls_strategiclink",
        ),
    ]
