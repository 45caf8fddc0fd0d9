"""What only one town of the demo shows; each check stands within its town."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from campanella.domains.adjusting import queries as adjusting
from campanella.domains.applying import queries as applications
from campanella.domains.applying.models import Application
from campanella.domains.applying.rules import STATES
from campanella.domains.arrears import reminders
from campanella.domains.billing import fee_queries
from campanella.domains.billing import queries as billing
from campanella.domains.billing.models import FeeDue
from campanella.domains.cash import queries as cash
from campanella.domains.cash import settled
from campanella.domains.debiting.models import Collection, Coming, Mandate
from campanella.domains.ledger.models import Wallet
from campanella.domains.messaging.models import Message
from campanella.domains.people import queries, registered
from campanella.domains.people.models import Registration
from campanella.domains.ranking import queries as ranking
from campanella.readings.arrears.plans import standings
from campanella.readings.arrears.proof import proofs_of
from campanella.readings.office.ranking import office_list


def nothing(moment: datetime) -> None:
    """Nothing of its own."""


def reminders_and_a_plan(moment: datetime) -> None:
    """Truccazzano: one family is reminded, another pays in dues and keeps to them."""
    (plan,) = standings(payer_ids=None, today=moment.date())
    assert (plan.state, plan.met[0].state) == ("kept", "paid")
    found = reminders.every()
    assert found
    assert {one.status[0] for one in proofs_of(found).values()} == {"ok"}
    assert plan.plan.payer_id not in {one.payer_id for one in found}


def a_fixed_share(moment: datetime) -> None:
    """Valenza's nursery has a fixed share each month besides its days, and its families pay it from their credit."""
    (fee,) = fee_queries.fees()
    assert (fee.plan.name, fee.service_name) == ("Retta mensile", "Asilo nido")
    firsts = {row.days.lower for row in FeeDue.objects.filter(cents__gt=0)}
    assert firsts == {date(moment.year, month, 1) for month in (9, 10, 11)}
    balances = Wallet.objects.filter(service__code="nido").values_list("balance_cents", flat=True)
    assert balances
    assert max(balances) > 0, "families top up for it"


def debits_with_one_return(moment: datetime) -> None:
    """Pesaro: families whose bank pays after the month, one of whose accounts was closed."""
    states = sorted(Mandate.objects.values_list("state", flat=True))
    assert states == ["active"] * (len(states) - 1) + ["ended"]
    assert len(states) >= 3
    kinds = list(Coming.objects.values_list("kind", flat=True))
    assert kinds.count("returned") == 1
    assert kinds.count("booked") >= 3
    assert Collection.objects.filter(comings=None).exists()
    assert {"paid", "unpaid"} <= {one.state for one in billing.invoices_between(period=None)}
    letter = Message.objects.get(template="collection_back")
    assert "perché il conto è chiuso" in letter.text
    assert letter.sent_at


def put_right(moment: datetime) -> None:
    """Carrara: what the office put right lately, and the refund that waits for its second person."""
    (waits,) = adjusting.waiting()
    assert (waits.kind, waits.hands, waits.paid) == ("refund", 2, "")
    assert sorted(one.kind for one in adjusting.last()) == ["adjustment", "goodwill"]
    told = Message.objects.filter(template="credit_corrected")
    assert any("credito di cortesia" in one.text for one in told)
    assert Message.objects.filter(template="proposal_waits").exists()
    newcomers()
    enrolment(moment)
    counters(moment)


def newcomers() -> None:
    """Two have registered with the code of a child; a third has nothing to show, and waits for the office."""
    (waits,) = registered.waiting()
    assert waits.user
    assert queries.children_of(user=waits.user) == []
    tied = Registration.objects.filter(outcome="tied").select_related("user")
    assert [len(queries.children_of(user=one.user)) for one in tied if one.user] == [1, 1]
    assert Message.objects.filter(template="registration_tied").exclude(sent_at=None).count() == 2


def enrolment(moment: datetime) -> None:
    """The bus home is open, with a family in every state and no place missing; canteen is over."""
    is_open = {one.service.code: one.opens_at <= moment <= one.closes_at for one in applications.calls()}
    assert is_open == {"bus-ritorno": True, "mensa": False}
    assert set(Application.objects.values_list("state", flat=True)) == set(STATES)
    assert Message.objects.filter(template="application_step").exclude(sent_at=None).exists()


def counters(moment: datetime) -> None:
    """Its pharmacies have had their days, one of them off by five euro; this morning three tills are open."""
    assert len(cash.open_points()) == 7
    last = moment.date() - timedelta(days=1)
    counted = settled.closes(first=last - timedelta(days=14), last=last)
    assert len({one.point_id for one in counted}) == 7
    assert [one.cash_off.cents for one in counted if not one.is_even] == [-500]
    assert {one.card.cents > 0 for one in counted} == {True, False}
    (paid,) = settled.settlements()
    assert (paid.fee.cents, paid.paid_on is not None) == (0, True)
    this_morning = cash.taken_between(first=moment.date(), last=moment.date())
    assert len({one.point_id for one in this_morning}) == 3
    assert sum(one.voided_at is not None for one in this_morning) == 1
    assert Message.objects.filter(template="cash_taken").exclude(sent_at=None).exists()


def nursery(moment: datetime) -> None:
    """Valenza: its monthly share, and the nursery's list: a tie drawn, an appeal, the final list with places that wait."""
    a_fixed_share(moment)
    (call,) = [one for one in applications.calls() if one.service.code == "nido"]
    last, first = ranking.lists(call_id=call.pk)
    assert [one.is_final for one in ranking.publications(call_id=call.pk)] == [True, False]
    assert sum(line.is_drawn for line in ranking.lines(list_id=first.pk)) == 2
    moves = {move.number: move for move in office_list(list_id=last.pk).moves}
    assert any("Lavoro: 0 → 10 punti" in move.why for move in moves.values())
    offers = ranking.offers(call_id=call.pk)
    assert {one.state for one in offers} == {"accepted", "refused", "open"}
    assert all(one.until > moment for one in offers if one.state == "open")
    assert [one.waits_for for one in offers if one.state == "accepted"] == [""]


OF: dict[str, Callable[[datetime], None]] = {
    "truccazzano": reminders_and_a_plan,
    "valenza": nursery,
    "pesaro": debits_with_one_return,
    "carrara": put_right,
}
