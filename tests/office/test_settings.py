"""The town's choices: each with its sentence, saved with who and when, refused in words."""

import html
import re

import pytest
from django.forms import BoundField

from campanella.foundation.tenants import queries as tenants
from campanella.interfaces.office.settings.forms import ChoicesForm
from tests.browsing import Browser, browser
from tests.towns import Cast, text_of


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def filled(cast: Cast, **changes: object) -> dict[str, object]:
    """Return the form as the page shows it, with some fields changed."""
    form = ChoicesForm(choices=cast.town.choices)
    fields: list[BoundField] = [field for _, group in form.groups() for field in group]
    shown = {field.name: field.value() for field in fields}
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in shown.items()}
    return {name: value for name, value in {**values, **changes}.items() if value is not False}


def test_every_choice_is_there_with_its_sentence(valle: Cast, office: Browser) -> None:
    page = office.read("/ufficio/impostazioni/")
    for words in (
        "Colore del Comune",
        "È il conto su cui pagoPA versa",
        "Quando il credito scende a questo numero di pasti",
        "il bambino mangia comunque",
    ):
        assert words in page, words


def test_what_is_saved_is_shown_with_who_changed_it(valle: Cast, office: Browser) -> None:
    form = filled(
        valle, portal_name="Spazio Scuola", top_up_presets="15; 30,50", floor="20,00", roll_call_closes_at="09:15",
        iban="IT60 X054 2811 1010 0000 0123 456", colour="#083F7A",
    )  # fmt: skip

    assert office.post("/ufficio/impostazioni/", form).status_code == 302

    tenants.forget()
    choices = tenants.town_by_slug(slug="valle").choices
    assert choices.portal_name == "Spazio Scuola"
    assert choices.top_up_presets == (1500, 3050)
    assert choices.floor == -2000
    assert choices.roll_call_closes_at.isoformat("minutes") == "09:15"
    assert choices.colour == "#083f7a"
    assert choices.doors == ("password",)
    page = office.read("/ufficio/impostazioni/")
    assert "ha cambiato le impostazioni: Nome del portale, Colore del Comune" in page
    assert "Persona ufficio, ufficio" in page


def as_sent(page: str, **changes: str) -> dict[str, str]:
    """Return what a browser sends for an open page: every field with its value, and what the page was opened with."""
    fields = re.findall(r"<input[^>]*>", page)
    read = {
        name[1]: html.unescape(value[1]) if (value := re.search(r'value="([^"]*)"', field)) else ""
        for field in fields
        if (name := re.search(r'name="([^"]+)"', field)) and ('type="checkbox"' not in field or "checked" in field)
    }
    return {**read, **changes}


def test_two_clerks_who_change_two_things_do_not_undo_each_other(valle: Cast, office: Browser) -> None:
    pages = [office.get("/ufficio/impostazioni/").content.decode() for _ in range(2)]

    office.post("/ufficio/impostazioni/", as_sent(pages[0], top_up_min="7,00"))
    said = office.post("/ufficio/impostazioni/", as_sent(pages[1], portal_name="Spazio Scuola"), follow=True)

    tenants.forget()
    choices = tenants.town_by_slug(slug="valle").choices
    assert (choices.top_up_min, choices.portal_name) == (700, "Spazio Scuola")
    assert "Salvato: Nome del portale." in text_of(said)


def test_saving_without_a_change_writes_nothing(valle: Cast, office: Browser) -> None:
    answer = office.post("/ufficio/impostazioni/", filled(valle))
    assert answer.status_code == 302, text_of(answer)
    page = office.read("/ufficio/impostazioni/")
    assert "Non è cambiato nulla." in page
    assert "ha cambiato le impostazioni" not in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"colour": "#ffe000"}, "le scritte bianche non si leggono"),
        ({"colour": "rosso"}, "Scrivi un colore"),
        ({"iban": "IT60X0542811101000000123457"}, "IBAN non è corretto"),
        ({"iban": "DE89370400440532013000"}, "IBAN italiano"),
        ({"top_up_min": "60000"}, "Il massimo è"),
        ({"top_up_min": "600", "top_up_max": "500"}, "più piccola della minima"),
        ({"top_up_presets": "2"}, "fuori dai limiti"),
        ({"top_up_presets": "abc"}, "non è un importo"),
        ({"top_up_presets": ""}, "da uno a 6 importi"),
        ({"doors": []}, "Scegline almeno uno"),
        ({"office_email": "scuola"}, "e-mail non è completo"),
        ({"site_url": "javascript:alert(1)"}, "indirizzo intero"),
        ({"pagopa_segregation": "99"}, "47"),
        ({"notice_days": "0"}, "1"),
        ({"roll_call_closes_at": "25:00"}, "Controlla un campo"),
    ],
)
def test_a_wrong_choice_is_refused_in_words(valle: Cast, office: Browser, change: dict[str, object], words: str) -> None:
    answer = office.post("/ufficio/impostazioni/", filled(valle, **change))
    assert answer.status_code == 200
    assert words in text_of(answer)
    tenants.forget()
    assert tenants.town_by_slug(slug="valle").choices == valle.town.choices


def test_the_catalogue_is_read(valle: Cast, office: Browser) -> None:
    page = office.read("/ufficio/impostazioni/catalogo/")
    for words in ("Primaria Rodari", "2B, 3A", "Refezione", "ISEE fino a 10.000 €", "3,10 €"):
        assert words in page, words


def test_a_wrong_number_is_told_in_the_words_of_the_other_forms(valle: Cast, office: Browser) -> None:
    form = filled(valle, low_credit_meals="90", notice_days="", roll_call_closes_at="", portal_name="")

    page = text_of(office.post("/ufficio/impostazioni/", form))

    for words in ("Scrivi un numero da 0 a 60.", "Scrivi un numero da 1 a 365.", "Scrivi un’ora", "Serve un valore."):
        assert words in page, words
    assert 'value="01"' in office.get("/ufficio/impostazioni/").content.decode()
