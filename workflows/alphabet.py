"""Names in the order of a French dictionary, whatever collations the database was built with.

PostgreSQL without ICU sorts by code: "Élan" would come after "Zèbre". Names are therefore compared by a key of plain small
letters, the same one in the database and in Python.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import F, Func, Model, QuerySet, Value
from django.db.models.functions import Collate, Lower, Replace

M = TypeVar("M", bound=Model)


def _plain_letters() -> dict[str, str]:
    """Each accented Latin letter and the plain one that it is sorted as."""
    found = {}
    for code in range(0xC0, 0x180):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii():
            found[chr(code)] = base
    return found


PLAIN = _plain_letters()
JOINED = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"}
_TABLE = str.maketrans(PLAIN | JOINED)

#: The last part of an ORM path that names somebody or something, and is sorted as a dictionary does.
NAMES = frozenset({"name", "title", "label", "last_name", "first_name"})


def sort_key(text: Any) -> tuple[str, str]:
    """The key by which a name is sorted: plain small letters first, then the name itself."""
    written = unicodedata.normalize("NFC", str(text))
    return written.translate(_TABLE).lower(), written


def plain(path: str) -> Any:
    """The same key as an expression of the database, for the ORM path of a text."""
    letters: Any = F(path)
    for joined, parted in JOINED.items():
        letters = Replace(letters, Value(joined), Value(parted))
    letters = Func(letters, Value("".join(PLAIN)), Value("".join(PLAIN.values())), function="TRANSLATE")
    return Collate(Lower(letters), "C")


def ordering(paths: Sequence[str], *, down: bool = False) -> list[Any]:
    """ORM paths as the terms of an ``order_by``: names by their key; what is empty comes last. A ``-`` turns one around."""
    terms = []
    for path in paths:
        field = path.removeprefix("-")
        by = plain(field) if field.rsplit("__", 1)[-1] in NAMES else F(field)
        falls = down != path.startswith("-")
        terms.append(by.desc(nulls_last=True) if falls else by.asc(nulls_last=True))
    return terms


def in_alphabet(rows: QuerySet[M], *paths: str) -> QuerySet[M]:
    """The rows by the names at ``paths``, in a stable order."""
    return rows.order_by(*ordering(paths), "pk")
