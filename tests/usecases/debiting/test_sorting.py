"""What a bank gives back without saying whose it is waits until the office has said so, and then is done like any other."""

from datetime import date

import pytest

from campanella.domains.debiting import asked as asked_queries
from campanella.domains.debiting import waiting
from campanella.domains.debiting.models import LineDecision
from campanella.domains.debiting.sorting import SortedBefore
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import NotFound
from campanella.usecases.debiting import faults, sorting
from campanella.usecases.debiting.hearing import Report
from tests.billing import noon
from tests.towns import OFFICE, run_jobs
from tests.usecases.debiting.conftest import Bank, asked, booked, invoice, letters

TOTAL = 3 * (460 + 310)
LATER = date(2026, 12, 9)


@pytest.fixture
def one(debited):
    """The money of October has come."""
    found = asked()
    booked(date(2026, 12, 7))
    return found


def keyless(bank: Bank, cents: int = TOTAL, reason: str = "AM04") -> Report:
    return bank.hear(("NOTPROVIDED", reason, cents), form="return", on=LATER)


def sort_out(*collection_ids: int, why: str = "") -> None:
    (line, *_) = waiting.waiting_lines()
    with clock.standing_at(noon(LATER)):
        sorting.sort_out(by=OFFICE, line_id=line.id, collection_ids=collection_ids, why=why, now=clock.now())
        run_jobs(500)


def test_money_that_went_back_without_a_name_waits_and_reopens_the_debt_once_it_is_named(one, bank) -> None:
    report = keyless(bank)
    assert [heard.verdict for heard in report.heard] == ["unknown"]
    assert (invoice().state, len(waiting.waiting_lines())) == ("paid", 1)

    sort_out(one.pk)

    assert (invoice().state, waiting.waiting_lines()) == ("unpaid", [])
    assert any("non c’era abbastanza denaro" in text.replace("\xa0", " ") for _, text in letters())
    acts = audit.acts_on(subjects=[f"bank_answer:{LineDecision.objects.get().line.answer_id}"])
    assert any(one.end_to_end_id in act.sentence for act in acts)


def test_the_same_file_again_and_the_same_return_by_name_change_nothing_more(one, bank) -> None:
    keyless(bank)
    sort_out(one.pk)
    open_now = invoice().open

    again = bank.hear(("NOTPROVIDED", "AM04", TOTAL), form="return", on=LATER, name=f"BANK-{bank.sent}")
    named = bank.hear((one.end_to_end_id, "AM04", TOTAL), form="return", on=LATER)

    assert again.is_known
    assert [heard.verdict for heard in named.heard] == ["again"]
    assert (invoice().open, waiting.waiting_lines()) == (open_now, [])


def test_another_amount_waits_as_well_and_is_taken_as_the_whole_collection(one, bank) -> None:
    bank.hear((one.end_to_end_id, "MD06", TOTAL + 12), form="return", on=LATER)
    assert [line.verdict for line in waiting.waiting_lines()] == ["amount"]

    sort_out(one.pk)

    assert (invoice().open.cents, waiting.waiting_lines()) == (TOTAL, [])


def test_a_line_of_nobody_is_seen_with_its_reason_and_nothing_happens(one, bank) -> None:
    keyless(bank, cents=77)
    with pytest.raises(sorting.ReasonMissing):
        sort_out()
    with pytest.raises(sorting.AnotherSum):
        sort_out(one.pk)
    with pytest.raises(NotFound):
        sort_out(one.pk + 999)
    assert (invoice().state, len(waiting.waiting_lines())) == ("paid", 1)
    (line,) = waiting.waiting_lines()

    sort_out(why="commissione della banca")

    assert (invoice().state, waiting.waiting_lines()) == ("paid", [])
    with pytest.raises(SortedBefore):
        sorting.sort_out(by=OFFICE, line_id=line.id, collection_ids=[], why="ancora", now=clock.now())


def test_a_report_without_a_key_rejects_nothing_of_its_file(debited, bank) -> None:
    asked()

    bank.hear(("NOTPROVIDED", "AC04", TOTAL), on=date(2026, 12, 1))

    assert [line.kind for line in waiting.waiting_lines()] == ["reject"]
    assert booked(date(2026, 12, 7)) == 1


def test_money_that_others_have_sent_waits_for_nobody(one, bank) -> None:
    bank.hear(("SOMEBODY-ELSE", "", 4200), form="collected", on=LATER)
    assert waiting.waiting_lines() == []


def test_what_another_file_was_quicker_to_tell_is_not_called_done(one, bank, monkeypatch) -> None:
    keyless(bank)
    (line,) = waiting.waiting_lines()
    before = asked_queries.may_be_of(line_id=line.id)
    bank.hear((one.end_to_end_id, "AM04", TOTAL), form="return", on=LATER)
    monkeypatch.setattr(asked_queries, "may_be_of", lambda line_id, ids: before)

    with pytest.raises(SortedBefore):
        sort_out(one.pk)

    assert waiting.waiting_lines() == [line]


def test_a_fault_of_the_file_waits_until_it_is_decided_and_nothing_else_does(debited, bank) -> None:
    found = asked()
    bank.hear((found.end_to_end_id, "XX99", found.cents), on=date(2026, 11, 23))
    assert waiting.faults() == {found.pk: "XX99"}
    with clock.standing_at(noon(date(2026, 11, 24))):
        faults.decide(by=OFFICE, collection_id=found.pk, kind="notice", now=clock.now())
    assert waiting.faults() == {}
