"""The bank: it takes our files as they are, and its own are as the official schemas want them, and as we read them."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from lxml import etree

from campanella.domains.debiting.gateways.sepa import reading, writing
from campanella.domains.debiting.gateways.sepa.base import Amendment, Ask, Creditor, Group, Head
from campanella.domains.debiting.rules.accounts import account
from campanella.simulators import clock
from campanella.simulators.bank.bank import Bank, NotPossible
from campanella.simulators.bank.orders import Refused
from campanella.simulators.store import Store
from tests.domains.debiting.gateways.spec import needs_spec, schema
from tests.simulators.conftest import Running

CREDITOR = Creditor("Comune di Valle", "IT58ZZZ0000080017210727", account("IT60X0542811101000000123456"), "1234567A")
MINE, OTHER = account("IT39R0306909606100000067890"), account("IT78N0760103200001012345678")
NOTHING_NEW = Amendment()
TODAY, DAY = date(2026, 11, 20), date(2026, 12, 10)
SCHEMAS = {"cbi": "CBISDDStsRptLogMsg.00.01.00", "pain002": "pain.002.001.03", "camt054": "camt.054.001.08"}


def file(*keys: str, form="cbi", name="F-1", day=DAY, to=MINE, reference="", amendment=NOTHING_NEW) -> bytes:
    asks = [
        Ask(key, 1000 + place, reference or f"M-{key}", date(2026, 9, 1), "Maria Rossi", to, "Mensa", amendment)
        for place, key in enumerate(keys)
    ]
    out = io.BytesIO()
    group = Group(f"{name}-1", day, "RCUR", len(asks), sum(ask.cents for ask in asks), asks)
    writing.write(out, head=Head(name, datetime(2026, 11, 20, 9, tzinfo=UTC), CREDITOR), groups=[group], form=form)
    return out.getvalue()


@pytest.fixture
def bank(tmp_path: Path, monkeypatch) -> Bank:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 20, 10, tzinfo=clock.ROME))
    store = Store(tmp_path / "bank.sqlite3")
    yield Bank(store)
    store.close()


def heard(bank: Bank, number: int, form: str) -> list[tuple[str, str, str, int]]:
    document = bank.document(bank.answer(file=number, form=form) or 0)
    _, *lines = reading.read(io.BytesIO(document))
    return [(line.kind, line.end_to_end_id, line.reason, line.cents) for line in lines]


@pytest.mark.parametrize("form", ["cbi", "pain008"])
def test_it_takes_our_files_and_says_what_came_of_them(bank, form) -> None:
    number = bank.take(file("A", "B", "C", form=form))
    bank.act(number=bank.find("A"), act="reject", reason="AC04")
    assert bank.book_all(number) == 2
    assert heard(bank, number, "cbi") == [("reject", "A", "AC04", 1000)]

    bank.act(number=bank.find("C"), act="refund", reason="MD06")
    assert heard(bank, number, "camt054") == [
        ("collected", "B", "", 1001),
        ("collected", "C", "", 1002),
        ("return", "C", "MD06", 1002),
    ]
    assert bank.answer(file=number, form="camt054") is None


@needs_spec
@pytest.mark.parametrize("form", sorted(SCHEMAS))
def test_its_files_are_valid(bank, form) -> None:
    number = bank.take(file("A", "B"))
    bank.act(number=bank.find("A"), act="book")
    bank.act(number=bank.find("A"), act="return", reason="AM04")
    bank.act(number=bank.find("B"), act="reject", reason="AM04")

    schema(SCHEMAS[form]).assertValid(etree.fromstring(bank.document(bank.answer(file=number, form=form))))


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b"", "FF01"),
        (b"<a/>", "FF01"),
        (file("A").replace(b"10.00", b"10.01", 1), "non tornano"),
        (file("A", day=TODAY), "troppo presto"),
        (file("A", day=date(2026, 12, 12)), "lavorativo"),
        (file("A", day=date(2026, 12, 25)), "lavorativo"),
        (file("A", day=date(2027, 1, 1)), "lavorativo"),
        (file("A", day=date(2027, 3, 26)), "lavorativo"),
        (file("A", day=date(2027, 3, 29)), "lavorativo"),
        (file("A").replace(b"IT58ZZZ", b"IT59ZZZ"), "BE05"),
    ],
)
def test_a_file_that_it_turns_away(bank, document, words) -> None:
    with pytest.raises(Refused, match=words):
        bank.take(document)
    assert bank.files() == []


def test_a_file_twice_is_turned_away(bank) -> None:
    bank.take(file("A"))
    with pytest.raises(Refused, match="DUPL"):
        bank.take(file("B"))


def test_what_no_bank_passes_on_comes_back_at_once(bank) -> None:
    bank.take(file("A", reference="M"))
    wrong = file("B", name="F-2").replace(MINE.iban.encode(), b"IT38R0306909606100000067890")
    assert [debit["reason"] for debit in bank.debits(bank.take(wrong))] == ["AC01"]
    assert [debit["reason"] for debit in bank.debits(bank.take(file("A", name="F-3")))] == ["AM05"]
    untold = bank.take(file("C", name="F-4", reference="M", to=OTHER))
    assert [debit["reason"] for debit in bank.debits(untold)] == ["MD02"]
    told = bank.take(file("D", name="F-5", reference="M", to=OTHER, amendment=Amendment(is_new_account=True)))
    assert [debit["state"] for debit in bank.debits(told)] == ["received"]


def test_what_has_not_come_cannot_go_back(bank) -> None:
    bank.take(file("A"))
    with pytest.raises(NotPossible):
        bank.act(number=bank.find("A"), act="refund")


def test_a_presenter_decides_by_api_and_by_page(simulators: Running) -> None:
    day = next(date.fromordinal(clock.today().toordinal() + ahead) for ahead in range(5, 9) if _is_weekday(ahead))
    sent = simulators.http.post("/api/bank/files", content=file("A", "B", "C", day=day))
    number = sent.json()["file"]["id"]
    assert sent.json()["file"]["total_cents"] == 3003
    assert simulators.http.post("/api/bank/files", content=b"<a/>").status_code == 400

    assert simulators.post("bank/debits/A/act", act="reject", reason="AM04")["debit"]["state"] == "rejected"
    assert simulators.post(f"bank/files/{number}/book") == {"booked": 2}
    second = simulators.get(f"bank/files/{number}")["debits"][1]["id"]
    simulators.http.post(f"/bank/{number}", data={"act": "return", "debit": second, "reason": "AC04"})
    assert simulators.http.post("/api/bank/debits/A/act", json={"act": "book"}).status_code == 409

    answer = simulators.post(f"bank/files/{number}/answers", form="pain002")["answer"]
    document = simulators.http.get(f"/api/bank/answers/{answer}").content
    assert [line.reason for line in list(reading.read(io.BytesIO(document)))[1:]] == ["AM04", "AC04"]
    page = simulators.http.get(f"/bank/{number}").text
    assert f"/bank/answers/{answer}" in page
    assert "1 rifiutato" in page
    refused = simulators.http.post("/bank", files={"file": ("a.xml", b"<a/>", "text/xml")})
    assert (refused.status_code, "FF01" in refused.text) == (400, True)
    assert "Comune di Valle" in simulators.http.get("/bank").text


def _is_weekday(ahead: int) -> bool:
    return date.fromordinal(clock.today().toordinal() + ahead).weekday() < 5
