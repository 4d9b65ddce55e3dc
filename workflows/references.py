"""The numbers by which people call things: made once from a counter, read back from what someone typed.

| thing | form | example |
|---|---|---|
| dossier | `PRIC-{Region}-{year}-{call}-{rank}-{check}` | `PRIC-76-2026-01-00012-93` |
| call | `{kind}-{Region}-{year}-{rank}` | `AAP-76-2026-01` |
| pact | `PACTE-{Region}-{year}-{rank}` | `PACTE-76-2026-01` |
| contract | `CONV-{Region}-{year}-{rank}` | `CONV-76-2026-00007` |
| session | `SEANCE-{Region}-{year}-{rank}` | `SEANCE-76-2026-003` |

Only the dossier's carries check digits: it is the one that applicants copy by hand. Pure functions; the
counters, and the locks under which they move, belong to the callers.
"""

from __future__ import annotations

import re
from typing import Final

from stdnum.iso7064 import mod_97_10

from accounts.identifiers import REGION_CODES

CALL_KINDS: Final = frozenset({"AAP", "AMI", "EXP"})

_MAX_TYPED: Final = 64
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_DOSSIER: Final = re.compile(r"PRIC-?(\d{2})-?(\d{4})-?(\d{2})-?(\d{5})-?(\d{2})", re.ASCII)


def make_reference(region: str, year: int, call_rank: int, rank: int) -> str:
    """The number of a dossier: `rank` 1-99999 in the call, `call_rank` 1-99 and `year` those of the call.

    The check digits are those of ISO 7064 MOD 97-10 over the digits before them: any one wrong digit, and
    any two swapped neighbours, are found out. Raises ValueError for an unknown Region or a number out of
    its bounds.
    """
    fields = (
        _region(region),
        _number("year", year, 4),
        _number("call", call_rank, 2),
        _number("rank", rank, 5),
    )
    return "-".join(("PRIC", *fields, mod_97_10.calc_check_digits("".join(fields))))


def make_call_reference(kind: str, region: str, year: int, rank: int) -> str:
    """The number of a call: `kind` is AAP, AMI or EXP (experimentation), `rank` 1-99 in the Region's year.

    One series for all kinds, because a dossier number does not say the kind of its call. Raises ValueError
    for an unknown kind or Region, or a number out of its bounds.
    """
    if kind not in CALL_KINDS:
        raise ValueError(f"unknown kind of call {kind!r}")
    return f"{kind}-{_region(region)}-{_number('year', year, 4)}-{_number('rank', rank, 2)}"


def make_pact_reference(region: str, year: int, rank: int) -> str:
    """The number of a pact: `year` is its first, `rank` 1-99 among those of that year. Raises ValueError."""
    return f"PACTE-{_region(region)}-{_number('year', year, 4)}-{_number('rank', rank, 2)}"


def make_contract_reference(region: str, year: int, rank: int) -> str:
    """The number of a contract, `rank` 1-99999 in the Region's year. Raises ValueError as the others do."""
    return f"CONV-{_region(region)}-{_number('year', year, 4)}-{_number('rank', rank, 5)}"


def make_session_reference(region: str, year: int, rank: int) -> str:
    """The number of a session, `rank` 1-999 in the Region's year. Raises ValueError as the others do."""
    return f"SEANCE-{_region(region)}-{_number('year', year, 4)}-{_number('rank', rank, 3)}"


def normalise(text: str) -> str:
    """What a person typed, as a reference is written: upper case, plain hyphens, no spaces.

    A dossier number without its hyphens gets them back. Says nothing of whether the reference is right. A
    text too long to be one comes back as it is; nothing is raised.
    """
    if len(text) > _MAX_TYPED:
        return text
    typed = "".join(text.split()).translate(_DASHES).upper()
    dossier = _DOSSIER.fullmatch(typed)
    return "-".join(("PRIC", *dossier.groups())) if dossier else typed


def check_reference(text: str) -> bool:
    """Whether `text`, once normalised, is a dossier number of a known Region with the right check digits."""
    dossier = _DOSSIER.fullmatch(normalise(text))
    if dossier is None:
        return False
    return dossier[1] in REGION_CODES and mod_97_10.is_valid("".join(dossier.groups()))


def _region(code: str) -> str:
    if code not in REGION_CODES:
        raise ValueError(f"unknown Region code {code!r}")
    return code


def _number(name: str, value: int, width: int) -> str:
    if not 1 <= value < 10**width:
        raise ValueError(f"{name} is between 1 and {10**width - 1}, not {value}")
    return f"{value:0{width}}"
