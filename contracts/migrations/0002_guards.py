from django.db import migrations

from accounts.guards import needs_verb


class Migration(migrations.Migration):
    dependencies = [("contracts", "0001_initial"), ("accounts", "0002_guards")]
    operations = [
        needs_verb(
            "contracts_bankaccount",
            "contracts_contract",
            "contracts_indicatorvalue",
            "contracts_instalment",
            "contracts_recovery",
            "contracts_report",
            "contracts_reportexpense",
            "contracts_signature",
        ),
    ]
