"""The French catalogue: what is extracted, what a check refuses."""

import gettext
import json
from pathlib import Path

import pytest

from config import translations

TEMPLATE = """{% load i18n %}
{% translate "It's 100%" context "menu" %} {{ _("plain")|upper }} {{ none|default:_("fallback") }}
{% if a == _("compared") %}{% for b in c %}{% translate "inside" %}{% empty %}{% translate "empty" %}{% endfor %}
{% endif %}{% comment %}{% translate "commented out" %}{% endcomment %}
{% blocktranslate count n=n trimmed %}
  one file of {{ name }}
{% plural %}
  {{ n }} files of {{ name }}
{% endblocktranslate %}
"""
SOURCE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext_lazy
A = _("A long sentence "
      "on two lines")
B = ngettext("one day", "%(n)s days", 2)
C = pgettext_lazy("verb", "Open")
"""
FRENCH = {
    "menu\x04It's 100%%": "C’est 100 %%",
    "plain": "simple",
    "fallback": "à défaut",
    "compared": "comparé",
    "inside": "dedans",
    "empty": "vide",
    "one file of %(name)s": ["un fichier de %(name)s", "%(n)s fichiers de %(name)s"],
    "A long sentence on two lines": "Une longue phrase sur deux lignes",
    "one day": ["un jour", "%(n)s jours"],
    "verb\x04Open": "Ouvrir",
}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project of its own, complete in French."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "accounts").mkdir()
    (tmp_path / "accounts" / "code.py").write_text(SOURCE)
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "LOCALE", tmp_path / "locale")
    monkeypatch.setattr(translations, "PO", tmp_path / "locale" / "fr" / "LC_MESSAGES" / "django.po")
    assert merge(tmp_path, FRENCH) == []
    return tmp_path


def merge(house: Path, fragment: dict[str, object]) -> list[str]:
    path = house / "fragment.json"
    path.write_text(json.dumps(fragment))
    return translations.update([path])


def test_every_string_is_found_and_the_complete_catalogue_passes(house: Path) -> None:
    assert translations.check() == []
    found = {
        message.id if isinstance(message.id, str) else message.id[0] for message in translations.extract()
    }
    assert found - {""} == {key.rpartition("\x04")[2] for key in FRENCH}


def test_the_compiled_catalogue_is_what_python_reads(house: Path) -> None:
    catalogue = gettext.translation("django", house / "locale", ["fr"])
    assert catalogue.gettext("plain") == "simple"
    assert catalogue.ngettext("one day", "%(n)s days", 0) == "un jour"  # French counts 0 as singular
    assert catalogue.pgettext("verb", "Open") == "Ouvrir"


def test_a_new_string_is_missing_and_a_removed_one_obsolete(house: Path) -> None:
    (house / "accounts" / "code.py").write_text(SOURCE.replace('"Open"', '"Close"'))
    faults = translations.check()
    assert any(fault.startswith("missing: 'Close'") for fault in faults)
    assert any(fault.startswith("obsolete: 'Open'") for fault in faults)
    assert merge(house, {"verb\x04Close": "Fermer"}) == []
    assert translations.check() == []


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("one file of %(name)s", ["un fichier de %(nom)s", "%(n)s fichiers de %(name)s"]),
        ("one file of %(name)s", ["un fichier de %(name)s", "des fichiers de %(name)s"]),
        ("plain", "simple %(x)s"),
        ("menu\x04It's 100%%", "C’est 100 %"),
    ],
)
def test_other_placeholders_are_a_fault(house: Path, key: str, wrong: object) -> None:
    assert len(merge(house, {key: wrong})) == 1  # it says that it replaces what was there
    assert [fault.split(":")[0] for fault in translations.check()] == ["placeholders differ"]


def test_a_fuzzy_string_is_a_fault(house: Path) -> None:
    text = translations.PO.read_text()
    translations.PO.write_text(text.replace('msgid "plain"', '#, fuzzy\nmsgid "plain"'))
    assert translations.check() == ["fuzzy: 'plain'"]


def test_a_fragment_tells_what_it_could_not_place(house: Path) -> None:
    assert merge(house, {"unknown": "inconnu"}) == ["fragment.json: not in the source: 'unknown'"]


def test_updating_twice_changes_nothing(house: Path) -> None:
    before = translations.PO.read_bytes()
    translations.update([])
    assert translations.PO.read_bytes() == before
