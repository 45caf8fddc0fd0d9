"""What the office does for a family: each act once, with its reason, seen on the child's page."""

import re

import pytest

from campanella.domains.ledger import verify
from campanella.domains.payments.models import PaymentRequest
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.usecases import mealtime
from tests.browsing import Browser, browser
from tests.towns import Cast, Family, text_of

KEY = "form-key-of-a-clerk-1"


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def adjustment(cast: Cast, **changes: str) -> dict[str, str]:
    filled = {"wallet": str(cast.wallet("Anna").pk), "direction": "plus", "amount": "12,50", "reason": "errore di marzo"}
    return {**filled, "key": KEY, **changes}


def test_an_adjustment_sent_twice_is_posted_once(valle: Cast, office: Browser) -> None:
    address = f"/ufficio/bambini/{valle.child('Anna').pk}/rettifica/"

    first = office.post(address, adjustment(valle))
    second = office.post(address, adjustment(valle))

    assert (first.status_code, second.status_code) == (302, 302)
    assert valle.balance("Anna") == 1250
    assert verify.violations() == []
    page = office.read(f"/ufficio/bambini/{valle.child('Anna').pk}/")
    assert "Correzione dell’ufficio errore di marzo +12,50 €" in page
    assert page.count("ha rettificato Refezione di +12,50") == 1
    assert "Motivo: errore di marzo" in page
    assert "Era già fatto" in page


def test_a_new_form_has_a_new_key(valle: Cast, office: Browser) -> None:
    address = f"/ufficio/bambini/{valle.child('Anna').pk}/rettifica/"
    keys = {re.findall(r'name="key" value="([^"]+)"', office.get(address).content.decode())[0] for _ in range(3)}
    assert len(keys) == 3


def test_credit_can_be_taken_away_too(valle: Cast, office: Browser) -> None:
    office.post(f"/ufficio/bambini/{valle.child('Anna').pk}/rettifica/", adjustment(valle, direction="minus"))
    assert valle.balance("Anna") == -1250


def test_above_a_hundred_euro_the_page_asks_once_more(valle: Cast, office: Browser) -> None:
    address = f"/ufficio/bambini/{valle.child('Anna').pk}/rettifica/"

    asked = office.post(address, adjustment(valle, amount="100,01"))

    assert "Sono tanti soldi" in text_of(asked)
    assert valle.balance("Anna") == 0
    office.post(address, adjustment(valle, amount="100,01", confirmed="1"))
    assert valle.balance("Anna") == 10001


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": "  "}, "Scrivi il motivo"),
        ({"amount": "0"}, "Il minimo è"),
        ({"amount": "-5"}, "non può essere negativo"),
        ({"amount": "1e9"}, "non è un importo"),
        ({"amount": "1000000000"}, "Il massimo è"),
        ({"direction": ""}, "Scegli se aggiungi o togli"),
        ({"wallet": "999999"}, "Controlla un campo"),
    ],
)
def test_a_wrong_adjustment_is_refused_in_words(valle: Cast, office: Browser, change: dict[str, str], words: str) -> None:
    answer = office.post(f"/ufficio/bambini/{valle.child('Anna').pk}/rettifica/", adjustment(valle, **change))
    assert words in text_of(answer)
    assert valle.balance("Anna") == 0


def test_a_passage_keeps_the_sum_and_happens_once(valle: Cast, office: Browser) -> None:
    valle.credit("Anna", 3000)
    address = f"/ufficio/bambini/{valle.child('Anna').pk}/giroconto/"
    form = {
        "giver": str(valle.wallet("Anna").pk),
        "taker": str(valle.wallet("Luca").pk),
        "amount": "20,00",
        "reason": "lo chiede la mamma",
        "key": KEY,
    }

    for _ in range(2):
        assert office.post(address, form).status_code == 302

    assert (valle.balance("Anna"), valle.balance("Luca")) == (1000, 2000)
    assert verify.violations() == []
    for name in ("Anna", "Luca"):
        page = office.read(f"/ufficio/bambini/{valle.child(name).pk}/")
        assert "Giroconto da Anna, Refezione a Luca, Refezione" in page
        assert "ha spostato 20,00 € da Anna, Refezione a Luca, Refezione. Motivo: lo chiede la mamma" in page


def test_a_passage_never_leaves_a_debt_behind(valle: Cast, office: Browser) -> None:
    valle.credit("Anna", 500)
    form = {
        "giver": str(valle.wallet("Anna").pk),
        "taker": str(valle.wallet("Anna", "scuolabus").pk),
        "amount": "5,01",
        "reason": "prova",
        "key": KEY,
    }
    answer = office.post(f"/ufficio/bambini/{valle.child('Anna').pk}/giroconto/", form)
    assert "ci sono 5,00 €" in text_of(answer)
    assert valle.balance("Anna") == 500


def test_a_passage_stays_in_the_family(valle: Cast, office: Browser) -> None:
    valle.credit("Anna", 500)
    wallets = {"giver": str(valle.wallet("Anna").pk), "taker": str(valle.wallet("Amina").pk)}
    form = {**wallets, "amount": "5", "reason": "x", "key": KEY}
    answer = office.post(f"/ufficio/bambini/{valle.child('Anna').pk}/giroconto/", form)
    assert answer.status_code == 200
    assert (valle.balance("Anna"), valle.balance("Amina")) == (500, 0)


def test_a_presence_is_corrected_and_only_the_difference_moves(valle: Cast, office: Browser) -> None:
    anna, now = valle.child("Anna"), clock.now()
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=None, now=now)
    form = {"service": str(valle.services["mensa"].pk), "day": "2026-10-14", "state": "absent", "reason": "è a casa"}

    assert office.post(f"/ufficio/bambini/{anna.pk}/presenza/", form).status_code == 302

    assert valle.balance("Anna") == 0
    assert "ha corretto il 14/10: assente. Motivo: è a casa" in office.read(f"/ufficio/bambini/{anna.pk}/")


@pytest.mark.parametrize(
    ("day", "words"),
    [("2026-10-13", "quel giorno non c’è stato l’appello"), ("2026-10-15", "deve ancora venire"), ("ieri", "non esiste")],
)
def test_a_day_without_roll_call_says_so(valle: Cast, office: Browser, day: str, words: str) -> None:
    form = {"service": str(valle.services["mensa"].pk), "day": day, "state": "absent", "reason": "è a casa"}
    assert words in text_of(office.post(f"/ufficio/bambini/{valle.child('Anna').pk}/presenza/", form))


def test_a_notice_is_made_on_behalf_and_printed(valle: Cast, office: Browser) -> None:
    anna = valle.child("Anna")
    office.post(f"/ufficio/bambini/{anna.pk}/avviso/", {"wallet": str(valle.wallet("Anna").pk), "amount": "20", "key": KEY})
    page = office.get(f"/ufficio/bambini/{anna.pk}/").content.decode()
    address = re.findall(r"/ufficio/avvisi/\d+\.pdf", page)[0]
    assert office.get(address).content.startswith(b"%PDF")
    refused = office.post(
        f"/ufficio/bambini/{anna.pk}/avviso/", {"wallet": str(valle.wallet("Anna").pk), "amount": "1", "key": KEY}
    )
    assert "Il minimo è 5,00 €" in text_of(refused)


def test_note_contacts_and_tax_codes_are_kept_right(valle: Cast, office: Browser, rossi: Family) -> None:
    anna = valle.child("Anna")
    office.post(f"/ufficio/bambini/{anna.pk}/nota/", {"note": "chiamare dopo le 14"})
    office.post(f"/ufficio/bambini/{anna.pk}/codice-fiscale/", {"tax_code": "RSSNNA19D52G479K", "reason": "mancava"})
    office.post(f"/ufficio/adulti/{rossi.guardian.pk}/recapiti/", {"email": "nuova@posta.example", "phone": "0721 387412"})
    page = office.read(f"/ufficio/bambini/{anna.pk}/")
    for words in ("chiamare dopo le 14", "ha cambiato la nota", "RSSNNA19D52G479K", "nuova@posta.example"):
        assert words in page, words
    assert people.guardian(guardian_id=rossi.guardian.pk).phone == "0721387412"


def test_a_wrong_tax_code_is_refused_and_a_right_one_replaces(valle: Cast, office: Browser, rossi: Family) -> None:
    address = f"/ufficio/adulti/{rossi.guardian.pk}/codice-fiscale/"
    assert "L’ultima lettera non torna" in text_of(office.post(address, {"tax_code": "RSSMRA85T10A562A", "reason": "x"}))
    other = f"/ufficio/adulti/{valle.families['haddad'].guardian.pk}/codice-fiscale/"
    assert "già di un’altra persona" in text_of(office.post(other, {"tax_code": "RSSMRA85T10A562S", "reason": "x"}))
    assert people.guardian(guardian_id=rossi.guardian.pk).tax_code == "RSSMRA85T10A562S"
    child = f"/ufficio/bambini/{valle.child('Anna').pk}/codice-fiscale/"
    assert "di un adulto: serve quello di Anna" in text_of(
        office.post(child, {"tax_code": "RSSMRA85T10A562S", "reason": "x"})
    )
    office.post(child, {"tax_code": "RSSNNA19D52G479K", "reason": "x"})
    assert "di un bambino: serve quello di" in text_of(office.post(address, {"tax_code": "RSSNNA19D52G479K", "reason": "x"}))


@pytest.mark.parametrize("action", ["rettifica", "giroconto", "avviso", "presenza", "nota", "codice-fiscale"])
def test_the_school_does_none_of_this_and_another_towns_child_is_not_there(
    borgo: Cast, valle: Cast, office: Browser, action: str
) -> None:
    school = browser(valle.town, valle.staff["school"])
    assert school.get(f"/ufficio/bambini/{valle.child('Anna').pk}/{action}/").status_code == 403
    assert office.get(f"/ufficio/bambini/{borgo.child('Anna').pk}/{action}/").status_code == 404
    assert office.get(f"/ufficio/bambini/{valle.child('Anna').pk}/{action}/").status_code == 200


def test_a_notice_asked_for_twice_by_one_form_is_one_notice(valle: Cast, office: Browser) -> None:
    address = f"/ufficio/bambini/{valle.child('Anna').pk}/avviso/"
    filled = {"wallet": str(valle.wallet("Anna").pk), "amount": "20,00", "key": KEY}

    answers = [office.post(address, filled, follow=True) for _ in range(2)]
    other = office.post(address, {**filled, "key": "form-key-of-a-clerk-2"}, follow=True)

    papers = [re.findall(r"/ufficio/avvisi/\d+\.pdf", answer.content.decode())[0] for answer in (*answers, other)]
    assert papers[0] == papers[1] != papers[2]
    assert PaymentRequest.objects.count() == 2
