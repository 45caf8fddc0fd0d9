"""
Forms filled in by slips, by impatience and by ill will: a sentence, never a failure, and no money moves.

The first test finds every form by itself, on every page; the others are the cases a person would try.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.forms import BaseForm
from django.test import Client

from campanella.domains.accounts.roles import Role
from campanella.domains.ledger.models import Entry
from campanella.domains.payments.models import PaymentRequest
from tests.browsing import Browser, browser
from tests.interfaces.portal.test_top_up import summary_of
from tests.interfaces.rollcall.test_sheet import address as sheet_of
from tests.interfaces.rollcall.test_sheet import page as sheet_page
from tests.paying import receive
from tests.stories.test_hostile_addresses import PAGES
from tests.stories.test_hostile_addresses import town as town  # the fixture
from tests.towns import PASSWORD, Cast, Family, text_of
from tests.visiting import Visit

# Each case is quick; all of them together take patience.
pytestmark = pytest.mark.slow

LONG = "x" * 20_000
# Python reads no number of more than 4,300 digits: five thousand are all digits, and int() raises.
DIGITS = "9" * 5000
HOSTILE = ["\0", "9" * 30 + "🎒" * 2000]
CSRF = "csrfmiddlewaretoken"
# Kinds of field that no program takes for a number or an id.
WORDS = {"email", "tel", "password", "date", "file", "textarea"}
AMOUNTS = [
    "0", "0,00", "-20", "−20", "1e9", "1000000000", "12.5.6", "1,5,0", "1.2345,00", "venti", "20 euri", "0x14", "٢٠", "NaN",
    "20,005", "+20", "🎒", "\0", "20\0", LONG, "9" * 30, "'; --", " ",
]  # fmt: skip


class Fields(dict[str, str]):
    """
    Every field of a form, with something a person might have put in.

    :ivar countable: those that may hold a number or an id
    """

    def __init__(self) -> None:
        super().__init__()
        self.countable: set[str] = set()


def forms_of(page: Any) -> Iterator[tuple[str, Fields]]:
    """Find the forms of a page that write: where they go, and their fields."""
    usual = {"email": "nome@posta.example", "date": "2026-10-13", "tel": "333 1234567"}
    for form in BeautifulSoup(page.content, "html.parser").select("form[method=post]"):
        fields = Fields()
        for field in form.select("[name]"):
            chosen = field.select("option")
            value = chosen[-1].get("value") if chosen else field.get("value") or usual.get(str(field.get("type")))
            fields[str(field["name"])] = str(value or "testo")
            if str(field.get("type", field.name)) not in WORDS:
                fields.countable.add(str(field["name"]))
        yield str(form.get("action") or ""), fields


def pages_with_forms(town: Visit) -> Iterator[tuple[str, str, Fields]]:
    """Open every page and give its forms, each once: the page's name, the address, the fields."""
    seen = set()
    for name in PAGES:
        path = town.address(name)
        page = town.somebody(name).get(path) if path else None
        if page is not None and page.headers.get("Content-Type", "").startswith("text/html"):
            for action, fields in forms_of(page):
                if (action or path, *fields) not in seen and action != "/esci/":
                    seen.add((action or path, *fields))
                    yield name, action or str(path), fields


def checked_apart(page: Any) -> set[str]:
    """Return the fields that Django's forms on a page look at: each for itself, whatever stands in the others."""
    layers = [layer for context in getattr(page, "context", None) or () for layer in getattr(context, "dicts", ())]
    forms = [form for layer in layers for form in layer.values() if isinstance(form, BaseForm) and form.is_bound]
    return {
        field for form in forms for name in form.fields for field in (form.add_prefix(name), form.add_initial_prefix(name))
    }


def in_turns(fields: Iterable[str], apart: set[str]) -> list[list[str]]:
    """Put fields that are looked at each for itself into eight turns; of those that differ by a number, try two."""
    alike: dict[str, list[str]] = {}
    for field in fields:
        alike.setdefault(re.sub("[0-9]+", "#", field), []).append(field)
    tried = [field for fields in alike.values() for field in {fields[0], fields[-1]}]
    together = [field for field in tried if field in apart]
    return [[field] for field in tried if field not in apart] + [together[n::8] for n in range(8) if together[n::8]]


def test_no_value_breaks_a_form(town: Visit) -> None:
    failed, count = [], 0
    for name, path, fields in list(pages_with_forms(town)):
        client = town.somebody(name)
        apart = checked_apart(client.post(path, {**fields, **dict.fromkeys(fields, "\0")}))
        for value in (*HOSTILE, DIGITS):
            for turn in in_turns(fields.countable - {CSRF} if value == DIGITS else fields, apart):
                count += len(turn)
                answer = client.post(path, {**fields, **dict.fromkeys(turn, value)})
                if "/entra/" in answer.headers.get("Location", ""):
                    client = town.somebody(name)
                    answer = client.post(path, {**fields, **dict.fromkeys(turn, value)})
                if answer.status_code >= 500:
                    failed.append(f"{path}: {turn} = {value[:12]!r}")
    assert failed == []
    assert count > 1500, "the forms are found"


@pytest.fixture
def phone(valle: Cast, ready: Family) -> Browser:
    return browser(valle.town, ready.user)


@pytest.mark.parametrize("typed", AMOUNTS, ids=[typed[:12].encode("unicode_escape").decode() for typed in AMOUNTS])
def test_an_amount_that_is_none_gets_a_sentence(valle: Cast, phone: Browser, typed: str) -> None:
    wallet = valle.wallet("Anna").pk
    fields = {f"scelta-{wallet}": "altro", f"importo-{wallet}": typed, "fai": "prosegui"}
    answer = phone.get("/pagamenti/ricarica/", fields)
    if "\0" in typed:
        assert answer.status_code == 400
        assert "Non abbiamo capito la richiesta" in text_of(answer)
    else:
        assert answer.status_code == 200
        assert re.search(r"importo|minimo|massimo|virgola", text_of(answer))
    assert PaymentRequest.objects.count() == 0


@pytest.mark.parametrize("typed", ["0", "-5", "1e12", "1000000000000", "12.5.6", "dieci", "\0", LONG, ""])
@pytest.mark.parametrize("place", ["rettifica", "giroconto", "avviso"])
def test_the_offices_amounts_are_held_too(valle: Cast, place: str, typed: str) -> None:
    office = browser(valle.town, valle.staff[Role.OFFICE])
    path = f"/ufficio/bambini/{valle.child('Anna').pk}/{place}/"
    _, fields = next((action, fields) for action, fields in forms_of(office.get(path)) if "amount" in fields)
    # Sent twice, as who presses again when the page asks once more.
    for _ in range(2):
        answer = office.post(path, {**fields, "amount": typed, "reason": "prova", "direction": "plus", "confirmed": "1"})
        assert answer.status_code == 200
        assert re.search(r"importo|minimo|massimo", text_of(answer))
    assert (Entry.objects.count(), PaymentRequest.objects.count()) == (0, 0)


@pytest.mark.parametrize("reason", ["", "   ", "\0", LONG])
def test_no_adjustment_without_a_reason(valle: Cast, reason: str) -> None:
    office = browser(valle.town, valle.staff[Role.OFFICE])
    path = f"/ufficio/bambini/{valle.child('Anna').pk}/rettifica/"
    _, fields = next((action, fields) for action, fields in forms_of(office.get(path)) if "amount" in fields)
    assert (
        office.post(path, {**fields, "amount": "5", "direction": "plus", "ready": "", "reason": reason}).status_code == 200
    )
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("path", ["/pagamenti/ricarica/riepilogo/", "/entra/", "/contattaci/", "/utility/password/"])
def test_a_form_of_another_site_is_refused(valle: Cast, phone: Browser, pagopa: list[Any], path: str) -> None:
    stranger = Client(HTTP_HOST=valle.town.host, enforce_csrf_checks=True)
    stranger.cookies.update(phone.cookies)
    wallet = valle.wallet("Anna").pk
    answer = stranger.post(f"{path}?r={wallet}-2000&ordine=unordinequalsiasi", {"modo": "online"})
    assert answer.status_code == 403
    assert "è rimasta aperta" in text_of(answer)
    assert (PaymentRequest.objects.count(), pagopa) == (0, [])


def test_back_after_paying_pays_nothing_again(valle: Cast, phone: Browser, pagopa: list[Any]) -> None:
    path = summary_of(valle, phone, Anna=2000)
    phone.post(path, {"modo": "online"})
    position = PaymentRequest.objects.get()
    receive(position)

    for way in ("online", "avviso"):
        answer = phone.post(path, {"modo": way})
        assert (answer.status_code, answer["Location"]) == (303, f"/pagamenti/avvisi/{position.pk}/")
    assert "Pagat" in phone.read(f"/pagamenti/avvisi/{position.pk}/")
    assert (PaymentRequest.objects.count(), len(pagopa)) == (1, 1)
    assert valle.balance("Anna") == 2000


def test_a_session_that_ends_before_paying_comes_back_to_the_summary(valle: Cast, ready: Family, pagopa: list[Any]) -> None:
    phone = browser(valle.town, ready.user)
    path = summary_of(valle, phone, Anna=2000)
    phone.cookies.pop(settings.SESSION_COOKIE_NAME)

    sent = phone.post(path, {"modo": "online"}, HTTP_REFERER=f"http://{valle.town.host}{path}")
    back = phone.post(sent["Location"], {"username": ready.user.username, "password": PASSWORD})

    assert (back.status_code, back["Location"]) == (302, path)
    assert "20,00" in phone.read(path)
    assert (PaymentRequest.objects.count(), pagopa) == (0, [])


@pytest.mark.parametrize(
    "code", ["", "RSSNNA", "RSSNNA19D52A562X", "\0" * 16, "🎒" * 16, LONG, "0" * 16, "RSSNNA19D52A562R'; --"]
)
def test_a_wrong_tax_code_is_explained(valle: Cast, rossi: Family, code: str) -> None:
    phone = browser(valle.town, rossi.user)
    answer = phone.post(f"/anagrafica/figli/{valle.child('Anna').pk}/codice-fiscale/", {"tax_code": code})
    assert answer.status_code == 200
    assert re.search(r"16 caratteri|lettera|codice fiscale|nulli", text_of(answer))
    assert valle.child("Anna").__class__.objects.get(pk=valle.child("Anna").pk).tax_code == ""


@pytest.mark.parametrize(
    "change",
    [
        {"adults": "-5"},
        {"adults": "10000"},
        {"adults": "venti"},
        {"adults": LONG},
        {"adults": "\0"},
        {"eats": ["1e9", "-1", "9" * 30, "\0"], "before": []},
        {"shown": ["999999"], "eats": ["999999"], "before": []},
        {"day": "2026-10-13"},
        {"day": "9999-12-31"},
        {"day": "\0"},
        {"act": "drop table"},
    ],
    ids=str,
)
def test_a_sheet_changed_by_hand_charges_nobody_else(valle: Cast, change: dict[str, Any]) -> None:
    teacher = browser(valle.town, valle.staff[Role.SCHOOL])
    answer = teacher.post(sheet_of(valle), {**sheet_page(valle), **change})
    assert answer.status_code in (200, 302)
    assert Entry.objects.count() in (0, 3), "the class as it is, or nothing"
    assert 0 <= (valle.roll_call().adults or 0) <= 99


def test_another_classs_address_takes_no_child_of_this_one(valle: Cast) -> None:
    teacher = browser(valle.town, valle.staff[Role.SCHOOL])
    anna = valle.child("Anna").pk
    teacher.post(sheet_of(valle, "3A"), {**sheet_page(valle), "shown": [anna], "before": [], "eats": [anna]})
    tap = teacher.post(sheet_of(valle, "3A") + "segno/", {"day": "2026-10-14", "child": anna, "eats": 0, "tap": "t"})
    assert tap.status_code in (404, 409)
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("adults", ["-1", "100", "10000", "9" * 30, "\0", "tanti"])
def test_a_tap_of_impossible_adults_is_refused(valle: Cast, adults: str) -> None:
    teacher = browser(valle.town, valle.staff[Role.SCHOOL])
    answer = teacher.post(sheet_of(valle) + "segno/", {"day": "2026-10-14", "adults": adults, "tap": "t"})
    assert answer.status_code == 400


@pytest.mark.parametrize("password", ["", "x" * 4096, "pass\0word", "' or 1=1 --"])
@pytest.mark.parametrize("name", ["rossi", "nobody\0", LONG])
def test_no_password_breaks_the_door(valle: Cast, name: str, password: str) -> None:
    answer = Browser(valle.town).post("/entra/", {"username": name, "password": password})
    assert answer.status_code == 200
    assert "Entra" in text_of(answer)
