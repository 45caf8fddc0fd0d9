"""The town's choices: each with its sentence, saved with who and when, refused in words."""

import html
import re
from datetime import timedelta

import pytest
from django.forms import BoundField

from campanella.domains.accounts.models import User
from campanella.domains.accounts.operations import create_user
from campanella.domains.accounts.roles import Role
from campanella.domains.messaging.models import Message
from campanella.foundation.core import clock
from campanella.foundation.tenants import queries as tenants
from campanella.foundation.tenants.models import Municipality
from campanella.foundation.tenants.settings import read_all
from campanella.interfaces.office.settings.forms import ChoicesForm
from tests.browsing import Browser, browser
from tests.towns import IBAN, PASSWORD, Cast, text_of


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def filled(cast: Cast, **changes: object) -> dict[str, object]:
    """Return the form as the page shows it, with some fields changed."""
    form = ChoicesForm(choices=read_all(cast.town.stored))
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
        valle,
        portal_name="Spazio Scuola",
        top_up_presets="15; 30,50",
        floor="20,00",
        roll_call_closes_at="09:15",
        iban="IT60 X054 2811 1010 0000 0123 456",
        colour="#083F7A",
    )

    assert office.post("/ufficio/impostazioni/", form).status_code == 302

    tenants.forget()
    choices = read_all(tenants.town_by_slug(slug="valle").stored)
    assert choices["portal_name"] == "Spazio Scuola"
    assert choices["top_up_presets"] == (1500, 3050)
    assert choices["floor"] == -2000
    assert choices["roll_call_closes_at"].isoformat("minutes") == "09:15"
    assert choices["colour"] == "#083f7a"
    assert choices["doors"] == ("password",)
    page = office.read("/ufficio/impostazioni/")
    assert "ha cambiato le impostazioni: Nome del portale, Colore del Comune" in page
    assert "Persona ufficio, ufficio" in page


def as_sent(page: str, **changes: str) -> dict[str, str]:
    """Return what a browser sends for an open page: every field with its value, and what the page was opened with."""
    fields = re.findall(r"<input[^>]*>", page)
    read = {
        name[1]: html.unescape(value[1]) if (value := re.search(r'value="([^"]*)"', field)) else "on" * ("checkbox" in field)
        for field in fields
        if (name := re.search(r'name="([^"]+)"', field)) and ('type="checkbox"' not in field or "checked" in field)
    }
    areas = re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    # A browser sends what has several lines with the ends of lines of a form.
    written = {name: html.unescape(text).replace("\n", "\r\n") for name, text in areas}
    return {**read, **written, **changes}


def test_two_clerks_who_change_two_things_do_not_undo_each_other(valle: Cast, office: Browser) -> None:
    pages = [office.get("/ufficio/impostazioni/").content.decode() for _ in range(2)]

    office.post("/ufficio/impostazioni/", as_sent(pages[0], top_up_min="7,00"))
    said = office.post("/ufficio/impostazioni/", as_sent(pages[1], portal_name="Spazio Scuola"), follow=True)

    tenants.forget()
    choices = read_all(tenants.town_by_slug(slug="valle").stored)
    assert (choices["top_up_min"], choices["portal_name"]) == (700, "Spazio Scuola")
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
        ({"bill_credit_series": "ft"}, "Questa serie è già di altre carte"),
        ({"arrears_series": "NC"}, "Questa serie è già di altre carte"),
        ({"bill_series": "REFEZIONE2026"}, "al massimo 12 lettere e cifre"),
        ({"bill_series": "FT/A"}, "al massimo 12 lettere e cifre"),
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


def test_the_page_shows_the_row_and_not_what_a_process_remembers(valle: Cast, office: Browser) -> None:
    """Another process has saved a moment ago; this one still remembers the town as it was."""
    assert tenants.active_town().choices.office_phone == ""
    row = Municipality.objects.get(pk=valle.town.id)
    Municipality.objects.filter(pk=valle.town.id).update(choices={**row.choices, "office_phone": "0721 1"})

    page = office.get("/ufficio/impostazioni/").content.decode()
    assert 'value="0721 1"' in page
    said = office.post("/ufficio/impostazioni/", as_sent(page, office_phone=""), follow=True)
    assert "Salvato: Telefono dell’ufficio." in text_of(said), "back to what this process remembers is a change"
    assert Municipality.objects.get(pk=valle.town.id).choices["office_phone"] == ""


OTHER_IBAN = "IT28E0542811101000000654321"


@pytest.fixture
def colleague(valle: Cast) -> Browser:
    """Somebody else of the office, whose access is an old one."""
    made = clock.now() - timedelta(days=90)
    user = create_user(
        by=valle.staff["office"], username="lia", display_name="Lia", roles=[Role.OFFICE], password=PASSWORD, now=made
    )
    return browser(valle.town, user)


def stored_iban(cast: Cast) -> str:
    return str(Municipality.objects.get(pk=cast.town.id).choices["iban"])


def test_the_account_of_the_town_is_changed_by_two_people(valle: Cast, office: Browser, colleague: Browser) -> None:
    asked = office.post("/ufficio/impostazioni/", filled(valle, iban=OTHER_IBAN, portal_name="Spazio"), follow=True)
    page = text_of(asked)
    assert "Salvato: Nome del portale." in page
    assert "IBAN di accredito: vale quando un collega lo conferma" in page
    assert stored_iban(valle) == IBAN
    confirm = {"name": "iban", "value": OTHER_IBAN, "act": "confirm"}
    alone = office.post("/ufficio/impostazioni/conferma/", confirm, follow=True)
    assert "L’hai chiesto tu" in text_of(alone)
    assert stored_iban(valle) == IBAN

    assert f"Persona ufficio, ufficio ha chiesto {OTHER_IBAN}" in colleague.read("/ufficio/impostazioni/")
    done = colleague.post("/ufficio/impostazioni/conferma/", confirm, follow=True)
    assert "Confermato: IBAN di accredito. Vale da adesso." in text_of(done)
    assert stored_iban(valle) == OTHER_IBAN
    again = colleague.post("/ufficio/impostazioni/conferma/", confirm, follow=True)
    assert "non c’è più" in text_of(again)


def test_the_office_and_its_people_are_told_by_mail_that_an_account_waits(
    valle: Cast, office: Browser, colleague: Browser
) -> None:
    User.objects.filter(username="lia").update(email="lia@valle.example")
    User.objects.filter(pk=valle.staff["office"].pk).update(email="chi.chiede@valle.example")
    # Whoever turns the office's letters elsewhere with the same press is read of at the address of before.
    form = filled(valle, iban=OTHER_IBAN, office_email="altrove@posta.example")
    office.post("/ufficio/impostazioni/", form)
    office.post("/ufficio/impostazioni/", form)

    told = Message.objects.filter(template="choice_waits").order_by("id")

    assert [one.address for one in told][:2] == ["scuola@valle.example", "lia@valle.example"]
    for letter in told:
        assert letter.address != "chi.chiede@valle.example"
        assert letter.subject == "Da confermare: IBAN di accredito · Comune di Valle"
        assert "L’ha chiesto: Persona ufficio" in letter.text
        assert "/ufficio/impostazioni/" in letter.text
        assert OTHER_IBAN not in letter.text
        assert IBAN not in letter.text
    before = told.count()
    office.post("/ufficio/impostazioni/", filled(valle, portal_name="Spazio"))
    assert told.count() == before, "what one person decides is told to nobody"


def test_an_amount_that_waits_is_told_in_euro(valle: Cast, office: Browser, colleague: Browser) -> None:
    office.post("/ufficio/impostazioni/", filled(valle, adjust_second_person="1.000,00"))
    told = colleague.read("/ufficio/impostazioni/")
    assert "ha chiesto 1.000,00 €" in told
    assert "100000" not in told


def test_what_is_confirmed_is_what_was_read(valle: Cast, office: Browser, colleague: Browser) -> None:
    office.post("/ufficio/impostazioni/", filled(valle, iban=OTHER_IBAN))
    late = colleague.post(
        "/ufficio/impostazioni/conferma/", {"name": "iban", "value": "IT99X", "act": "confirm"}, follow=True
    )
    assert "rileggila prima di confermare" in text_of(late)
    office.post("/ufficio/impostazioni/conferma/", {"name": "iban", "act": "drop"})
    assert "aspetta la seconda persona" not in office.read("/ufficio/impostazioni/")
    assert stored_iban(valle) == IBAN


def test_one_person_with_two_accesses_is_one_person(valle: Cast, office: Browser, colleague: Browser) -> None:
    """A clerk prints the letter of a colleague, enters as the colleague, and would confirm the own request."""
    lia = User.objects.get(username="lia")
    office.post(f"/ufficio/impostazioni/persone/{lia.pk}/lettera/")
    User.objects.filter(pk=lia.pk).update(must_change_password=False)
    lia = User.objects.get(pk=lia.pk)
    office.post("/ufficio/impostazioni/", filled(valle, iban=OTHER_IBAN))

    confirm = {"name": "iban", "value": OTHER_IBAN, "act": "confirm"}
    refused = browser(valle.town, lia).post("/ufficio/impostazioni/conferma/", confirm, follow=True)
    assert "negli ultimi 30 giorni, per le stesse mani" in text_of(refused)
    assert stored_iban(valle) == IBAN


def made(valle: Cast, name: str, by: User, *, days_ago: int = 1) -> User:
    """Return somebody else of the office, whose access a colleague gave lately."""
    return create_user(
        by=by,
        username=name,
        display_name=name,
        roles=[Role.OFFICE],
        password=PASSWORD,
        now=clock.now() - timedelta(days=days_ago),
    )


@pytest.mark.parametrize(("days_ago", "is_changed"), [(29, False), (31, True)])
@pytest.mark.parametrize(
    ("asker", "second"),
    [("anna", "bice"), ("bice", "anna"), ("anna", "cora"), ("cora", "anna"), ("cora", "bice"), ("bice", "dina")],
)
def test_who_was_in_the_same_hands_is_one_person(
    valle: Cast, asker: str, second: str, days_ago: int, is_changed: bool
) -> None:
    """Anna made Bice and Dina, Bice made Cora: either way, through another, and from the same hands."""
    anna = made(valle, "anna", by=valle.staff["office"], days_ago=300)
    bice = made(valle, "bice", by=anna, days_ago=days_ago)
    made(valle, "cora", by=bice, days_ago=days_ago)
    made(valle, "dina", by=anna, days_ago=days_ago)
    one, other = (browser(valle.town, User.objects.get(username=name)) for name in (asker, second))
    one.post("/ufficio/impostazioni/", filled(valle, iban=OTHER_IBAN))

    confirm = {"name": "iban", "value": OTHER_IBAN, "act": "confirm"}
    answer = other.post("/ufficio/impostazioni/conferma/", confirm, follow=True)

    assert ("per le stesse mani" in text_of(answer)) is not is_changed
    assert stored_iban(valle) == (OTHER_IBAN if is_changed else IBAN)


def test_who_serves_the_same_family_are_two_people(valle: Cast, office: Browser, colleague: Browser) -> None:
    family = valle.families["rossi"].guardian
    for clerk in (office, colleague):
        clerk.post(f"/ufficio/adulti/{family.pk}/accesso/lettera/")
    office.post("/ufficio/impostazioni/", filled(valle, iban=OTHER_IBAN))

    colleague.post("/ufficio/impostazioni/conferma/", {"name": "iban", "value": OTHER_IBAN, "act": "confirm"})

    assert stored_iban(valle) == OTHER_IBAN


def test_the_history_says_which_account_stood_there_and_which_came(valle: Cast, office: Browser, colleague: Browser) -> None:
    office.post("/ufficio/impostazioni/", filled(valle, iban=OTHER_IBAN))
    colleague.post("/ufficio/impostazioni/conferma/", {"name": "iban", "value": OTHER_IBAN, "act": "confirm"})
    office.post("/ufficio/impostazioni/", filled(valle))
    office.post("/ufficio/impostazioni/conferma/", {"name": "iban", "act": "drop"})

    page = office.read("/ufficio/impostazioni/")
    assert f"in attesa di un collega: IBAN di accredito, da {IBAN} a {OTHER_IBAN}" in page
    assert f"ha confermato la modifica: IBAN di accredito, da {IBAN} a {OTHER_IBAN}" in page
    assert f"ha annullato la richiesta di cambiare: IBAN di accredito, in {IBAN}" in page
