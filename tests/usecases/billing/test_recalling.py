"""A month is called back five minutes after somebody who may has said so; until then nothing has happened."""

from datetime import date, timedelta

import pytest

from campanella.domains.accounts.models import User
from campanella.domains.billing import queries, runs
from campanella.domains.billing.models import CreditNote
from campanella.domains.billing.operations import NotInThisState
from campanella.domains.billing.runs import RunView
from campanella.domains.messaging.models import Message
from campanella.foundation.core import clock
from campanella.readings import proofs
from campanella.usecases.billing import issuing, recalling, running, staging
from campanella.usecases.billing.second import AnotherPersonNeeded
from tests.adjusting import colleague
from tests.billing import bill, eat, noon, october
from tests.browsing import browser
from tests.towns import OFFICE, Cast, choosing, run_jobs, text_of

NOW = noon(date(2026, 11, 6))
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def run(billed: Cast) -> RunView:
    eat(billed, october(1))
    found = bill(billed)
    run_jobs(300)
    return found


def states() -> set[str]:
    return {one.state for one in queries.invoices_between(period=None)}


def wait(minutes: int = 5) -> None:
    with clock.standing_at(NOW + timedelta(minutes=minutes)):
        run_jobs()


def test_it_is_done_after_five_minutes_and_not_before_in_the_name_of_who_said_so(billed: Cast, run: RunView) -> None:
    who = billed.staff["office"]
    recalling.ask(by=who, run_id=run.id, reason=" tariffa sbagliata ", now=NOW)
    recalling.ask(by=who, run_id=run.id, reason="altro", now=NOW)
    recalling.carry_out(run_id=run.id)
    assert (states(), Message.objects.filter(template="invoice_recalled").count()) == ({"unpaid"}, 0)

    wait()

    assert states() == {"cancelled"}
    assert {(one.reason, one.made_by_id, one.made_at) for one in CreditNote.objects.all()} == {
        ("tariffa sbagliata", who.pk, LATER)
    }
    assert Message.objects.filter(template="invoice_recalled").count() == 2
    recalling.carry_out(run_id=run.id)
    assert CreditNote.objects.count() == 2
    for act in (recalling.stop, recalling.let_go):
        with pytest.raises(NotInThisState):
            act(by=who, run_id=run.id, now=LATER)


def test_stopped_in_time_it_leaves_no_trace_but_the_record_and_asked_anew_it_waits_anew(run: RunView) -> None:
    recalling.ask(by=OFFICE, run_id=run.id, reason="sbagliate", now=NOW)
    recalling.stop(by=OFFICE, run_id=run.id, now=NOW + timedelta(minutes=4))
    recalling.ask(by=OFFICE, run_id=run.id, reason="sbagliate davvero", now=NOW + timedelta(minutes=4))
    with clock.standing_at(LATER):
        recalling.carry_out(run_id=run.id)
    assert states() == {"unpaid"}

    wait(9)

    assert {one.reason for one in CreditNote.objects.all()} == {"sbagliate davvero"}


def test_what_was_stopped_between_the_look_and_the_act_is_left_alone(run: RunView) -> None:
    recalling.ask(by=OFFICE, run_id=run.id, reason="sbagliate", now=NOW)
    leaves_at = runs.run(run_id=run.id).recall
    assert leaves_at is not None
    recalling.stop(by=OFFICE, run_id=run.id, now=NOW)

    done = staging.recall(by=OFFICE, run_id=run.id, reason="sbagliate", now=LATER, leaves_at=leaves_at.leaves_at)

    assert (done, states()) == (0, {"unpaid"})


def test_above_the_towns_amount_another_person_says_yes(billed: Cast, run: RunView) -> None:
    choosing(billed.town, bill_second_person=1)
    who: User = billed.staff["office"]
    recalling.ask(by=who, run_id=run.id, reason="sbagliate", now=NOW)
    with pytest.raises(AnotherPersonNeeded):
        recalling.let_go(by=who, run_id=run.id, now=NOW)
    wait()
    assert states() == {"unpaid"}

    other = colleague()
    recalling.let_go(by=other, run_id=run.id, now=NOW)
    recalling.let_go(by=other, run_id=run.id, now=LATER)
    wait()

    assert {one.made_by_id for one in CreditNote.objects.all()} == {other.pk}


def test_a_run_that_is_being_issued_stops_and_does_not_go_on_while_a_recall_waits(billed: Cast) -> None:
    choosing(billed.town, bill_sample=1)
    eat(billed, october(1))
    first, last = date(2026, 10, 1), date(2026, 10, 31)
    run = running.preview(by=OFFICE, service=billed.services["mensa"], first=first, last=last, now=NOW)
    with pytest.raises(NotInThisState):
        recalling.ask(by=OFFICE, run_id=run.id, reason="sbagliate", now=NOW)
    running.confirm(by=OFFICE, run_id=run.id, now=NOW)
    issuing.issue(run_id=run.id)

    recalling.ask(by=OFFICE, run_id=run.id, reason="sbagliate", now=NOW)

    assert runs.run(run_id=run.id).state == "stopped"
    with pytest.raises(NotInThisState):
        staging.go_on(by=OFFICE, run_id=run.id, now=NOW)
    recalling.stop(by=OFFICE, run_id=run.id, now=NOW)
    staging.go_on(by=OFFICE, run_id=run.id, now=NOW)


def test_a_run_that_is_half_issued_calls_back_what_has_left_and_nothing_else_leaves(billed: Cast) -> None:
    choosing(billed.town, bill_sample=1)
    eat(billed, october(1))
    first, last = date(2026, 10, 1), date(2026, 10, 31)
    run = running.preview(by=OFFICE, service=billed.services["mensa"], first=first, last=last, now=NOW)
    running.confirm(by=OFFICE, run_id=run.id, now=NOW)
    issuing.issue(run_id=run.id)
    run_jobs(300)
    desk = browser(billed.town, billed.staff["office"])
    with clock.standing_at(NOW):
        said = text_of(desk.post(f"/ufficio/fatture/mese/{run.id}/ritira/", {"reason": "tariffa sbagliata"}, follow=True))
    assert "Note di credito che si fanno 1" in said
    assert "Non ancora partite: non partono più 1" in said
    assert "le altre non ricevono niente" in said

    wait()

    assert "Emesse 1 di 2 50% L’altra non è partita, e non parte più" in desk.read(f"/ufficio/fatture/mese/{run.id}/")
    assert (CreditNote.objects.count(), Message.objects.filter(template="invoice_recalled").count()) == (1, 1)
    assert Message.objects.filter(template="invoice_issued").count() == 1
    with pytest.raises(NotInThisState):
        staging.go_on(by=OFFICE, run_id=run.id, now=LATER)
    again = bill(billed)
    assert (again.invoices, again.issued, again.total) == (run.invoices, 2, run.total)
    numbers = sorted(one.number for one in queries.invoices_between(period=None))
    assert numbers == ["FT/2026/1", "FT/2026/2", "FT/2026/3"]
    assert proofs.violations() == []


def test_a_worker_whose_clock_is_behind_does_it_a_moment_later(run: RunView) -> None:
    recalling.ask(by=OFFICE, run_id=run.id, reason="sbagliate", now=NOW)
    wait(0)

    with clock.standing_at(LATER - timedelta(seconds=2)):
        recalling.carry_out(run_id=run.id)
    assert states() == {"unpaid"}

    wait()

    assert states() == {"cancelled"}
