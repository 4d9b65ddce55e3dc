"""Letters and documents: nothing missing, nothing of the reader's machine, the same bytes each time (P37-P39)."""

import os
import re
import signal
from copy import deepcopy
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from tests.workflows.letter_samples import REGION, SAMPLES
from workflows import letters, pdf
from workflows.letters import FOLDER, Need, PdfError, complete, contract, names, title
from workflows.pdf import printable, render_pdf

PRODUCED_AT = datetime(2021, 6, 11, 8, 30, tzinfo=UTC)

TYPST_MARKUP = (
    '#read("/etc/passwd") #import "@preview/x:1.0.0" = titre *gras* _it_ $x^2$ @label <a> \\ `raw` // fin'
)
ODD_TEXT = "\n".join(
    [
        TYPST_MARKUP,
        "<script>alert(1)</script><img src=http://169.254.169.254/><link rel=attachment href=file:///etc/passwd>",
        "\u202ernp.exe \u200fשלום\u200e \u2067مرحبا\u2069 \u061c.",
        "Bravo 🎉👩‍🎓🇫🇷 ❤️ 漢字 \U0001f600",
        "a\x00b\x07c\x1bd\ud800e\ufffef\u2028g\r\nh\ti",
        "Z̷̧̛a̶͝l̵͘g̷͠o e\u0301 " + "\u0301" * 50,
        "\u00a0\u202f\n\n\n \n\u2003x",
    ]
)


def text_of(document: bytes) -> str:
    """The text of all pages, squeezed."""
    return squeezed("\n".join(page.extract_text() for page in PdfReader(BytesIO(document)).pages))


def squeezed(text: str) -> str:
    """A text without what line breaking moves about: spaces of every kind and hyphens."""
    return re.sub(r"[\s\u200b\u00ad\u2010-]+", "", text)


def filled(need: Need, text: str, many: int = 2, name: str = "") -> Any:
    """Data that fulfils a contract, `text` wherever a text goes."""
    if need.many:
        return [filled(Need(keys=need.keys, flag=need.flag), text, many, name) for _ in range(many)]
    if need.keys:
        return {key: filled(sub, text, many, key) for key, sub in need.keys.items()}
    if need.flag:
        return True
    return REGION["accent"] if name == "accent" else text


def bare(need: Need) -> Any:
    """The least data that fulfils a contract."""
    if need.many:
        return [bare(Need(keys=need.keys)) for _ in range(need.at_least)]
    if need.keys:
        return {
            key: bare(sub)
            for key, sub in need.keys.items()
            if not (sub.optional or sub.flag or (sub.many and not sub.at_least))
        }
    return "x"


# Every document, as a Region would send it


def test_samples_cover_every_template() -> None:
    assert set(SAMPLES) == set(names())
    assert len(names()) == 23


@pytest.mark.parametrize("template", sorted(SAMPLES))
def test_document_is_tagged_french_titled_and_archivable(template: str) -> None:
    reader = PdfReader(BytesIO(render_pdf(template, SAMPLES[template], produced_at=PRODUCED_AT)))

    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 (a PDF boolean)
    assert root["/Lang"] == "fr-FR"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert "/StructTreeRoot" in root
    assert "/Names" not in root or "/EmbeddedFiles" not in root["/Names"]
    assert "/AF" not in root
    assert reader.metadata is not None
    assert SAMPLES[template]["reference"] in (reader.metadata.title or "")
    assert reader.metadata.author == "Région Alpha"
    assert reader.metadata.creation_date == PRODUCED_AT
    xmp = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part>2<", xmp)
    assert re.search(r"pdfaid:conformance>A<", xmp)
    assert re.search(r"pdfuaid:part>1<", xmp)


@pytest.mark.parametrize("template", sorted(SAMPLES))
def test_every_page_bears_reference_and_number(template: str) -> None:
    reader = PdfReader(BytesIO(render_pdf(template, SAMPLES[template], produced_at=PRODUCED_AT)))

    total = len(reader.pages)
    for number, page in enumerate(reader.pages, start=1):
        assert f"{SAMPLES[template]['reference']}, page {number}/{total}" in re.sub(
            r"\s+", " ", page.extract_text()
        )


@pytest.mark.parametrize("template", sorted(SAMPLES))
def test_same_data_same_bytes_whatever_was_made_before(template: str) -> None:
    first = render_pdf(template, SAMPLES[template], produced_at=PRODUCED_AT)
    pdf._typesetter.stop()

    assert render_pdf(template, SAMPLES[template], produced_at=PRODUCED_AT) == first
    assert render_pdf(template, SAMPLES[template], produced_at=PRODUCED_AT.replace(year=2022)) != first


def test_tables_have_header_cells() -> None:
    reader = PdfReader(BytesIO(render_pdf("ranking", SAMPLES["ranking"], produced_at=PRODUCED_AT)))

    root: Any = reader.trailer["/Root"]
    kinds = [node["/S"] for node in structure(root["/StructTreeRoot"])]
    assert kinds.count("/TH") == 8
    assert {"/H1", "/H2", "/Table", "/TR", "/TD"} <= set(kinds)


def structure(node: Any) -> list[Any]:
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, list):
        return [found for child in node for found in structure(child)]
    if not isinstance(node, DictionaryObject):
        return []
    below = structure(node["/K"]) if "/K" in node else []
    return [node, *below] if "/S" in node else below


# What the law wants in them


@pytest.mark.parametrize(
    ("template", "mentions"),
    [
        (
            "receipt",
            [
                # R. 112-11-1: reception, service with its addresses, rejection and its date, remedies
                "Date de réception vendredi 28 mai 2021 à 17 h 00 (heure de Paris, UTC+2)",
                "Service Pacte et innovation dans la formation",
                "pacte@region-alpha.example",
                "02 99 00 00 00",
                "1 place de la Région",
                "elle sera réputée rejetée le mercredi 28 juillet 2021, sous réserve que le dossier soit complet",
                "Voies et délais de recours",
                "dans un délai de deux mois à compter du jour où il naît",
                "tribunal administratif de Rennes",
                "recours gracieux",
            ],
        ),
        (
            "missing_pieces",
            [
                "Budget prévisionnel par année",
                "Article 7.3 du règlement de l’appel",
                "au plus tard le mercredi 23 juin 2021",
                "est suspendu pendant le temps qui vous est laissé",
                "la suspension prend fin le jour où vous les produisez",
                "réputée rejetée le jeudi 12 août 2021",
                "L. 114-5-1",
                "R. 112-11-4",
            ],
        ),
        ("inadmissible", ["déclarée irrecevable", "Motif", "Règle", "Constat", "Voies et délais de recours"]),
        ("ineligible", ["conditions d’éligibilité", "Voies et délais de recours"]),
        (
            "award",
            [
                "délibération n° 21_0204_05 du 8 novembre 2021",
                "110 000,00 €",
                "article 10 de la loi n° 2000-321 du 12 avril 2000",
                "de minimis",
                "Voies et délais de recours",
            ],
        ),
        ("refusal", ["n’a pas retenu ce projet", "L. 311-2", "Voies et délais de recours"]),
        ("reserve_list", ["liste complémentaire", "jeudi 30 juin 2022", "Voies et délais de recours"]),
        ("convocation", ["sans condition de quorum", "Ordre du jour", "R. 133-12", "Préfet de région"]),
        ("opinions_record", ["Quorum", "Déports", "Désaccords inscrits", "L. 311-2", "Règle de synthèse"]),
        ("coparef_opinion", ["Avis motivé du COPAREF", "Motifs", "Position des collèges", "consultatif"]),
        ("ranking", ["Enveloppe 4 000 000,00 €", "Départage", "Liste complémentaire", "330 000,00 €"]),
        ("deliberation_annex", ["Annexe à la délibération n° 21_0204_05", "ont quitté la salle"]),
        (
            "contract",
            [
                "n° SIRET 233 500 016 00040",
                "Vu la délibération n° 21_0204_05",
                "Article 1 – Objet",
                "Article 3 – Litiges",
                "Annexe 1 – Fiche du projet",
                "Annexe 2 – Plan de financement par année",
                "Annexe 3 – Indicateurs et calendrier des bilans",
                "Annexe 4 – Échéancier de versement",
                "Empreinte SHA-256 du document signé",
                "Président du conseil régional",
            ],
        ),
        ("amendment", ["Avenant n° 1", "Avant", "Après", "restent applicables"]),
        ("service_done", ["n’ayant pas moi-même proposé ce paiement", "je certifie que le service est fait"]),
        (
            "payment_statement",
            ["Somme à payer 17 000,09 €", "payeur régional d’Alpha", "Pièces justificatives"],
        ),
        ("report_reminder", ["première relance", "mardi 31 janvier 2023", "est suspendu"]),
        ("formal_notice", ["Je vous mets en demeure", "L. 122-1", "vendredi 31 mars 2023"]),
        ("recovery_notice", ["Aucune décision n’est prise", "L. 121-1", "L. 122-2", "lundi 2 décembre 2024"]),
        (
            "recovery_decision",
            ["Vos observations", "L. 242-2", "titre de recettes", "Voies et délais de recours"],
        ),
        ("closure", ["J’atteste", "105 000,09 €", "samedi 9 décembre 2034"]),
        ("call_text", ["heure de réception", "éliminatoire", "Texte figé à la publication"]),
        ("dossier_print", ["Sans réponse", "253 000,00 €", "Pièces jointes", "statuts-2019.pdf"]),
    ],
)
def test_document_says_what_it_must(template: str, mentions: list[str]) -> None:
    text = text_of(render_pdf(template, SAMPLES[template], produced_at=PRODUCED_AT))

    assert [mention for mention in mentions if squeezed(mention) not in text] == []


def test_letter_shows_the_signatory_and_why_there_is_no_signature() -> None:
    text = text_of(render_pdf("refusal", SAMPLES["refusal"], produced_at=PRODUCED_AT))

    assert squeezed("Anne-Gaëlle Le Goff") in text
    assert squeezed("Directrice de la formation professionnelle") in text
    assert squeezed("L. 212-2, 1°") in text
    on_paper = SAMPLES["refusal"] | {"by_portal": False}
    assert squeezed("L. 212-2") not in text_of(render_pdf("refusal", on_paper, produced_at=PRODUCED_AT))


def test_draft_says_that_it_is_one() -> None:
    assert "PROJET" not in text_of(render_pdf("award", SAMPLES["award"], produced_at=PRODUCED_AT))
    draft = SAMPLES["award"] | {"draft": True}
    assert squeezed("PROJET, sans valeur juridique") in text_of(
        render_pdf("award", draft, produced_at=PRODUCED_AT)
    )


def test_missing_pieces_that_are_not_indispensable_do_not_stop_the_clock() -> None:
    data = deepcopy(SAMPLES["missing_pieces"])
    data["pieces"] = [piece | {"indispensable": False} for piece in data["pieces"]]

    text = text_of(render_pdf("missing_pieces", data, produced_at=PRODUCED_AT))

    assert squeezed("le délai n’est pas suspendu") in text
    assert squeezed("la suspension prend fin") not in text


# Contracts of data


@pytest.mark.parametrize("template", names())
def test_least_data_is_enough(template: str) -> None:
    assert render_pdf(template, bare(contract(template)), produced_at=PRODUCED_AT).startswith(b"%PDF-1.7")


def required_leaves(need: Need, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if need.optional or need.flag or (need.many and not need.at_least):
        return []
    if not need.keys:
        return [path]
    return [leaf for key, sub in need.keys.items() for leaf in required_leaves(sub, (*path, key))]


@pytest.mark.parametrize("template", names())
def test_each_missing_text_is_named(template: str) -> None:
    for path in required_leaves(contract(template)):
        data = bare(contract(template))
        place: Any = data
        for key in path[:-1]:
            place = place[key][0] if isinstance(place[key], list) else place[key]
        place[path[-1]] = [""] if isinstance(place[path[-1]], list) else " \n"
        with pytest.raises(PdfError) as refusal:
            complete(template, data)
        assert re.sub(r"\[\d+\]", "", str(refusal.value)) == f"{template}: {'.'.join(path)} is missing"


def test_what_does_not_fit_is_refused_with_every_fault() -> None:
    data = deepcopy(SAMPLES["receipt"])
    del data["service"]["phone"]
    data["implicit_rejection_on"] = ""
    data["pieces"][1]["labell"] = "x"
    data["dossier"] = "PRIC"
    data["recipient"]["name"] = 3.5
    data["by_portal"] = "yes"
    data["signatories"] = []
    data["next_steps"] = "x"

    with pytest.raises(PdfError) as refusal:
        complete("receipt", data)

    assert sorted(str(refusal.value).removeprefix("receipt: ").split("; ")) == sorted(
        [
            "service.phone is missing",
            "implicit_rejection_on is missing",
            "pieces[1].labell is unknown",
            "dossier must be a group of keys",
            "recipient.name must be a text, formatted before it comes here",
            "by_portal must be true or false",
            "signatories needs at least 1",
            "next_steps must be a list",
        ]
    )


def test_group_may_be_missing_but_not_half_there() -> None:
    award = {key: value for key, value in SAMPLES["award"].items() if key != "de_minimis"}
    assert complete("award", award)["de_minimis"] is None

    with pytest.raises(PdfError, match=r"award: de_minimis\.amount is missing"):
        complete("award", award | {"de_minimis": {"regulation": "règlement"}})


@pytest.mark.parametrize(
    "name", ["", "unknown", "_letter", "../letters/receipt", "receipt.typ", "receipt\n", "/etc/passwd"]
)
def test_unknown_template_is_refused(name: str) -> None:
    with pytest.raises(PdfError, match="no such letter template"):
        render_pdf(name, {}, produced_at=PRODUCED_AT)


def test_titles_are_the_french_names() -> None:
    assert title("receipt") == "Accusé de réception électronique"
    assert title("recovery_notice") == "Lettre contradictoire avant reversement"


def test_contract_that_cannot_be_read_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "odd.typ").write_text("// Titre\n//   Name-1  what\n\nx")
    monkeypatch.setattr(letters, "FOLDER", tmp_path)
    with pytest.raises(PdfError, match="cannot read 'Name-1'"):
        letters._read("odd", Need())


# Hostile data (P37, P38, P39)


@pytest.mark.parametrize("template", names())
def test_p39_hostile_text_is_only_text(template: str) -> None:
    document = render_pdf(template, filled(contract(template), ODD_TEXT), produced_at=PRODUCED_AT)

    reader = PdfReader(BytesIO(document))
    text = "".join(page.extract_text() for page in reader.pages)
    assert "root:x:0" not in text
    assert '#read("/etc/passwd")' in text
    assert not any("/Annots" in page for page in reader.pages), "a link or an attachment came out of data"


@pytest.mark.parametrize("template", names())
@pytest.mark.parametrize(
    "text", ["W" * 1500, "\n".join(f"ligne {rank}" for rank in range(300))], ids=["word", "lines"]
)
def test_text_out_of_proportion_is_laid_out(template: str, text: str) -> None:
    document = render_pdf(template, filled(contract(template), text, many=1), produced_at=PRODUCED_AT)

    assert document.startswith(b"%PDF")


def test_p38_markup_is_shown_as_typed() -> None:
    data = SAMPLES["refusal"] | {"reasons": [TYPST_MARKUP]}

    assert squeezed(TYPST_MARKUP) in text_of(render_pdf("refusal", data, produced_at=PRODUCED_AT))


def test_accent_colour_of_the_region_cannot_be_code() -> None:
    data = SAMPLES["refusal"] | {"region": REGION | {"accent": '#000") + read("/etc/passwd'}}
    with pytest.raises(PdfError, match="refusal: error"):
        render_pdf("refusal", data, produced_at=PRODUCED_AT)


@pytest.mark.parametrize("path", ["/etc/passwd", "../../pyproject.toml", "/../../pyproject.toml"])
def test_p39_not_even_a_template_reads_outside_its_folder(path: str, tmp_path: Path) -> None:
    assert (FOLDER.parent.parent / "pyproject.toml").exists()
    folder = tmp_path / "letters"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("s3cret")
    (folder / "spy.typ").write_text(f'#set document(title: "x")\n#read("{path}") #read("../secret.txt")')
    typesetter = pdf._Typesetter(folder)
    try:
        with pytest.raises(
            PdfError, match=r"spy: error: (file not found|path .* would escape the project root)"
        ):
            typesetter.make({"template": "spy", "data": {}, "timestamp": 0})
    finally:
        typesetter.stop()


def test_p39_a_package_is_never_downloaded(tmp_path: Path) -> None:
    (tmp_path / "spy.typ").write_text('#import "@preview/cetz:0.3.0": *')
    typesetter = pdf._Typesetter(tmp_path)
    try:
        with pytest.raises(PdfError) as refusal:
            typesetter.make({"template": "spy", "data": {}, "timestamp": 0})
    finally:
        typesetter.stop()
    assert list(tmp_path.iterdir()) == [tmp_path / "spy.typ"]
    assert "package" in str(refusal.value)


def test_p39_the_typesetter_holds_no_socket_and_no_secret() -> None:
    render_pdf("refusal", SAMPLES["refusal"], produced_at=PRODUCED_AT)
    process = pdf._typesetter._process
    assert process is not None

    opened = [os.readlink(entry) for entry in Path(f"/proc/{process.pid}/fd").iterdir()]
    assert [name for name in opened if name.startswith("socket:")] == []
    assert Path(f"/proc/{process.pid}/environ").read_bytes() == b"RAYON_NUM_THREADS=1\0MALLOC_ARENA_MAX=1\0"
    limits = Path(f"/proc/{process.pid}/limits").read_text()
    assert re.search(rf"Max address space +{pdf.MEMORY} ", limits)
    assert re.search(r"Max file size +0 ", limits)


# What can be printed


def test_every_character_said_to_be_shown_is_shown() -> None:
    shown = [chr(code) for code in range(0x20, 0x10000) if printable(chr(code)) == chr(code)]
    assert len(shown) > 2500
    lines = "\n".join(" ".join(shown[start : start + 60]) for start in range(0, len(shown), 60))
    data = SAMPLES["refusal"] | {"reasons": [lines]}

    text = text_of(render_pdf("refusal", data, produced_at=PRODUCED_AT))

    for wanted in "éèêëàâùûüïîôœŒæçÉÈÀÇŸ«»–—’‘“”…€§°²№ŁőțșđþßΩжд":
        assert wanted in text


@settings(max_examples=30, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_can_be_printed(text: str) -> None:
    data = SAMPLES["refusal"] | {"reasons": [f"Voici {text} fin"]}

    assert "fin" in text_of(render_pdf("refusal", data, produced_at=PRODUCED_AT))


def test_what_cannot_be_shown_leaves_a_visible_hole() -> None:
    assert printable("Bravo 🎉👩‍🎓 漢字 !") == "Bravo □ □\xa0!"
    assert printable("\u202eabc\u202c\x00d\u00ade") == "abcde"
    assert printable("e\u0301le\u0300ve\r\nsuite\ttab") == "élève\nsuite tab"


def test_typography_of_amounts_and_dates_survives() -> None:
    text = (
        PdfReader(BytesIO(render_pdf("award", SAMPLES["award"], produced_at=PRODUCED_AT)))
        .pages[0]
        .extract_text()
    )

    assert "110\u202f000,00\u00a0€" in text.replace("\n", "")


def test_sha256_can_be_copied_whole() -> None:
    data = SAMPLES["receipt"]
    pages = PdfReader(BytesIO(render_pdf("receipt", data, produced_at=PRODUCED_AT))).pages

    text = "\n".join(page.extract_text() for page in pages)
    assert [piece["sha256"] in text for piece in data["pieces"]] == [True, True]


# Limits


def test_p39_a_document_out_of_proportion_is_refused_and_the_next_one_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = SAMPLES["refusal"] | {"reasons": ["x" * (pdf.DATA_MOST + 1)]}
    with pytest.raises(PdfError, match=r"refusal: [0-9]+ bytes of data, more than 2000000"):
        render_pdf("refusal", data, produced_at=PRODUCED_AT)

    pdf._typesetter.stop()
    monkeypatch.setattr(pdf, "MEMORY", 160 << 20)
    first = SAMPLES["ranking"]["lists"][0]
    many, far_too_many = (
        SAMPLES["ranking"] | {"lists": [first | {"rows": first["rows"] * times}]} for times in (300, 1500)
    )
    with pytest.raises(PdfError, match="ranking: too long or too large to be typeset"):
        render_pdf("ranking", far_too_many, produced_at=PRODUCED_AT)

    monkeypatch.undo()
    pdf._typesetter.stop()
    monkeypatch.setattr(pdf, "SECONDS", 0.01)
    with pytest.raises(PdfError, match="ranking: too long or too large to be typeset"):
        render_pdf("ranking", many, produced_at=PRODUCED_AT)

    monkeypatch.undo()
    assert render_pdf("ranking", many, produced_at=PRODUCED_AT).startswith(b"%PDF")


def test_a_typesetter_that_died_is_replaced() -> None:
    first = render_pdf("refusal", SAMPLES["refusal"], produced_at=PRODUCED_AT)
    process = pdf._typesetter._process
    assert process is not None
    process.kill()
    process.wait()

    assert render_pdf("refusal", SAMPLES["refusal"], produced_at=PRODUCED_AT) == first


def test_the_typesetter_is_replaced_when_it_has_used_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf._typesetter.stop()
    render_pdf("refusal", SAMPLES["refusal"], produced_at=PRODUCED_AT)
    kept = pdf._typesetter._process
    render_pdf("receipt", SAMPLES["receipt"], produced_at=PRODUCED_AT)
    assert kept is not None
    assert pdf._typesetter._process is kept

    pdf._typesetter.stop()
    monkeypatch.setattr(pdf, "SPENT", 1)
    render_pdf("refusal", SAMPLES["refusal"], produced_at=PRODUCED_AT)
    assert pdf._typesetter._process is None


def test_threads_each_get_their_own_document() -> None:
    results: dict[str, bytes] = {}

    def make(template: str) -> None:
        results[template] = render_pdf(template, SAMPLES[template], produced_at=PRODUCED_AT)

    threads = [Thread(target=make, args=(template,)) for template in sorted(SAMPLES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {
        name: render_pdf(name, data, produced_at=PRODUCED_AT) for name, data in SAMPLES.items()
    }


def test_a_fork_leaves_the_typesetter_and_its_lock_to_the_parent() -> None:
    expected = render_pdf("refusal", SAMPLES["refusal"], produced_at=PRODUCED_AT)
    kept = pdf._typesetter._process
    assert kept is not None
    read, write = os.pipe()
    with pdf._typesetter._lock:
        child = os.fork()
        if child == 0:
            signal.alarm(30)  # a lock held for ever would hang
            made = render_pdf("refusal", SAMPLES["refusal"], produced_at=PRODUCED_AT)
            own = pdf._typesetter._process
            alone = own is not None and own.pid != kept.pid
            pdf._typesetter.stop()
            os.write(write, b"same" if made == expected and alone else b"other")
            os._exit(0)
        os.close(write)
        os.waitpid(child, 0)

    with os.fdopen(read, "rb") as said:
        assert said.read() == b"same"
    assert render_pdf("refusal", SAMPLES["refusal"], produced_at=PRODUCED_AT) == expected


def test_produced_at_needs_a_zone() -> None:
    with pytest.raises(PdfError, match="time zone"):
        render_pdf("refusal", SAMPLES["refusal"], produced_at=datetime(2021, 6, 11))


def test_signs_stay_on_the_line_of_their_word() -> None:
    typed = "Le projet « Passerelles » : 20 % de 3 000 € ; dossier n° 12 ! Vraiment ?"
    kept = (
        "Le projet «\xa0Passerelles\xa0»\xa0: 20\xa0% de 3 000\xa0€\xa0; dossier n°\xa012\xa0! Vraiment\xa0?"
    )
    assert printable(typed) == kept
    assert printable({"a": [typed]}) == {"a": [kept]}
    assert printable("https://region.example/a?b=1 : c") == "https://region.example/a?b=1\xa0: c"


def test_no_letter_lets_a_sign_go_to_the_next_line() -> None:
    """What the templates say themselves: in them a no-break space is ~, or \\u{a0} within quotation marks."""
    loose = re.compile(r"« | »|(?<=[\w)é}]) [;:!?%](?=\s|$|\])|n° ")
    found = [
        f"{path.name}:{number}"
        for path in sorted(FOLDER.glob("*.typ"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if not line.startswith("//") and loose.search(line.partition(" // ")[0])
    ]
    assert found == []
