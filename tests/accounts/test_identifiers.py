"""Identifiers as they are typed, checked and stored."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import pytest
from django.core.exceptions import ValidationError
from django.db.migrations.writer import MigrationWriter
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import identifiers
from accounts.naf import NAF_REV2

quietly = settings(deadline=None, max_examples=200)

NORMALISERS: dict[str, Callable[[str], str]] = {
    name.removeprefix("normalise_"): function
    for name, function in vars(identifiers).items()
    if name.startswith("normalise_")
}
VALIDATORS = {
    name.removeprefix("validate_"): validator
    for name, validator in vars(identifiers).items()
    if name.startswith("validate_")
}

# kind, as typed, as stored
RIGHT = [
    ("siren", "552100554", "552100554"),
    ("siren", "552 100 554", "552100554"),
    ("siren", "356000000", "356000000"),
    ("siret", "73282932000074", "73282932000074"),
    ("siret", "732 829 320 00074", "73282932000074"),
    ("siret", "732\u00a0829\u202f320\u00a000074", "73282932000074"),
    ("siret", "\ufeff732829320\u200b00074\n", "73282932000074"),
    ("siret", "23350001600040", "23350001600040"),
    ("siret", "35600000000048", "35600000000048"),
    ("siret", "35600000000014", "35600000000014"),  # La Poste's by its key alone
    ("siret", "35600000009075", "35600000009075"),
    ("siret", "35600000009093", "35600000009093"),
    ("rna", "W751515517", "W751515517"),
    ("rna", "w2d1234567", "W2D1234567"),
    ("rna", "W 751 515 517", "W751515517"),
    ("ape", "8559A", "8559A"),
    ("ape", "85.59a", "8559A"),
    ("ape", "0116Z", "0116Z"),
    ("ape", "01.11Y", "0111Y"),
    ("ape", "8559G", "8559G"),
    ("legal_category", "9220", "9220"),
    ("region_code", "01", "01"),
    ("region_code", "94", "94"),
    ("commune", "75056", "75056"),
    ("commune", "2a004", "2A004"),
    ("commune", "97411", "97411"),
    ("commune", "01004", "01004"),
    ("commune", "95680", "95680"),
    ("postal_code", "20000", "20000"),
    ("qpv", "qn07501m", "QN07501M"),
    ("qpv", "QN02A01M", "QN02A01M"),
    ("qpv", "QP075001", "QP075001"),
    ("qpv", "QP02B001", "QP02B001"),
    ("rncp", "RNCP 34095", "RNCP34095"),
    ("rncp", "rncp123", "RNCP123"),
    ("rncp_bloc", "RNCP34095BC01", "RNCP34095BC01"),
    ("rncp_bloc", "RNCP34095 BC1", "RNCP34095BC1"),
    ("rs", "RS5616", "RS5616"),
    ("rome", "k2111", "K2111"),
    ("rome", "N4105", "N4105"),
    ("nsf", "333T", "333t"),
    ("nsf", "33", "33"),
    ("formacode", "44586", "44586"),
    ("nda", "11 75 12345 75", "11751234575"),
    ("uai", "0951099d", "0951099D"),
    ("iban", "FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
    ("iban", "fr1420041010050500013m02606", "FR1420041010050500013M02606"),
    ("iban", "DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
    ("iban", "BE68 5390 0754 7034", "BE68539007547034"),
    ("iban", "MC58 1122 2000 0101 2345 6789 030", "MC5811222000010123456789030"),
]

# kind, as typed, code of the error
WRONG = [
    ("siren", "552100555", "checksum"),
    ("siren", "000000000", "checksum"),
    ("siren", "55210055", "format"),
    ("siren", "\uff15\uff15\uff12\uff11\uff10\uff10\uff15\uff15\uff14", "format"),
    ("siren", "\u0665\u0665\u0662\u0661\u0660\u0660\u0665\u0665\u0664", "format"),
    ("siren", "55210055\u00b2", "format"),
    ("siret", "35600000009090", "checksum"),
    ("siret", "50000000000000", "checksum"),
    ("siret", "00000000000000", "checksum"),
    ("siret", "73282932000075", "checksum"),
    ("siret", "73282932000040", "checksum"),  # 5 divides the sum of its digits, but it is not La Poste's
    ("siret", "10000000000008", "checksum"),  # the key of the 14 is right, that of the SIREN is not
    ("siret", "7328293200007", "format"),
    ("siret", "732829320000744", "format"),
    (
        "siret",
        "\u0667\u0663\u0662\u0668\u0662\u0669\u0663\u0662\u0660\u0660\u0660\u0660\u0667\u0664",
        "format",
    ),
    ("siret", "73282932000074.0", "format"),
    ("siret", "NC1234567890", "format"),
    ("rna", "751515517", "format"),
    ("rna", "W75151551", "format"),
    ("rna", "WA51515517", "format"),
    ("rna", "W75A515517", "format"),
    ("ape", "0116A", "unknown"),
    ("ape", "8559Z", "unknown"),
    ("ape", "855A", "format"),
    ("ape", "85-59A", "format"),
    ("legal_category", "922", "format"),
    ("region_code", "1", "format"),
    ("region_code", "05", "format"),
    ("region_code", "99", "format"),
    ("commune", "20004", "format"),
    ("commune", "00123", "format"),
    ("commune", "96001", "format"),
    ("commune", "97701", "format"),
    ("commune", "2C004", "format"),
    ("postal_code", "7500", "format"),
    ("qpv", "QN075001", "format"),
    ("qpv", "QP07501M", "format"),
    ("qpv", "QN02C01M", "format"),
    ("rncp", "RNCP12", "format"),
    ("rncp", "RS5616", "format"),
    ("rncp_bloc", "RNCP34095", "format"),
    ("rncp_bloc", "RNCP34095BC001", "format"),
    ("rs", "RS123456", "format"),
    ("rome", "O2111", "format"),
    ("rome", "K211", "format"),
    ("nsf", "3", "format"),
    ("nsf", "333tt", "format"),
    ("formacode", "4458", "format"),
    ("nda", "1175123457", "format"),
    ("uai", "0951099C", "checksum"),
    ("uai", "0951099", "format"),
    ("iban", "FR7630006000011234567890188", "checksum"),
    ("iban", "FR\u0667\u066630006000011234567890189", "format"),
    ("iban", "DE89 3704 0044 0532 0130 01", "checksum"),
    ("iban", "DE543704004405320130001", "format"),
    ("iban", "FR12345", "format"),
    ("iban", "TN5910006035183598478831", "country"),
]


def test_every_identifier_has_both_and_is_tried_both_ways() -> None:
    assert set(NORMALISERS) == set(VALIDATORS) == {kind for kind, *_ in RIGHT} == {kind for kind, *_ in WRONG}


@pytest.mark.parametrize(("kind", "typed", "stored"), RIGHT)
def test_a_right_identifier_gets_its_stored_form(kind: str, typed: str, stored: str) -> None:
    assert NORMALISERS[kind](typed) == stored
    assert NORMALISERS[kind](stored) == stored
    VALIDATORS[kind](stored)


@pytest.mark.parametrize(("kind", "typed", "code"), WRONG)
def test_a_wrong_identifier_is_refused(kind: str, typed: str, code: str) -> None:
    for check in (NORMALISERS[kind], VALIDATORS[kind]):
        with pytest.raises(ValidationError) as refusal:
            check(typed)
        assert refusal.value.code == code


@pytest.mark.parametrize(("kind", "typed"), [(k, typed) for k, typed, stored in RIGHT if typed != stored])
def test_a_column_holds_one_spelling(kind: str, typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        VALIDATORS[kind](typed)
    assert refusal.value.code == "spelling"


@pytest.mark.parametrize("kind", NORMALISERS)
def test_an_empty_text_is_no_identifier(kind: str) -> None:
    for text in ("", " ", "\u00a0"):
        with pytest.raises(ValidationError):
            NORMALISERS[kind](text)


@pytest.mark.parametrize("kind", NORMALISERS)
def test_the_message_is_plain_and_does_not_repeat_what_was_typed(kind: str) -> None:
    typed = "ZZ99secret"
    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        NORMALISERS[kind](typed)
    (message,) = refusal.value.messages
    assert message.endswith(".")
    assert typed not in message


@pytest.mark.parametrize("kind", NORMALISERS)
@quietly
@given(text=st.text() | st.text("0123456789 ABFNPQRSTW\u00a0\u0660\uff11", max_size=30))
def test_any_text_is_stored_in_one_form_or_refused(kind: str, text: str) -> None:
    for check in (NORMALISERS[kind], VALIDATORS[kind]):
        try:
            stored = check(text)
        except ValidationError:
            continue
        if stored is not None:
            assert stored.isascii()
            assert stored.isalnum()
            assert NORMALISERS[kind](stored) == stored


@quietly
@given(st.integers(1, 99_999_999), st.integers(0, 9999))
def test_one_wrong_digit_in_a_siret_is_found_out(root: int, establishment: int) -> None:
    siren = with_luhn_key(f"{root:08}")
    siret = with_luhn_key(f"{siren}{establishment:04}")
    assert NORMALISERS["siret"](siret) == siret
    for place in range(14):
        wrong = siret[:place] + str((int(siret[place]) + 1) % 10) + siret[place + 1 :]
        with pytest.raises(ValidationError):
            NORMALISERS["siret"](wrong)


def with_luhn_key(digits: str) -> str:
    doubled = [int(digit) * (2 if i % 2 == 0 else 1) for i, digit in enumerate(reversed(digits))]
    return digits + str(-sum(n - 9 if n > 9 else n for n in doubled) % 10)


@pytest.mark.parametrize("kind", NORMALISERS)
@pytest.mark.parametrize("text", ["1" * 10**6, " " * 10**6, "FR" + "1A" * 500_000, "\u200b" * 10**6])
def test_p41_a_megabyte_is_refused_at_once(kind: str, text: str) -> None:
    started = perf_counter()
    for check in (NORMALISERS[kind], VALIDATORS[kind]):
        with pytest.raises(ValidationError):
            check(text)
    assert perf_counter() - started < 0.05


def test_the_nomenclature_is_whole() -> None:
    assert len(NAF_REV2) == 732
    # a class is either undivided (Z) or divided (A, B...), never both
    undivided = {code[:4] for code in NAF_REV2 if code.endswith("Z")}
    assert undivided.isdisjoint({code[:4] for code in NAF_REV2 if not code.endswith("Z")})
    assert len({code[:4] for code in NAF_REV2}) == 615


@pytest.mark.parametrize("kind", VALIDATORS)
def test_a_migration_can_name_the_validator(kind: str) -> None:
    source, imports = MigrationWriter.serialize(VALIDATORS[kind])
    assert source == f"accounts.identifiers.IdentifierValidator(accounts.identifiers.normalise_{kind})"
    assert imports == {"import accounts.identifiers"}
    assert VALIDATORS[kind] == identifiers.IdentifierValidator(NORMALISERS[kind])
    assert VALIDATORS[kind] != identifiers.IdentifierValidator(str)
