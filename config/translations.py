"""The French catalogue: extracted, merged, compiled and checked with Babel, without system gettext.

    python -m config.translations compile                  make the .mo files (part of `make setup`)
    python -m config.translations update [--merge F.json…] bring locale/fr up to date with the code
    python -m config.translations check                    fail on what is missing, fuzzy, obsolete or wrong

A fragment to merge is a JSON object, msgid → translation, or msgid → [singular, plural]; a context is put
before the msgid and an end-of-transmission character (U+0004), as gettext does it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
PO = LOCALE / "fr" / "LC_MESSAGES" / "django.po"
SOURCES = ("config", "accounts", "workflows", "calls", "reviews", "contracts", "scenario")
CONTEXT_SEPARATOR = "\x04"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|%%|\{\w*\}")
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # a date that changes at every run would make every merge a conflict


@dataclass(frozen=True)
class Found:
    """One string of the source: where it is, its forms, its context."""

    file: str
    singular: str
    plural: str = ""
    context: str | None = None

    @property
    def id(self) -> str | tuple[str, str]:
        """The key in a Babel catalogue."""
        return (self.singular, self.plural) if self.plural else self.singular


# --- Extracting ----------------------------------------------------------------------------------


def extract() -> Catalog:
    """Return every string of our Python files and templates that is marked for translation."""
    catalog = _empty()
    for found in (*_from_python(), *_from_templates()):
        known = catalog.get(found.id, context=found.context)
        # no line numbers: they would change the catalogue with every edit of the code
        locations = {*(known.locations if known else ()), (found.file, 0)}
        catalog.delete(found.id, context=found.context)
        catalog.add(found.id, locations=sorted(locations), context=found.context)
    return catalog


def _from_python() -> Iterator[Found]:
    for path in _files("*.py"):
        name = str(path.relative_to(ROOT))
        for _line, message, _comments, context in extract_from_file("python", path, keywords=KEYWORDS):
            forms = (message,) if isinstance(message, str) else tuple(message)
            yield Found(name, *forms, **({"context": context} if context else {}))


def _files(pattern: str) -> Iterator[Path]:
    for source in SOURCES:
        yield from sorted((ROOT / source).rglob(pattern))


def _from_templates() -> Iterator[Found]:
    """Ask Django's own parser, so that a key is exactly what the page will look up."""
    import django
    from django.template import engines

    django.setup()
    engine = engines["django"].engine  # type: ignore[attr-defined]
    for path in (*sorted((ROOT / "templates").rglob("*.*")), *_files("templates/**/*.*")):
        if path.suffix in {".html", ".txt", ".svg"}:
            name = str(path.relative_to(ROOT))
            template = engine.from_string(path.read_text())
            for node in _walk(template.nodelist, set()):
                yield from _from_node(name, node)


def _walk(thing: object, seen: set[int]) -> Iterator[object]:
    """Yield every part of a parsed template, however deep its tags hide them."""
    if id(thing) in seen or isinstance(thing, str | int | float | None):
        return
    seen.add(id(thing))
    if isinstance(thing, dict):
        children: Iterable[object] = thing.values()
    elif isinstance(thing, list | tuple | set):
        children = thing
    elif hasattr(thing, "render") or type(thing).__module__.split(".")[0] in {"django", *SOURCES}:
        yield thing
        names = {*getattr(thing, "__dict__", ()), *getattr(thing, "__slots__", ())}
        children = [getattr(thing, name, None) for name in sorted(names - {"parser", "origin", "token"})]
    else:
        return
    for child in children:
        yield from _walk(child, seen)


def _from_node(file: str, node: object) -> Iterator[Found]:
    from django.template.base import Variable
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode
    from django.utils.functional import Promise

    if isinstance(node, BlockTranslateNode):
        singular, _names = node.render_token_list(node.singular)
        plural = node.render_token_list(node.plural)[0] if node.plural else ""
        if node.trimmed:
            singular, plural = (" ".join(form.split()) for form in (singular, plural))
        yield Found(file, singular, plural, _constant(node.message_context))
    elif isinstance(node, TranslateNode):
        variable = node.filter_expression.var
        if isinstance(variable, Variable) and isinstance(variable.literal, str):
            yield Found(file, variable.literal.replace("%", "%%"), "", _constant(node.message_context))
    elif isinstance(node, Promise):
        # _("…") as the argument of any tag or filter: the parser has made it a lazy translation already
        yield Found(file, *node._args)  # type: ignore[attr-defined]


def _constant(expression: Any) -> str | None:
    return None if expression is None else str(expression.resolve({}))


# --- Updating and compiling ----------------------------------------------------------------------


def _empty() -> Catalog:
    return Catalog(
        locale="fr",
        project="Quadrige",
        version="",
        copyright_holder="",
        header_comment="# French translation of Quadrige, AGPL-3.0-or-later.",
        creation_date=EPOCH,
        revision_date=EPOCH,
        last_translator="",
        language_team="",
        fuzzy=False,
    )


def _read() -> Catalog:
    if not PO.exists():
        return _empty()
    with PO.open("rb") as file:
        return read_po(file, locale="fr")


def update(fragments: Sequence[Path]) -> list[str]:
    """Bring the catalogue up to date, fill it from `fragments`, and return what a person should look at."""
    old, new, remarks = _read(), extract(), []
    for message in _messages(new):
        known = old.get(message.id, context=message.context)
        if known is not None:
            message.string = known.string
    for fragment in fragments:
        remarks += _merge(new, fragment)
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, new, width=110, sort_output=True, ignore_obsolete=True, include_lineno=False)
    compile_all()
    return remarks


def _merge(catalog: Catalog, fragment: Path) -> list[str]:
    remarks = []
    for key, value in json.loads(fragment.read_text()).items():
        context, separator, text = key.rpartition(CONTEXT_SEPARATOR)
        message = catalog.get(text, context=context if separator else None)
        if message is None:
            remarks.append(f"{fragment.name}: not in the source: {text!r}")
            continue
        translation = tuple(value) if isinstance(value, list) else value
        if isinstance(translation, str) and isinstance(message.id, tuple):
            remarks.append(f"{fragment.name}: needs a singular and a plural: {text!r}")
            continue
        if isinstance(translation, tuple) and not isinstance(message.id, tuple):
            translation = translation[0]
        if any(_forms(message)) and message.string != translation:
            remarks.append(f"{fragment.name}: {text!r} was {message.string!r}, is now {translation!r}")
        message.string = translation
    return remarks


def compile_all() -> None:
    """Write a .mo file beside every .po file that is newer."""
    for source in LOCALE.rglob("*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale="fr")
        # Written beside and renamed, so that a server that starts meanwhile never reads half of it.
        unfinished = target.with_suffix(".tmp")
        with unfinished.open("wb") as file:
            write_mo(file, catalog)
        unfinished.rename(target)


# --- Checking ------------------------------------------------------------------------------------


def check() -> list[str]:
    """Return every fault of the catalogue, in words."""
    catalog, source = _read(), extract()
    faults = []
    for message in _messages(source):
        translated = catalog.get(message.id, context=message.context)
        if translated is None or not all(_forms(translated)):
            faults.append(f"missing: {_name(message)}   ({message.locations[0][0]})")
        elif translated.id != message.id:
            faults.append(f"singular or plural differs: {_name(message)}")
        elif translated.fuzzy:
            faults.append(f"fuzzy: {_name(message)}")
        else:
            faults += _placeholder_faults(translated)
    for message in _messages(catalog):
        if source.get(message.id, context=message.context) is None:
            faults.append(f"obsolete: {_name(message)}")
    return faults


def _placeholder_faults(message: Message) -> list[str]:
    """Compare placeholders form by form; a singular may leave its number out ("one file")."""
    originals = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    faults = []
    for index, form in enumerate(_forms(message)):
        expected = set(PLACEHOLDER.findall(originals[min(index, len(originals) - 1)]))
        allowed = expected.union(*(PLACEHOLDER.findall(original) for original in originals))
        given = set(PLACEHOLDER.findall(form))
        if (
            not given <= allowed
            or (len(originals) == 1 and given != expected)
            or (index and given < expected)
        ):
            faults.append(f"placeholders differ: {_name(message)} → {form!r}")
    return faults


def _messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _name(message: Message) -> str:
    text = message.id[0] if isinstance(message.id, tuple) else message.id
    return repr(text) + (f" in context {message.context!r}" if message.context else "")


def main(argv: Sequence[str]) -> int:
    """Run one of the commands in the module's docstring; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m config.translations")
    parser.add_argument("command", choices=["compile", "update", "check"])
    parser.add_argument("--merge", nargs="*", type=Path, default=[], metavar="FRAGMENT.json")
    options = parser.parse_args(argv)
    match options.command:
        case "compile":
            compile_all()
        case "update":
            for remark in update(options.merge):
                print(remark)
            print(
                f"{sum(1 for message in _messages(_read()) if not all(_forms(message)))} strings to translate"
            )
        case "check":
            faults = check()
            print("\n".join(faults) or "Every string is translated.")
            return 1 if faults else 0
    return 0


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.exit(main(sys.argv[1:]))
