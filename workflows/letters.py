"""What each PDF template needs: read from the top of the template itself, checked before anything is typeset.

A template (templates/letters/<name>.typ) opens with a comment that is both its manual and its contract:

    // Demande de pièces complémentaires
    // Includes: _letter, _remedies
    //   dossier.reference          number of the dossier
    //   pieces[+].label            at least one piece; each has a name
    //   pieces[+].note?            may be missing or empty
    //   pieces[+].blocking:flag    true or false; missing is false
    //   conditions[]               list of texts, may be empty
    //   aid?.amount                the whole group may be missing; if it is there, it is complete

so nothing that the law wants in a letter can be forgotten by whoever fills it, and a key written wrongly is
told.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "letters"

NAME = re.compile(r"[a-z][a-z_]*")
LINE = re.compile(r"//   (\S+) +\S.*")
STEP = re.compile(r"([a-z][a-z0-9_]*)(\[\+?\])?(\?|:flag)?")


class PdfError(Exception):
    """A document cannot be made: unknown template, data missing or unknown, or out of its limits."""


@dataclass
class Need:
    """One key of a contract: a text, a flag, or (with `keys`) a group; or a list of those."""

    optional: bool = False
    flag: bool = False
    many: bool = False
    at_least: int = 0
    keys: dict[str, "Need"] = field(default_factory=dict)


@cache
def names() -> tuple[str, ...]:
    """The documents that can be made, in alphabetical order (files that start with "_" are shared parts)."""
    return tuple(sorted(path.stem for path in FOLDER.glob("[!_]*.typ")))


@cache
def title(template: str) -> str:
    """The French name of a document: the first line of its file."""
    return _opening(template)[0].removeprefix("//").strip()


@cache
def contract(template: str) -> Need:
    """What a template needs, its shared parts included. Raises PdfError for a name that is no template."""
    if not NAME.fullmatch(template) or template not in names():
        raise PdfError(f"no such letter template: {template!r}")
    whole = Need()
    _read(template, whole)
    return whole


def complete(template: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a document, checked against its contract and with what is optional filled in.

    A missing optional text becomes "", a list (), a flag False, a group None. Raises PdfError that names
    every key which is missing, unknown or of the wrong kind.
    """
    faults: list[str] = []
    filled = _fill(contract(template), data, "", faults)
    if faults:
        raise PdfError(f"{template}: " + "; ".join(faults))
    assert isinstance(filled, dict)
    return filled


def _opening(file: str) -> list[str]:
    lines = (FOLDER / f"{file}.typ").read_text(encoding="utf-8").splitlines()
    return lines[: next(i for i, line in enumerate(lines) if not line.startswith("//"))]


def _read(file: str, whole: Need) -> None:
    for line in _opening(file):
        if line.startswith("// Includes:"):
            for part in line.removeprefix("// Includes:").split(","):
                _read(part.strip(), whole)
        elif match := LINE.fullmatch(line):
            need = whole
            for step in match[1].split("."):
                found = STEP.fullmatch(step)
                if not found:
                    raise PdfError(f"{file}.typ: cannot read {match[1]!r}")
                name, many, mark = found.groups()
                need = need.keys.setdefault(name, Need())
                need.many |= many is not None
                need.at_least = max(need.at_least, 1 if many == "[+]" else 0)
                need.optional |= mark == "?"
                need.flag |= mark == ":flag"


def _fill(need: Need, value: Any, path: str, faults: list[str]) -> Any:
    if need.many:
        return _fill_list(need, value, path, faults)
    if need.keys:
        if value is None and need.optional:
            return None
        if not isinstance(value, Mapping):
            faults.append(f"{path} is missing" if value is None else f"{path} must be a group of keys")
            return None
        faults.extend(f"{_join(path, str(key))} is unknown" for key in value if key not in need.keys)
        return {key: _fill(sub, value.get(key), _join(path, key), faults) for key, sub in need.keys.items()}
    if need.flag:
        if value not in (None, True, False):
            faults.append(f"{path} must be true or false")
        return bool(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is not None and not isinstance(value, str):
        faults.append(f"{path} must be a text, formatted before it comes here")
    elif not need.optional and not (value or "").strip():
        faults.append(f"{path} is missing")
    return value or ""


def _fill_list(need: Need, value: Any, path: str, faults: list[str]) -> list[Any]:
    if value is None:
        value = ()
    if isinstance(value, str) or not isinstance(value, Sequence):
        faults.append(f"{path} must be a list")
        return []
    if len(value) < need.at_least:
        faults.append(f"{path} needs at least {need.at_least}")
    one = Need(keys=need.keys, flag=need.flag)
    return [_fill(one, item, f"{path}[{rank}]", faults) for rank, item in enumerate(value)]


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
