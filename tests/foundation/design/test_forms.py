"""How forms are read and how they look."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from campanella.foundation.design.forms import EuroField, ItaliaRenderer, PhoneField, TaxCodeField
from tests.foundation.design.conftest import Page


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("20", 2000), ("20,5", 2050), ("20,50", 2050), ("20,", 2000), ("1.234,50", 123450),
        ("1.234", 123400), ("20.50", 2050), ("20.5", 2050), ("€ 20", 2000), ("20 €", 2000),
        ("\u00a020\u00a0", 2000),
        ("0,01", 1), ("1 000", 100000), ("007", 700), ("999999,99", 99999999),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(typed, cents):
    assert EuroField().clean(typed) == cents


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Scrivi un importo, per esempio 20,00."),
        ("   ", "Questo non è un importo. Scrivi solo numeri, per esempio 20,00."),
        ("venti", "Questo non è un importo. Scrivi solo numeri, per esempio 20,00."),
        ("1e9", "Questo non è un importo. Scrivi solo numeri, per esempio 20,00."),
        ("1,234.50", "Questo non è un importo. Scrivi solo numeri, per esempio 20,00."),
        ("12.34.56", "Questo non è un importo. Scrivi solo numeri, per esempio 20,00."),
        (",", "Questo non è un importo. Scrivi solo numeri, per esempio 20,00."),
        ("٢٠", "Questo non è un importo. Scrivi solo numeri, per esempio 20,00."),
        ("NaN", "Questo non è un importo. Scrivi solo numeri, per esempio 20,00."),
        ("-5", "L’importo non può essere negativo. Scrivi per esempio 20,00."),
        ("−5,00", "L’importo non può essere negativo. Scrivi per esempio 20,00."),
        ("20,505", "Dopo la virgola vanno al massimo due cifre, per esempio 20,50."),
        ("4,99", "Il minimo è 5,00\u00a0€. Scrivi per esempio 20,00."),
        ("0", "Il minimo è 5,00\u00a0€. Scrivi per esempio 20,00."),
        ("500,01", "Il massimo è 500,00\u00a0€."),
        ("9" * 12, "Il massimo è 500,00\u00a0€."),
        ("9" * 5000, "Questo non è un importo. Scrivi solo numeri, per esempio 20,00."),
    ],
)
def test_a_refused_amount_says_why(typed, sentence):
    with pytest.raises(ValidationError) as refusal:
        EuroField(min_cents=500, max_cents=50000).clean(typed)
    assert refusal.value.messages == [sentence]


def test_an_amount_may_be_left_out_when_it_is_not_required():
    assert EuroField(required=False).clean("") is None


def test_zero_is_accepted_where_it_is_asked_for():
    assert EuroField(min_cents=0).clean("0") == 0


@pytest.mark.parametrize(("initial", "typed", "changed"), [(2000, "20", False), (2000, "20,01", True), (2000, "x", True)])
def test_two_spellings_of_an_amount_are_no_change(initial, typed, changed):
    assert EuroField().has_changed(initial, typed) is changed


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("rssmra85t10a562s", "RSSMRA85T10A562S"),
        (" RSS MRA 85T10 A562S ", "RSSMRA85T10A562S"),
        ("RSSMRA85T10A56NH", "RSSMRA85T10A56NH"),
    ],
)
def test_a_tax_code_is_accepted_in_any_spelling(typed, code):
    assert TaxCodeField().clean(typed) == code


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("", "Scrivi il codice fiscale"),
        ("RSSMRA85T10A562", "16 caratteri, questo ne ha 15"),
        ("00743110157", "16 caratteri, questo ne ha 11"),
        ("RSSMRA85T10A562T", "L’ultima lettera non torna"),
        ("RSSMRA85T1OA5625", "non è un codice fiscale"),
        ("RSSMRA85T72A562C", "La data di nascita"),
    ],
)
def test_a_refused_tax_code_says_what_is_wrong(typed, part):
    with pytest.raises(ValidationError) as refusal:
        TaxCodeField().clean(typed)
    assert part in refusal.value.messages[0]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("333 123.45-67", "3331234567"),
        ("+39 0721/387412", "+390721387412"),
        ("0039 333 1234567", "+393331234567"),
    ],
)
def test_a_telephone_number_is_read_as_people_write_it(typed, number):
    assert PhoneField().clean(typed) == number


@pytest.mark.parametrize("typed", ["chiamami", "12345", "+", "1" * 16])
def test_a_telephone_number_has_only_digits(typed):
    with pytest.raises(ValidationError):
        PhoneField().clean(typed)


class TopUp(forms.Form):
    """One field of each kind."""

    default_renderer = ItaliaRenderer

    amount = EuroField(label="Ricarica personalizzata", min_cents=500, help_text="Da 5,00 € in su")
    mail = forms.EmailField(label="E-mail", required=False)
    way = forms.ChoiceField(
        label="Come paghi",
        choices=[("a", "Adesso"), ("b", "Dopo")],
        widget=forms.RadioSelect,
        help_text="Puoi cambiare",
    )
    sure = forms.BooleanField(label="Ho letto")
    child = forms.IntegerField(widget=forms.HiddenInput)


def shown(data: dict[str, str] | None) -> Page:
    return Page(str(TopUp(data)))


def test_every_field_has_its_label_above_and_is_told_apart_when_optional():
    page = shown(None)
    assert page.texts("label[for=id_amount]") == ["Ricarica personalizzata"]
    assert page.texts("label[for=id_mail]") == ["E-mail (facoltativo)"]
    assert page.texts("fieldset legend") == ["Come paghi"]
    assert page.texts("fieldset label") == ["Adesso", "Dopo"]
    assert page.soup.select_one("input[type=hidden]")["name"] == "child"
    assert page.texts(".cp-note") == []


def test_the_help_is_tied_to_its_field():
    soup = shown(None).soup
    assert soup.select_one("#id_amount")["aria-describedby"] == "id_amount_helptext"
    assert soup.select_one("fieldset")["aria-describedby"] == "id_way_helptext"
    assert soup.select_one("#id_way_helptext").get_text() == "Puoi cambiare"


def test_a_refused_form_keeps_what_was_typed_and_leads_to_each_mistake():
    page = shown({"amount": "3", "mail": "x@example.it", "child": "1"})
    field = page.soup.select_one("#id_amount")
    assert field["value"] == "3"
    assert field["aria-invalid"] == "true"
    assert "id_amount_error" in field["aria-describedby"].split()
    assert page.texts("#id_amount_error") == ["Il minimo è 5,00 €. Scrivi per esempio 20,00."]
    assert page.texts(".cp-note b") == ["Controlla 3 campi"]
    leads = [link["href"] for link in page.soup.select(".cp-note a")]
    assert leads == ["#id_amount", "#id_way_0", "#id_sure"]
    assert all(page.soup.select_one(lead) for lead in leads)


def test_a_refusal_of_the_whole_form_is_told_on_top():
    form = TopUp({"amount": "20", "way": "a", "sure": "on", "child": "1"})
    form.add_error(None, "Il pagamento è già partito.")
    assert Page(str(form)).texts(".cp-note") == ["Così non si può Il pagamento è già partito."]


def test_the_title_of_a_refused_form_begins_with_the_word_error(show):
    assert show("{% error_mark form %}Ricarica", form=TopUp({})).html == "Errore: Ricarica"
    assert show("{% error_mark form %}Ricarica", form=TopUp()).html == "Ricarica"
