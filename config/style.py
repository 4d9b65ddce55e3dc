"""The living style page: every component with invented values, on development and test machines only.

Who builds a page looks here first; the browser tests run axe on it in both themes and at both widths.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone

from workflows import charts
from workflows.autosave import conflict, saved
from workflows.components import (
    Empty,
    Event,
    Figure,
    Header,
    Link,
    NextStep,
    Progress,
    Recap,
    StateWord,
    Step,
    Tab,
)
from workflows.formats import format_money
from workflows.forms import (
    AmountField,
    DayField,
    Group,
    HouseForm,
    InstantField,
    LongTextField,
    PercentField,
    VerbForm,
)
from workflows.listing import Bulk, Column, Filter, FilterForm, ListPage
from workflows.models import DocumentVersion, ScanState

SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class ExampleForm(VerbForm):
    """One field of each kind."""

    submit_label = "Demander les pièces manquantes"
    cancel_url = "/style/"

    title = forms.CharField(
        label="Intitulé du projet", max_length=120, help_text="Tel qu'il figurera dans la convention."
    )
    axis = forms.ChoiceField(label="Axe du Pacte", choices=[("", "Choisir…"), ("1", "Axe 1"), ("2", "Axe 2")])
    summary = LongTextField(label="Résumé", max_length=400)
    amount = AmountField(label="Montant demandé", help_text="En euros, hors taxes si vous récupérez la TVA.")
    rate = PercentField(label="Taux d'intervention", required=False)
    due = DayField(label="Date limite de réponse")
    closes_at = InstantField(label="Clôture du dépôt", required=False)
    opinion = forms.ChoiceField(
        label="Avis", widget=forms.RadioSelect, choices=[("yes", "Favorable"), ("no", "Défavorable")]
    )
    publics = forms.MultipleChoiceField(
        label="Publics visés",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("jobseekers", "Demandeurs d'emploi"), ("young", "Jeunes de 16 à 25 ans")],
    )
    piece = forms.FileField(label="Pièce jointe", required=False, help_text="PDF, 10 Mo au plus.")
    attest = forms.BooleanField(label="J'atteste l'exactitude des informations fournies.")

    def layout(self) -> Any:
        """Amounts and dates under one legend."""
        layout = super().layout()
        layout.fields[5:8] = [
            Group("Montants et dates", "amount", "rate", "due", hint="Ce qui engage la Région.")
        ]
        return layout


class ExampleFilters(FilterForm):
    """A filter bound to the address."""

    lookups = {"app": "content_type__app_label"}
    app = forms.ChoiceField(
        label="Application",
        required=False,
        choices=[("", "Toutes"), ("auth", "auth"), ("workflows", "workflows"), ("accounts", "accounts")],
    )


class ExampleList(ListPage):
    """A list of rows that exist on any machine."""

    name = "example"
    caption = "Dossiers"
    columns = [
        Column(
            "Référence", "codename", sort="codename", link=lambda row: f"/style/?row={row.pk}", heading=True
        ),
        Column("Intitulé", "name", sort="name"),
        Column("Montant", lambda row: Decimal(row.pk * 1234) + Decimal("0.5"), kind="money", sort="pk"),
        Column("Échéance", lambda row: timezone.localdate() + timedelta(days=row.pk % 9 - 3), kind="due"),
        Column(
            "État",
            lambda row: (
                StateWord("Favorable", "success") if row.pk % 2 else StateWord("En cours", "info", "clock")
            ),
            kind="state",
        ),
    ]
    tabs = [
        Filter("all", "Tous"),
        Filter("view", "À examiner", Q(codename__startswith="view_")),
        Filter("none", "En retard", Q(codename="")),
    ]
    filters = ExampleFilters
    search = ["codename", "name"]
    order = ["codename"]
    bulk = [
        Bulk("Affecter les dossiers choisis", "/style/"),
        Bulk("Rejeter les dossiers choisis", "/style/", "danger"),
    ]
    empty = Empty("Aucun dossier déposé", "Les dossiers apparaissent ici dès leur dépôt.")


def components() -> dict[str, Any]:
    """One value of each component."""
    now = timezone.now()
    today = timezone.localdate(now)
    clean = DocumentVersion(
        name="Statuts signés de l'association – version consolidée.pdf",
        size=1_234_567,
        sha256=SHA256,
        content_type="application/pdf",
        scan=ScanState.CLEAN,
    )
    return {
        "header": Header(
            "Parcours passerelle vers les métiers du soin",
            lead="GRETA-CFA Alpha · Appel à projets « Attractivité des métiers »",
            reference="ALPHA-2026-0042",
            badges=[StateWord("En cours d'examen", "info", "clock")],
            facts=[
                f"Montant demandé : {format_money(Decimal('84250.00'))}",
                "Réponse attendue avant le 28/11/2026",
            ],
            actions=[
                Link("Écrire au porteur", "/style/", "message"),
                Link("Déclarer recevable", "/style/", "check", primary=True),
            ],
        ),
        "crumbs": [Link("Accueil", "/"), Link("Dossiers", "/style/")],
        "states": [
            StateWord("Brouillon"),
            StateWord("En cours d'examen", "info", "clock"),
            StateWord("Retenu", "success"),
            StateWord("Il manque 2 pièces", "warning"),
            StateWord("Non retenu", "danger"),
        ],
        "today": today,
        "dates": [today + timedelta(days=n) for n in (-2, 0, 1, 3, 40)],
        "now": now,
        "closes_at": now + timedelta(hours=5, minutes=12),
        "amount": Decimal("1234.5"),
        "next_step": NextStep(
            "Vérifier la complétude du dossier",
            who="Service formation, Claire Dumas",
            due=today + timedelta(days=2),
            detail="Le délai légal est suspendu depuis la demande de pièces du 12/11/2026.",
            action=Link("Vérifier les pièces", "/style/", "file-check"),
            mine=True,
        ),
        "tabs": [
            Tab("Candidature", "/style/", active=True),
            Tab("Pièces", "/style/", count=12),
            Tab("Avis", "/style/", count=3),
            Tab("Journal", "/style/"),
        ],
        "steps": [
            Step("Porteur et partenaires", "done", "complété", "/style/"),
            Step("Projet", "current", "3 champs à remplir", "/style/", active=True),
            Step("Budget", "problem", "le plan n'est pas équilibré", "/style/"),
            Step("Pièces", "todo", "il manque 2 pièces", "/style/"),
        ],
        "stages": [
            Step("Dépôt", "done", "12/11/2026"),
            Step("Recevabilité", "done", "18/11/2026"),
            Step("Avis des collèges", "current", "2 avis sur 4", active=True),
            Step("COPAREF"),
            Step("Vote"),
            Step("Convention"),
        ],
        "facts": [
            ("Organisme", "GRETA-CFA Alpha"),
            ("SIRET", "130 025 265 00013"),
            ("Montant demandé", format_money(Decimal("84250.00"))),
        ],
        "events": [
            Event(
                "Avis du collège des employeurs rendu",
                now,
                "Jean Morel, siège titulaire",
                reasons="Favorable avec réserves.\nLe calendrier est serré.",
                tone="success",
                number=12,
                details=[("Avis", "favorable avec réserves"), ("Empreinte", SHA256)],
            ),
            Event(
                "Pièces demandées",
                now - timedelta(days=9),
                "Claire Dumas",
                tone="warning",
                icon="mail",
                number=11,
            ),
            Event(
                "Dossier déposé", now - timedelta(days=14), "Ada Lemoine", tone="info", icon="send", number=10
            ),
        ],
        "files": [
            clean,
            DocumentVersion(
                name="budget.xlsx",
                size=48_200,
                sha256=SHA256,
                content_type="application/zip",
                scan=ScanState.PENDING,
            ),
        ],
        "progress": Progress("Envoi des courriers", 37, 120, "/style/progress/"),
        "recap": Recap(
            [("Décision", "Recevable"), ("Motif", "Toutes les pièces sont conformes.")],
            consequences=[
                "Le porteur reçoit un courriel.",
                "Les quatre collèges sont saisis jusqu'au 15/12/2026.",
            ],
            others=["Un siège de chaque collège rend un avis."],
            irreversible=True,
        ),
        "figures": [
            Figure("Dossiers déposés", "62", "sur 3 appels", "/style/"),
            Figure(
                "Montant demandé", format_money(Decimal("4812350.00")), "enveloppe : 3 000 000 €", "/style/"
            ),
            Figure("Délai moyen", "41 jours", "du dépôt à la décision"),
        ],
        "empty": Empty(
            "Aucun dossier en cours",
            "Trois appels sont ouverts jusqu'au 15 décembre.",
            Link("Voir les appels ouverts", "/style/", "calendar"),
        ),
        "funnel": charts.funnel(
            "Parcours des dossiers",
            [
                charts.Bar(label, n, "/style/")
                for label, n in (("Déposés", 62), ("Recevables", 51), ("Retenus", 18))
            ],
            head="Étape",
            value_head="Dossiers",
        ),
        "bars": charts.bars(
            "Montants demandés par axe",
            [
                charts.Bar(
                    "Axe 1 – Élever le niveau de qualification des demandeurs d'emploi", Decimal("1830000")
                ),
                charts.Bar("Axe 2 – Attractivité des métiers en tension", Decimal("942500.50")),
                charts.Bar("Axe 3 – Innovation pédagogique", Decimal(0)),
            ],
            head="Axe",
            value_head="Montant",
            unit=format_money,
        ),
        "stacked": charts.stacked(
            "Avis rendus par collège",
            ["Favorable", "Avec réserves", "Défavorable", "Non rendu"],
            [("État", [12, 4, 2, 1]), ("Région", [14, 3, 2, 0]), ("Employeurs", [9, 6, 1, 3])],
            head="Collège",
        ),
        "lines": charts.lines(
            "Délai médian d'instruction",
            ["janv.", "févr.", "mars", "avril", "mai", "juin"],
            [("Recevabilité", [12, 14, 9, 8, 11, 7]), ("Avis", [31, 28, 33, None, 25, 24])],
            head="Mois",
            unit=lambda value: f"{charts.plain(value)} j",
        ),
    }


@login_not_required
def style(request: HttpRequest) -> HttpResponseBase:
    """Every component on one page; posting shows the form with its errors."""
    form = ExampleForm(request.POST or None, request.FILES or None)
    listing = ExampleList(request, Permission.objects.all())
    return listing.render("style.html", {"form": form, **components()})


class ExampleDraft(HouseForm):
    """A section of a draft, saved while it is typed."""

    summary = LongTextField(label="Résumé du projet", max_length=2000, required=False)
    partners = forms.BooleanField(label="Le projet a des partenaires", required=False)


@login_not_required
def draft(request: HttpRequest) -> HttpResponseBase:
    """A draft kept in the cache; autosave posts here, another tab too."""
    kept = cache.get("style-draft", {"version": 1, "summary": ""})
    if request.method == "POST":
        if request.POST.get("version") != str(kept["version"]):
            return conflict("Claire Dumas", timezone.now(), "/style/draft/")
        kept = {"version": kept["version"] + 1, "summary": request.POST.get("summary", "")}
        cache.set("style-draft", kept)
        return saved(kept["version"], timezone.now())
    form = ExampleDraft(initial={"summary": kept["summary"]})
    return render(request, "style_draft.html", {"form": form, "version": kept["version"], "saved_at": None})


@login_not_required
def progress(request: HttpRequest) -> HttpResponseBase:
    """Long work that goes a third further each time it is asked."""
    done = min(cache.get("style-progress", 0) + 40, 120)
    cache.set("style-progress", done % 120)
    item = Progress("Envoi des courriers", done, 120, "/style/progress/")
    return render(request, "components/progress.html", {"item": item})


urlpatterns: list[URLPattern] = [
    path("", style, name="style"),
    path("draft/", draft, name="style_draft"),
    path("progress/", progress, name="style_progress"),
]
