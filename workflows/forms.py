"""What every form of the house is made of: fields that read French, and the form that performs a verb."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.db import models
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import User
from workflows.engine import Reason, Refused, require_right, verb
from workflows.formats import format_number

R = TypeVar("R", bound=models.Model)

# No number comes near; what is longer is refused unread (P41).
_MOST_TYPED = 64
_SPACES = dict.fromkeys(
    map(ord, " \t\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}'\N{RIGHT SINGLE QUOTATION MARK}")
)


def read_decimal(text: str) -> Decimal:
    """Read a number as people write it: ``1 234,50``, ``1234.5``, ``1.234,50``, ``1,234.50``, ``12 €``.

    The last of ``,`` and ``.`` is the decimal mark. Raises ValueError for anything else.
    """
    if len(text) > _MOST_TYPED:
        raise ValueError("not a number")
    plain = text.translate(_SPACES).removesuffix("€").removesuffix("%").replace("\N{MINUS SIGN}", "-")
    if "," in plain and "." in plain:
        thousands = "." if plain.rfind(",") > plain.rfind(".") else ","
        plain = plain.replace(thousands, "")
    plain = plain.replace(",", ".", 1)
    if not plain.isascii() or "_" in plain or "e" in plain.lower():
        raise ValueError(f"not a number: {text!r}")
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise ValueError(f"not a number: {text!r}") from error
    if not number.is_finite():
        raise ValueError(f"not a number: {text!r}")
    return number


class NumberField(forms.DecimalField):
    """A decimal number typed the French or the English way, shown back in the reader's own."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")
        self.widget.attrs["class"] = "amount"

    def to_python(self, value: Any) -> Any:
        """Read what was typed."""
        if isinstance(value, str) and value.strip():
            try:
                value = read_decimal(value.strip())
            except ValueError as error:
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Write a stored number as the reader does; leave what was typed as it is."""
        if isinstance(value, Decimal | int):
            language = "en" if (get_language() or "fr").startswith("en") else "fr"
            return format_number(value, language, decimals=self.decimal_places)  # type: ignore[arg-type]
        return value


class AmountField(NumberField):
    """An amount in euros, to the cent, never negative."""

    default_error_messages = {"invalid": _("Write an amount, for example 1 234,50.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 14, "decimal_places": 2, "min_value": Decimal(0), **kwargs})


class PercentField(NumberField):
    """A rate from 0 to 100."""

    default_error_messages = {"invalid": _("Write a rate, for example 45,5.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 5, "decimal_places": 2, "min_value": 0, "max_value": 100, **kwargs})


class DayField(forms.DateField):
    """A day, with the browser's own calendar; ``28/11/2026`` is understood as well."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y"])
        super().__init__(**kwargs)


class InstantField(forms.DateTimeField):
    """A day and an hour, in the Region's time zone."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        )
        kwargs.setdefault("input_formats", ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M"])
        super().__init__(**kwargs)


class LongTextField(forms.CharField):
    """A text of several lines. The limit is said, counted while typing, and never cuts what was typed."""

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        limit = kwargs.get("max_length", 5000)
        kwargs["max_length"] = limit
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows, "data-limit": str(limit)}))
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Leave out ``maxlength``."""
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)  # a browser would cut a pasted text in silence
        return attrs


F = TypeVar("F", bound=forms.Field)


def asked(field: F) -> F:
    """A field that the verb asks for, and of whose absence the verb itself speaks: the form does not call it optional."""
    field.required = field.widget.is_required = False
    field.must_be_answered = True  # type: ignore[attr-defined]
    return field


class Buttons:
    """The last line of a form: its submit button and its way out."""

    template = "components/form_buttons.html"

    def render(self, form: HouseForm, context: Any, template_pack: str = "", **kwargs: Any) -> str:
        """Draw the buttons that the form asks for."""
        return render_to_string(self.template, {"form": form})


class Group(LayoutObject):
    """Fields under a common legend. It is text, never a template, unlike that of crispy's fieldset (P38)."""

    template = "components/form_group.html"

    def __init__(self, legend: Any, *fields: Any, hint: Any = "") -> None:
        self.legend, self.hint, self.fields = legend, hint, list(fields)

    def render(
        self, form: forms.BaseForm, context: Any, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> str:
        """Draw the fieldset."""
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(self.template, {"legend": self.legend, "hint": self.hint, "fields": fields})


class HouseForm(forms.Form):
    """A form with its error summary on top, hint and message beside each field: ``{% crispy form %}``."""

    #: What the button says: a verb and its object.
    submit_label: Any = _("Save")
    #: ``primary``, or ``danger`` for what destroys or cannot be undone.
    submit_tone: str = "primary"
    #: Where "Cancel" leads; no link without it.
    cancel_url: str = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.cancel_url = kwargs.pop("cancel_url", self.cancel_url)
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.layout = self.layout()
        self.helper.attrs = {"novalidate": "novalidate", "data-house-form": ""}
        if self.is_multipart():
            self.helper.attrs["data-upload"] = ""  # sent with a progress bar

    def layout(self) -> Layout:
        """The fields in order, then the buttons. Override to put some under a ``Group``."""
        return Layout(*self.fields, self.buttons())

    def buttons(self) -> Buttons:
        """The submit button and the way out."""
        return Buttons()


class VerbForm(HouseForm):
    """A form that performs one verb on one object, exactly once (P09), on the page the person saw (P10).

    ``key`` makes a double click return the first outcome; ``seen`` is the last journal entry shown, so that an
    act on a stale page becomes a conflict that names who acted. Give ``case=`` when the form is shown.
    """

    #: The verb whose label the button bears, e.g. ``"workflows.send_message"``; else ``submit_label``.
    verb_name: str = ""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        case = kwargs.pop("case", None)
        self.verb_name = kwargs.pop("verb_name", self.verb_name)
        super().__init__(*args, **kwargs)
        if self.verb_name:
            self.submit_label = verb(self.verb_name).label
        if case is not None:
            self.fields["seen"].initial = case.head_seq

    @property
    def values(self) -> dict[str, Any]:
        """The cleaned values that go to the verb, without the two guards. Override to rename or compute."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("key", "seen")}

    def perform(
        self, act: Callable[..., R], subject: models.Model, *, by: User | Actor, now: datetime
    ) -> R | None:
        """Validate, then call the verb ``act``; return its row, or ``None`` with the reasons beside the fields.

        NotAllowed and Conflict go through, to the 404 and 409 pages; who has no right to the verb is told nothing of the form.
        """
        if not self.is_valid():
            require_right(act, by, now, subject)
            return None
        try:
            return act(
                subject,
                by=by,
                now=now,
                key=str(self.cleaned_data["key"]),
                seen=self.cleaned_data["seen"],
                **self.values,
            )
        except Refused as refused:
            self.add_reasons(refused.reasons)
            return None

    def add_reasons(self, reasons: list[Reason]) -> None:
        """Show why a verb was refused, each reason beside its field when the form has that field."""
        for reason in reasons:
            self.add_error(reason.field if reason.field in self.fields else None, str(reason.message))
