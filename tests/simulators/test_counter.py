"""The PSP's counter and the home page, as the presenter sees them."""

from tests.simulators.conftest import CREDITOR, NOTICE, Running
from tests.simulators.fake_station import FakeStation, ko


def test_a_notice_is_verified_and_paid(simulators: Running, station: FakeStation) -> None:
    page = simulators.http.get("/psp", params={"notice_number": "3012 0260 0000 0001 03", "fiscal_code": CREDITOR})
    assert "Mensa di ottobre" in page.text
    assert "Paga 46,50\N{NO-BREAK SPACE}€" in page.text
    form = {
        "notice_number": NOTICE,
        "fiscal_code": CREDITOR,
        "method": "contanti",
        "version": "1",
        "stop_after": "",
    }
    answer = simulators.http.post("/psp", data={**form, "prefixes": "", "amount_cents": "", "delay_seconds": "0"})
    assert answer.status_code == 303
    assert "Pagamento eseguito" in simulators.http.get(answer.headers["location"]).text
    assert len(station.bodies("paSendRT")) == 1
    assert "Ricevuta accettata" in simulators.http.get("/").text


def test_a_refusal_is_explained(simulators: Running, station: FakeStation) -> None:
    station.answers["paVerifyPaymentNotice"] = ko("PAA_PAGAMENTO_SCADUTO")
    page = simulators.http.get("/psp", params={"notice_number": NOTICE, "fiscal_code": CREDITOR})
    assert "L’avviso è scaduto" in page.text
    assert "Paga 46,50" not in page.text


def test_an_amount_that_changed_since_printing_is_told(simulators: Running) -> None:
    page = simulators.http.get("/psp", params={"notice_number": f"PAGOPA|002|{NOTICE}|{CREDITOR}|5000"})
    assert "50,00\N{NO-BREAK SPACE}€: da allora l’importo è cambiato" in page.text


def test_wrong_check_digits_are_a_hint_not_a_refusal(simulators: Running, station: FakeStation) -> None:
    page = simulators.http.get("/psp", params={"notice_number": "302012387654312384", "fiscal_code": CREDITOR})
    assert "non tornano" in page.text
    assert len(station.asked) == 1


def test_what_was_typed_wrong_stays_and_is_explained(simulators: Running) -> None:
    page = simulators.http.get("/psp", params={"notice_number": "12 34", "fiscal_code": CREDITOR})
    assert page.status_code == 400
    assert "Il numero avviso ha 18 cifre: qui sono 4." in page.text
    assert 'value="12 34"' in page.text
    assert "<title>Errore: " in page.text


def test_what_strangers_wrote_is_only_text(simulators: Running) -> None:
    page = simulators.http.get("/psp", params={"notice_number": '"><script>alert(1)</script>'})
    assert "<script>alert" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
