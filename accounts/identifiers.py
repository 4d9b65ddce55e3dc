"""Identifiers that French administrations give out: how they are typed, checked and stored.

`normalise_x(text)` takes what a person typed and returns the one form that is stored: no spaces (no-break
and invisible ones included), the right case. It raises `ValidationError` with a message fit to stand beside
the field, whatever the text, in a time that does not depend on its length. An empty text is refused too.

`validate_x` is the Django field validator: it accepts only the stored form, so that a column holds one
spelling.

Digits are ASCII digits: `\\d` and `int()` alone would let in those of other scripts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _
from stdnum import iban, luhn
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as StdnumError

from accounts.naf import NAF_REV2

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# INSEE codes of the Regions.
_OVERSEAS: Final = ("01", "02", "03", "04", "06")
_MAINLAND: Final = ("11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93", "94")
REGION_CODES: Final = frozenset((*_OVERSEAS, *_MAINLAND))

# Countries whose accounts a transfer in euros reaches as a domestic one (European Payments Council, list of 2025).
_SEPA: Final = re.compile(
    "AD|AL|AT|BE|BG|CH|CY|CZ|DE|DK|EE|ES|FI|FR|GB|GI|GR|HR|HU|IE|IS|IT|LI|LT|LU|LV|MC|MD|ME|MK|MT|NL|NO|PL|PT|RO|RS|SE"
    "|SI|SK|SM|VA"
)

# No identifier comes near; what is longer is refused unread.
_MAX_TYPED: Final = 64
_INVISIBLE: Final = {ord(character): None for character in "\u200b\u200e\u200f\u2060\ufeff"}

_DIGITS_4: Final = re.compile(r"\d{4}", re.ASCII)
_DIGITS_5: Final = re.compile(r"\d{5}", re.ASCII)
_DIGITS_9: Final = re.compile(r"\d{9}", re.ASCII)
_DIGITS_11: Final = re.compile(r"\d{11}", re.ASCII)
_DIGITS_14: Final = re.compile(r"\d{14}", re.ASCII)
_REGION: Final = re.compile("|".join(sorted(REGION_CODES)))
# Older ones are W and 9 digits; Corsica and overseas have a letter in third place.
_RNA: Final = re.compile(r"W\d[\dA-Z]\d{7}", re.ASCII)
_APE: Final = re.compile(r"\d{4}[A-Z]", re.ASCII)
# No 20xxx: Corsica is 2A and 2B since 1976.
_COMMUNE: Final = re.compile(r"(?:(?:0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5])\d{3}|97[1-6]\d{2})", re.ASCII)
_QPV: Final = re.compile(r"QN(?:\d{3}|02[AB])\d{2}[A-Z]|QP(?:\d{3}|02[AB])\d{3}", re.ASCII)
_RNCP: Final = re.compile(r"RNCP\d{3,5}", re.ASCII)
_RNCP_BLOC: Final = re.compile(r"RNCP\d{3,5}BC\d{1,2}", re.ASCII)
_RS: Final = re.compile(r"RS\d{1,5}", re.ASCII)
_ROME: Final = re.compile(r"[A-N]\d{4}", re.ASCII)
_NSF: Final = re.compile(r"\d{2,3}[a-z]?", re.ASCII)
_UAI: Final = re.compile(r"\d{7}[A-Z]", re.ASCII)
_IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[\dA-Z]{11,30}", re.ASCII)
_IBAN_FR: Final = re.compile(r"FR\d{12}[\dA-Z]{11}\d{2}", re.ASCII)

_UAI_KEYS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"
_LA_POSTE: Final = "356000000"

_WRONG_KEY: Final = _("This number is not valid: look for a mistyped character.")


def _canonical(
    text: str,
    pattern: re.Pattern[str],
    message: StrPromise,
    *,
    fold: Callable[[str], str] = str.upper,
    separator: str = "",
) -> str:
    if len(text) <= _MAX_TYPED:
        typed = fold("".join(text.translate(_INVISIBLE).split()).replace(separator, ""))
        if pattern.fullmatch(typed):
            return typed
    raise ValidationError(message, code="format")


def normalise_siren(text: str) -> str:
    """SIREN of a legal unit: 9 digits with a Luhn key (INSEE). `552 100 554` gives `552100554`."""
    siren = _canonical(text, _DIGITS_9, _("A SIREN has 9 digits."))
    if not _is_siren(siren):
        raise ValidationError(_WRONG_KEY, code="checksum")
    return siren


def normalise_siret(text: str) -> str:
    """SIRET of an establishment: its SIREN, then 5 digits, with a Luhn key over the 14 (INSEE).

    La Poste's (SIREN 356000000) have either that key or a sum of digits that 5 divides.
    """
    siret = _canonical(text, _DIGITS_14, _("A SIRET has 14 digits."))
    of_la_poste = siret.startswith(_LA_POSTE) and sum(map(int, siret)) % 5 == 0
    if not (_is_siren(siret[:9]) and (luhn.is_valid(siret) or of_la_poste)):
        raise ValidationError(_WRONG_KEY, code="checksum")
    return siret


def _is_siren(digits: str) -> bool:
    # Nine zeros satisfy the key and are nobody.
    return luhn.is_valid(digits) and digits.strip("0") != ""


def normalise_rna(text: str) -> str:
    """RNA (WALDEC) number of an association, as really issued: a letter may stand in third place."""
    return _canonical(text, _RNA, _("An RNA number is the letter W and 9 characters, such as W751515517."))


def normalise_ape(text: str) -> str:
    """APE code of the main activity, stored without its dot: `85.59A` gives `8559A`.

    Codes of NAF revision 2 (letters A to F and Z) must be in the nomenclature. Those of NAF 2025, in force
    from 1 January 2027, are told by their letters (G onwards, or Y) and checked by their form only.
    """
    ape = _canonical(text, _APE, _("An APE code is 4 digits and a letter, such as 85.59A."), separator=".")
    if ape[-1] in "ABCDEFZ" and ape not in NAF_REV2:
        raise ValidationError(_("This APE code is not in the list of activities (NAF)."), code="unknown")
    return ape


def normalise_legal_category(text: str) -> str:
    """INSEE legal category, level III: 4 digits, such as `9220` (registered association)."""
    return _canonical(text, _DIGITS_4, _("A legal category has 4 digits, such as 9220."))


def normalise_region_code(text: str) -> str:
    """INSEE code of a Region: 2 digits, the leading zero kept (`01` is Guadeloupe)."""
    return _canonical(text, _REGION, _("This is not the INSEE code of a Region."))


def normalise_commune(text: str) -> str:
    """INSEE code of a commune (not its postal code): `75056`, `2A004`, `97411`."""
    return _canonical(
        text, _COMMUNE, _("An INSEE commune code is the department and 3 characters, such as 75056 or 2A004.")
    )


def normalise_postal_code(text: str) -> str:
    """French postal code: 5 digits."""
    return _canonical(text, _DIGITS_5, _("A postal code has 5 digits."))


def normalise_qpv(text: str) -> str:
    """Priority neighbourhood: `QN07501M` (2024 zoning) or `QP075001` (2015 to 2023)."""
    return _canonical(
        text, _QPV, _("A priority neighbourhood code looks like QN07501M (2024) or QP075001 (before).")
    )


def normalise_rncp(text: str) -> str:
    """Certification of the national register: `RNCP34095`."""
    return _canonical(text, _RNCP, _("An RNCP code is RNCP and 3 to 5 digits, such as RNCP34095."))


def normalise_rncp_bloc(text: str) -> str:
    """Block of skills of a certification: `RNCP34095BC01`."""
    return _canonical(text, _RNCP_BLOC, _("A block of skills looks like RNCP34095BC01."))


def normalise_rs(text: str) -> str:
    """Certification of the specific register: `RS5616`."""
    return _canonical(text, _RS, _("An RS code is RS and 1 to 5 digits, such as RS5616."))


def normalise_rome(text: str) -> str:
    """Occupation (ROME): `K2111`."""
    return _canonical(text, _ROME, _("A ROME code is a letter from A to N and 4 digits, such as K2111."))


def normalise_nsf(text: str) -> str:
    """Training speciality (NSF), its letter in lower case: `333t`."""
    return _canonical(
        text, _NSF, _("An NSF code is 2 or 3 digits, sometimes with a letter, such as 333t."), fold=str.lower
    )


def normalise_formacode(text: str) -> str:
    """Training domain (Formacode): 5 digits, `44586`."""
    return _canonical(text, _DIGITS_5, _("A Formacode has 5 digits."))


def normalise_nda(text: str) -> str:
    """Activity declaration number of a training organisation (code du travail L6351-1): 11 digits."""
    return _canonical(text, _DIGITS_11, _("An activity declaration number (NDA) has 11 digits."))


def normalise_uai(text: str) -> str:
    """School or training establishment (UAI): 7 digits and a key letter, `0951099D`."""
    uai = _canonical(text, _UAI, _("A UAI number is 7 digits and a letter, such as 0951099D."))
    if uai[7] != _UAI_KEYS[int(uai[:7]) % len(_UAI_KEYS)]:
        raise ValidationError(_WRONG_KEY, code="checksum")
    return uai


def normalise_iban(text: str) -> str:
    """IBAN of a country of the single euro payments area, with its key (ISO 13616). The message never repeats it.

    Its length and structure are those of its country; of the bank inside, only a French one is read closer.
    """
    found = _canonical(text, _IBAN, _("An IBAN is two letters and 13 to 32 characters, as on bank details."))
    if not _SEPA.fullmatch(found[:2]):
        raise ValidationError(
            _("This IBAN is not of a country of the single euro payments area."), code="country"
        )
    if found.startswith("FR") and not _IBAN_FR.fullmatch(found):
        raise ValidationError(
            _("A French IBAN is FR and 25 characters, as printed on bank details."), code="format"
        )
    try:
        iban.validate(found, check_country=False)
    except InvalidChecksum as error:
        raise ValidationError(_WRONG_KEY, code="checksum") from error
    except StdnumError as error:
        raise ValidationError(
            _("This IBAN does not have the length or the form of its country’s."), code="format"
        ) from error
    return found


@deconstructible
class IdentifierValidator:
    """Django validator: the value is exactly what `normalise` makes of it.

    A wrong identifier raises the normaliser's own error; a right one in another spelling, code "spelling".
    """

    def __init__(self, normalise: Callable[[str], str]) -> None:
        self.normalise = normalise

    def __call__(self, value: str) -> None:
        """Raise `ValidationError` unless `value` is in the stored form."""
        canonical = self.normalise(value)
        if canonical != value:
            raise ValidationError(
                _("Remove the spaces and separators, and check the capital letters."), code="spelling"
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, IdentifierValidator) and self.normalise is other.normalise

    def __hash__(self) -> int:
        return hash(self.normalise)


validate_siren = IdentifierValidator(normalise_siren)
validate_siret = IdentifierValidator(normalise_siret)
validate_rna = IdentifierValidator(normalise_rna)
validate_ape = IdentifierValidator(normalise_ape)
validate_legal_category = IdentifierValidator(normalise_legal_category)
validate_region_code = IdentifierValidator(normalise_region_code)
validate_commune = IdentifierValidator(normalise_commune)
validate_postal_code = IdentifierValidator(normalise_postal_code)
validate_qpv = IdentifierValidator(normalise_qpv)
validate_rncp = IdentifierValidator(normalise_rncp)
validate_rncp_bloc = IdentifierValidator(normalise_rncp_bloc)
validate_rs = IdentifierValidator(normalise_rs)
validate_rome = IdentifierValidator(normalise_rome)
validate_nsf = IdentifierValidator(normalise_nsf)
validate_formacode = IdentifierValidator(normalise_formacode)
validate_nda = IdentifierValidator(normalise_nda)
validate_uai = IdentifierValidator(normalise_uai)
validate_iban = IdentifierValidator(normalise_iban)
