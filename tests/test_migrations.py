"""The schema in the migrations is that of the models, and a migration runs beside the code before it."""

import pytest
from django.core.management import call_command
from django_migration_linter import MigrationLinter

OUR_APPS = ["accounts", "workflows", "calls", "reviews", "contracts"]


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("makemigrations", check_changes=True, dry_run=True)
    except SystemExit:
        pytest.fail(capsys.readouterr().out)


@pytest.mark.django_db
def test_p24_migrations_only_add(capsys: pytest.CaptureFixture[str]) -> None:
    # an initial migration meets no data and no older code
    linter = MigrationLinter(
        include_apps=OUR_APPS, ignore_initial_migrations=True, no_cache=True, quiet=["ok", "ignore"]
    )
    linter.lint_all_migrations()
    assert linter.nb_total >= len(OUR_APPS)
    assert not linter.has_errors, capsys.readouterr().out
