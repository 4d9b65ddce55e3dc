"""The story of the matrix, told by people who type what would harm if it were ever run: as a page, a template, a formula, a header, a PDF's markup.

An action is the only door: what every verb is given passes here, and each text that a person would type bears the payload.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from psycopg import sql

from accounts import actions as accounts
from accounts.models import Body, Membership, Post, Region, Seat
from tests.guarantees.matrix import Story, tell
from tests.world import NOW, World, make_world, opened
from workflows.actions import send_message
from workflows.models import DocumentVersion, WorkItem

#: Told from any other text, wherever it comes out.
MARK = "x7x"
#: A cell, two templates, a page: short enough for a name.
SHORT = f"={{%{MARK}%}}'\"><{MARK} on{MARK}=1>"
#: The same with a PDF's markup, the end of a script and a header of a mail.
PAYLOAD = f'=1+1{{%{MARK}%}}{{{{{MARK}}}}}#read("/etc/passwd")\'"></script><{MARK} on{MARK}=1>\r\nBcc: {MARK}@example.org\r\n'
#: What people type in one word; a text of several words is always theirs.
ONE_WORD = {
    "title",
    "capacity",
    "holder",
    "name",
    "comment",
    "note",
    "minutes",
    "source",
    "unit",
    "payment_reference",
}
#: Where a long text does not fit.
SHORT_FIELDS = {"unit", "payment_reference"}
PROSE = re.compile(r"\S\s+\S|[.…]$")


#: Texts that nobody types: codes, words of a list, numbers that are checked, fingerprints, what the house itself writes.
NOT_TYPED = frozenset(
    f"{model}.{field}"
    for model, fields in {
        "accounts.AccountEvent": "object_id object_type verb",
        "accounts.Body": "rule_profile",
        "accounts.Organisation": "email postcode rna siret training_number",
        "accounts.Region": "accent code service_email siret slug time_zone",
        "accounts.User": "email language password",
        "calls.Axis": "code",
        "calls.BudgetLine": "code label",
        "calls.Call": "colleges contact publics reporting territories text_sha256",
        "calls.Dossier": "publics territories versions",
        "calls.DossierIndicator": "code",
        "calls.FormRevision": "schema sha256",
        "calls.Pact": "budget_by_year",
        "calls.PactIndicator": "code",
        "calls.Partner": "siret",
        "calls.Receipt": "attestation content_sha256",
        "calls.RequiredPiece": "code legal_forms",
        "contracts.BankAccount": "iban",
        "contracts.Contract": "number",
        "contracts.IndicatorValue": "breakdown",
        "contracts.ReportExpense": "code label",
        "contracts.Signature": "sha256",
        "reviews.Admissibility": "checklist grounds",
        "reviews.RankingLine": "basis",
        "reviews.Synthesis": "counts rule_version",
        "workflows.AccessLog": "detail",
        "workflows.Case": "head_hash reference",
        "workflows.CaseProcess": "subject_type",
        "workflows.Document": "code",
        "workflows.DocumentVersion": "content_type path sha256",
        "workflows.Entry": "capacity files from_state hash idempotency_key object_id object_type previous_hash to_state verb",
        "workflows.Grant": "audience",
        "workflows.Notification": "kind link",
        "workflows.OutboxJob": "kind",
        "workflows.Seal": "root stored_as",
        "workflows.Timer": "object_type verb",
        "workflows.WorkItem": "audience object_type outcome step verbs",
    }.items()
    for field in fields.split()
)


def poisoned(value: Any, name: str = "") -> Any:
    """The same argument of a verb, with the payload in every text that a person types."""
    if isinstance(value, str):
        load = SHORT if name in SHORT_FIELDS else PAYLOAD
        return f"{load}{value}" if PROSE.search(value) or (name in ONE_WORD and value) else value
    if isinstance(value, Mapping):
        return {key: poisoned(item, key if isinstance(key, str) else name) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [poisoned(item, name) for item in value]
    return value


def hostile_world(*args: Any) -> World:
    """A world whose people, organisations and bodies bear hostile names too."""
    world = make_world(*args)
    for user in world.people.values():
        accounts.update_profile(
            user, by=user, now=NOW, first_name=SHORT, last_name=user.last_name + SHORT, language="fr"
        )
    for key, organisation in world.organisations.items():
        changed = {
            "name": PAYLOAD + organisation.name,
            "address": PAYLOAD,
            "city": SHORT,
            "phone": SHORT[:30],
        }
        accounts.update_organisation(organisation, by=world.people[key], now=NOW, **changed)
    with opened():
        for model in (Membership, Post, Seat):
            model.objects.update(capacity=SHORT)
        Region.objects.filter(pk=world.region.pk).update(
            **dict.fromkeys(
                ("name", "service_name", "service_address", "service_phone", "president", "court"), SHORT
            )
        )
        Body.objects.filter(region=world.region).update(name=SHORT)
    for user in world.people.values():
        user.refresh_from_db()
    world.region.refresh_from_db()
    return world


@contextmanager
def poisoning() -> Iterator[None]:
    """While it lasts, what is given to any verb is hostile."""
    door: Any = sys.modules["workflows.engine.action"]  # its package gives that name to the decorator
    perform = door._perform

    def poison(*args: Any) -> Any:
        *others, values = args
        return perform(*others, {name: poisoned(value, name) for name, value in values.items()})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(door, "_perform", poison)
        yield


def tell_hostile() -> Story:
    """The story, every text of it hostile."""
    with poisoning():
        story = tell(hostile_world, every_state=False)
        fill(story)
    return story


def fill(story: Story) -> None:
    """What this story has nobody type, typed: the columns that are still harmless and need not be."""
    send_message(DocumentVersion.objects.first().document.case, by=story.world.officer, now=NOW, body=PAYLOAD)
    with opened():
        WorkItem.objects.first().case.recusals.create(user=story.world.officer2, reason=PAYLOAD, at=NOW)
        for name in sorted(harmless_columns() - NOT_TYPED):
            label, _, column = name.rpartition(".")
            model = apps.get_model(label)
            model._base_manager.update(**{column: typed_into(model._meta.get_field(column))})


def typed_into(field: Any) -> Any:
    """The payload, as long as it fits."""
    if isinstance(field, models.JSONField):
        return [{"title": PAYLOAD, "text": PAYLOAD}]  # the particular clauses of a contract
    return PAYLOAD[: field.max_length or None]


def harmless_columns() -> set[str]:
    """The columns of the house that hold texts, none of which is hostile."""
    found = set()
    for model in apps.get_models():
        if model.__module__.partition(".")[0] not in (
            "accounts",
            "calls",
            "reviews",
            "contracts",
            "workflows",
        ):
            continue
        columns = [f for f in model._meta.local_concrete_fields if is_text(f)]
        if not columns:
            continue
        tests = sql.SQL(", ").join(
            sql.SQL("coalesce(bool_or({}::text LIKE {}), false)").format(
                sql.Identifier(field.column), sql.Literal(f"%{MARK}%")
            )
            for field in columns
        )
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("SELECT {} FROM {}").format(tests, sql.Identifier(model._meta.db_table)))
            row = cursor.fetchone()
        found |= {
            f"{model._meta.label}.{field.name}"
            for field, hostile in zip(columns, row, strict=True)
            if not hostile
        }
    return found


def is_text(field: Any) -> bool:
    """Whether somebody could type what a column holds: no choice among a few words, and no key."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    return isinstance(field, kinds) and not field.choices and not field.primary_key
