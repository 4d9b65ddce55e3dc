"""Forms: numbers as people write them, one verb once, reasons beside their fields."""

from __future__ import annotations

from decimal import Decimal

import pytest
from crispy_forms.layout import Layout
from crispy_forms.utils import render_crispy_form
from django import forms
from django.utils import translation

from tests.world import NOW, World
from workflows import actions
from workflows.engine import Conflict, NotAllowed
from workflows.forms import AmountField, DayField, Group, LongTextField, VerbForm, read_decimal
from workflows.models import Case, Entry, Message


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1 234,50", "1234.50"),
        ("1 234,50 €", "1234.50"),
        ("1\N{NARROW NO-BREAK SPACE}234,50\N{NO-BREAK SPACE}€", "1234.50"),
        ("1234.5", "1234.5"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("12,5%", "12.5"),
        ("-3", "-3"),
        ("\N{MINUS SIGN}3", "-3"),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, number: str) -> None:
    assert read_decimal(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["", "abc", "1,2,3", "1e5", "NaN", "inf", "1_000", "٣", "--1", "1 2 3 x"])
def test_what_is_not_a_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        read_decimal(typed)


class Example(forms.Form):
    amount = AmountField()


@pytest.mark.parametrize("typed", ["1,234", "-1", "99999999999999", "douze"])
def test_an_amount_is_to_the_cent_and_not_negative(typed: str) -> None:
    form = Example({"amount": typed})
    assert "amount" in form.errors
    assert f'value="{typed}"' in str(form["amount"])


def test_an_amount_is_shown_as_the_reader_writes_it() -> None:
    with translation.override("fr"):
        assert 'value="1\N{NARROW NO-BREAK SPACE}234,50"' in str(
            Example(initial={"amount": Decimal("1234.5")})["amount"]
        )
    with translation.override("en"):
        assert 'value="1,234.50"' in str(Example(initial={"amount": Decimal("1234.5")})["amount"])


def test_a_day_is_read_from_the_calendar_and_from_the_keyboard() -> None:
    assert DayField().clean("2026-11-28") == DayField().clean("28/11/2026")


class MessageForm(VerbForm):
    verb_name = "workflows.send_message"
    body = LongTextField(label="Message", max_length=40, required=False, help_text="<b>gras</b>")


def posted(case: Case, body: str = "Bonjour", **more: str) -> dict[str, str]:
    form = MessageForm(case=case)
    return {"key": str(form["key"].value()), "seen": str(form["seen"].value()), "body": body, **more}


def test_p09_a_form_sent_twice_acts_once(world: World, case: Case) -> None:
    data = posted(case)
    first = MessageForm(data).perform(actions.send_message, case, by=world.officer, now=NOW)
    second = MessageForm(data).perform(actions.send_message, case, by=world.officer, now=NOW)
    assert first == second
    assert Message.objects.count() == Entry.objects.count() == 1


def test_p10_a_stale_page_is_a_conflict(world: World, case: Case) -> None:
    data = posted(case)
    MessageForm(posted(case, "Avant")).perform(actions.send_message, case, by=world.officer2, now=NOW)
    with pytest.raises(Conflict) as conflict:
        MessageForm(data).perform(actions.send_message, case, by=world.officer, now=NOW)
    assert conflict.value.entry is not None
    assert conflict.value.entry.actor == world.officer2


def test_a_refusal_is_a_message_beside_its_field(world: World, case: Case) -> None:
    form = MessageForm(posted(case, "   "))
    assert form.perform(actions.send_message, case, by=world.officer, now=NOW) is None
    assert list(form.errors) == ["body"]
    assert not Entry.objects.exists()


def test_no_right_goes_through_to_the_error_page(world: World, case: Case) -> None:
    with pytest.raises(NotAllowed):
        MessageForm(posted(case)).perform(actions.send_message, case, by=world.auditor, now=NOW)


def test_the_button_bears_the_verb_and_the_hint_is_text(world: World, case: Case) -> None:
    with translation.override("en"):
        html = render_crispy_form(MessageForm(case=case, cancel_url="/back/"))
    assert "Send the message</button>" in html
    assert 'href="/back/"' in html
    assert "&lt;b&gt;gras&lt;/b&gt;" in html
    assert 'aria-describedby="id_body_helptext"' in html


def test_an_error_is_summed_up_and_tied_to_its_field(world: World, case: Case) -> None:
    form = MessageForm(posted(case, "x" * 41))
    assert not form.is_valid()
    html = render_crispy_form(form)
    assert '<a href="#id_body">Message</a>' in html
    assert 'id="id_body_error"' in html
    assert 'aria-describedby="id_body_helptext id_body_error"' in html
    assert 'aria-invalid="true"' in html
    assert "x" * 41 in html


class Grouped(VerbForm):
    body = LongTextField()

    def layout(self) -> Layout:
        layout = super().layout()
        layout.fields[2] = Group("{% now 'Y' %} <b>", "body")
        return layout


def test_p38_a_legend_is_text_and_never_a_template() -> None:
    html = render_crispy_form(Grouped())
    assert "{% now &#x27;Y&#x27; %} &lt;b&gt;" in html
