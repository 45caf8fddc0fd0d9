"""The run of a month: what it bills, what it says before, pressed twice, changed in between, called back."""

from datetime import date

import pytest

from campanella.domains.accounts.operations import create_user
from campanella.domains.accounts.roles import Role
from campanella.domains.billing import queries
from campanella.domains.billing.models import CreditNote, Invoice, Issue, Line
from campanella.domains.ledger import verify
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings.billing import exports
from campanella.usecases import two_people
from campanella.usecases.billing import issuing, policies, running, staging
from campanella.usecases.billing.second import AnotherPersonNeeded
from campanella.usecases.billing.series import SeriesUnusable
from tests.billing import bill, eat, noon, october
from tests.towns import OFFICE, PASSWORD, Cast, choosing

OCTOBER = {"first": date(2026, 10, 1), "last": date(2026, 10, 31)}


def the_invoices(cast: Cast) -> dict[str, queries.InvoiceView]:
    """Return the issued invoices of Rossi and Haddad, by family."""
    names = {family.guardian.pk: name for name, family in cast.families.items()}
    return {names[one.payer_id or 0]: one for one in queries.invoices_between(period=None)}


def test_a_month_is_billed_child_by_child_and_day_by_day_and_no_money_moves(billed: Cast) -> None:
    eat(billed, october(1, 2, 5), absent=["Luca"])
    before = {name: billed.balance(name) for name in ("Anna", "Luca", "Amina")}

    run = bill(billed)

    assert (run.state, run.invoices, run.issued, run.total) == ("issued", 2, 2, Euro(6 * 460))
    found = the_invoices(billed)
    assert [found[name].number for name in ("rossi", "haddad")] == ["FT/2026/1", "FT/2026/2"]
    assert (found["rossi"].total, found["rossi"].state, found["rossi"].open) == (Euro(1380), "unpaid", Euro(1380))
    (lines,) = queries.lines_of(invoice_ids=[found["rossi"].id]).values()
    assert [(line.day, line.amount) for line in lines] == [(day, Euro(460)) for day in october(1, 2, 5)]
    assert {name: billed.balance(name) for name in before} == before
    assert verify.violations() == []


def test_the_switch_of_january_carries_balances_over(valle: Cast) -> None:
    """postpaid-month.md: 147.10 for the payer; 65.80 and 81.30 child by child. 460 each here, for both children."""
    from tests.usecases.billing.conftest import post_paid

    valle.credit("Anna", 1240)
    valle.credit("Luca", -310)
    post_paid(valle, first=date(2026, 10, 1))
    eat(valle, october(*[*range(5, 10), *range(12, 17), *range(19, 24), 26, 27]))

    bill(valle)

    rossi = the_invoices(valle)["rossi"]
    assert [(share.lines.cents, share.carried.cents) for share in rossi.shares] == [(17 * 460, 1240), (17 * 310, -310)]
    assert rossi.total == Euro(17 * 460 - 1240 + 17 * 310 + 310)


def test_one_invoice_a_child_where_the_town_wants_it(billed: Cast) -> None:
    choosing(billed.town, bill_per_payer=False)
    eat(billed, october(1))

    assert bill(billed).invoices == 3
    assert Invoice.objects.filter(child=None).count() == 0


def test_pressed_twice_or_by_two_it_is_one_run(billed: Cast) -> None:
    eat(billed, october(1, 2))
    first, again = bill(billed), bill(billed, by=billed.staff["office"])

    assert (again.id, again.invoices) == (first.id, first.invoices)
    assert Issue.objects.count() == 2
    assert Line.objects.count() == 6


def test_small_sums_wait_for_the_next_month(billed: Cast) -> None:
    choosing(billed.town, bill_least=1000)
    eat(billed, october(1), absent=["Anna"])
    eat(billed, october(2), absent=["Anna", "Luca"])
    with pytest.raises(running.NothingToIssue):
        bill(billed)
    eat(billed, [date(2026, 11, 3), date(2026, 11, 4)], absent=["Anna"])

    bill(billed, "2026-11")

    found = the_invoices(billed)
    assert {name: one.total.cents for name, one in found.items()} == {"haddad": 4 * 460}


def test_a_day_given_back_after_its_invoice_is_a_line_of_the_next(billed: Cast) -> None:
    from campanella.usecases import mealtime

    eat(billed, october(1, 2), absent=["Luca"])
    bill(billed)
    with clock.standing_at(noon(date(2026, 11, 9))):
        mealtime.correct(
            by=OFFICE,
            child_id=billed.child("Anna").pk,
            service=billed.services["mensa"],
            day=date(2026, 10, 2),
            is_present=False,
            reason="era a casa",
            now=clock.now(),
        )
    eat(billed, [date(2026, 11, day) for day in (10, 11)], absent=["Luca"])

    bill(billed, "2026-11")

    november = next(one for one in queries.invoices_between(period=date(2026, 11, 1)) if one.total == Euro(460))
    (lines,) = queries.lines_of(invoice_ids=[november.id]).values()
    assert [(line.day.month, line.day.day, line.amount.cents) for line in lines] == [
        (10, 2, -460),
        (11, 10, 460),
        (11, 11, 460),
    ]
    rossi = billed.families["rossi"].guardian.pk
    assert sum(one.open.cents for one in queries.open_invoices(payer_ids=[rossi])) == -billed.balance("Anna")


def test_what_changes_after_the_preview_is_noticed(billed: Cast) -> None:
    eat(billed, october(1))
    run = running.preview(by=OFFICE, service=billed.services["mensa"], now=clock.now(), **OCTOBER)
    eat(billed, october(2))

    with pytest.raises(running.ChangedSincePreview):
        running.confirm(by=OFFICE, run_id=run.id, now=clock.now())

    assert Invoice.objects.count() == 0


@pytest.mark.parametrize("cents", [1000, -300])
def test_a_credit_that_moves_after_the_preview_is_noticed_with_every_line_as_it_was(billed: Cast, cents: int) -> None:
    eat(billed, october(1, 2))
    run = running.preview(by=OFFICE, service=billed.services["mensa"], now=clock.now(), **OCTOBER)
    billed.credit("Anna", cents)

    with pytest.raises(running.ChangedSincePreview):
        running.confirm(by=OFFICE, run_id=run.id, now=clock.now())
    again = running.preview(by=OFFICE, service=billed.services["mensa"], now=clock.now(), **OCTOBER)
    assert again.total == run.total - Euro(min(cents, 2 * 460))
    assert running.confirm(by=OFFICE, run_id=run.id, now=clock.now()).total == again.total


def test_another_payer_or_another_least_sum_after_the_preview_is_noticed(billed: Cast) -> None:
    eat(billed, october(1))
    run = running.preview(by=OFFICE, service=billed.services["mensa"], now=clock.now(), **OCTOBER)
    choosing(billed.town, bill_least=500)
    with pytest.raises(running.ChangedSincePreview):
        running.confirm(by=OFFICE, run_id=run.id, now=clock.now())

    choosing(billed.town, bill_least=0)
    assert running.confirm(by=OFFICE, run_id=run.id, now=clock.now()).state == "issuing"


@pytest.mark.parametrize(("looked", "days"), [(date(2026, 10, 29), 2), (date(2026, 10, 30), 1), (date(2026, 10, 31), None)])
def test_a_month_that_is_not_over_says_so(billed: Cast, looked: date, days: int | None) -> None:
    """Thursday and Friday are still to come, then Friday, then nothing but the week-end."""
    eat(billed, october(1))
    with clock.standing_at(noon(looked)):
        run = running.preview(by=OFFICE, service=billed.services["mensa"], now=clock.now(), **OCTOBER)

    found = [one for one in run.summary["anomalies"] if one["kind"] == "running"]
    assert [one["days"] for one in found] == ([] if days is None else [days])
    assert [one["child_tax_code"] for one in exports.anomalies(run=run) if one["kind"] == "running"] == [""] * len(found)


def test_days_that_took_from_the_credit_before_it_was_decided_otherwise_are_named(valle: Cast) -> None:
    """A rule from a past day on: what was there already is on the invoice, with the credit that it had taken."""
    valle.credit("Anna", 5000)
    eat(valle, october(1, 2, 5))
    with clock.standing_at(noon(date(2026, 10, 5))):
        policies.set_for_children(
            by=OFFICE,
            child_ids=[valle.child("Anna").pk],
            service=valle.services["mensa"],
            kind="postpaid",
            first=date(2026, 10, 1),
            reason="",
            now=clock.now(),
        )
    eat(valle, october(6))
    with clock.standing_at(noon(date(2026, 11, 5))):
        run = running.preview(by=OFFICE, service=valle.services["mensa"], now=clock.now(), **OCTOBER)

    (found,) = [one for one in run.summary["anomalies"] if one["kind"] == "decided"]
    assert (found["child_id"], found["days"]) == (valle.child("Anna").pk, 2)
    assert (run.total, run.summary["carried_cents"]) == (Euro(0), 4 * 460)


def test_from_the_invoice_to_the_bank_nothing_was_taken_before(billed: Cast) -> None:
    eat(billed, october(1, 2))
    with clock.standing_at(noon(date(2026, 10, 20))):
        policies.set_for_children(
            by=OFFICE,
            child_ids=[billed.child("Anna").pk],
            service=billed.services["mensa"],
            kind="debit",
            first=date(2026, 10, 1),
            reason="",
            now=clock.now(),
        )
    with clock.standing_at(noon(date(2026, 11, 5))):
        run = running.preview(by=OFFICE, service=billed.services["mensa"], now=clock.now(), **OCTOBER)
    assert [one for one in run.summary["anomalies"] if one["kind"] == "decided"] == []


def test_a_tariff_changed_after_the_preview_is_noticed_even_where_nothing_was_charged_again(billed: Cast) -> None:
    from campanella.domains.services.models import Bracket

    eat(billed, october(1))
    run = running.preview(by=OFFICE, service=billed.services["mensa"], now=clock.now(), **OCTOBER)
    Bracket.objects.filter(cents=460).update(cents=480)

    with pytest.raises(running.ChangedSincePreview):
        running.confirm(by=OFFICE, run_id=run.id, now=clock.now())
    with clock.standing_at(noon(date(2026, 11, 5))):
        again = running.preview(by=OFFICE, service=billed.services["mensa"], now=clock.now(), **OCTOBER)
    assert {one["kind"] for one in again.summary["anomalies"]} == {"tariff", "tax_code"}


def test_above_the_towns_amount_somebody_else_confirms(billed: Cast) -> None:
    choosing(billed.town, bill_second_person=1000)
    eat(billed, october(1))
    office, other = billed.staff["office"], billed.staff["cashier"]
    run = running.preview(by=office, service=billed.services["mensa"], now=clock.now(), **OCTOBER)

    with pytest.raises(AnotherPersonNeeded):
        running.confirm(by=office, run_id=run.id, now=clock.now())

    assert running.confirm(by=other, run_id=run.id, now=clock.now()).state == "issuing"


def test_an_access_that_one_has_made_is_nobody_else(billed: Cast) -> None:
    choosing(billed.town, bill_second_person=1000)
    eat(billed, october(1))
    office = billed.staff["office"]
    own = create_user(by=office, username="due", display_name="Due", roles=[Role.OFFICE], password=PASSWORD, now=clock.now())
    run = running.preview(by=office, service=billed.services["mensa"], now=clock.now(), **OCTOBER)

    with pytest.raises(two_people.InOneHand):
        running.confirm(by=own, run_id=run.id, now=clock.now())
    assert Invoice.objects.count() == 0


def test_who_confirms_what_a_colleague_has_looked_at_since_is_told_so(billed: Cast) -> None:
    eat(billed, october(1))
    seen = running.preview(by=billed.staff["office"], service=billed.services["mensa"], now=clock.now(), **OCTOBER)
    eat(billed, october(2))
    again = running.preview(by=billed.staff["cashier"], service=billed.services["mensa"], now=clock.now(), **OCTOBER)

    with pytest.raises(running.ChangedSincePreview):
        running.confirm(by=billed.staff["office"], run_id=seen.id, told=seen.digest, now=clock.now())
    done = running.confirm(by=billed.staff["office"], run_id=seen.id, told=again.digest, now=clock.now())
    assert (done.state, done.total) == ("issuing", again.total)


def test_a_month_called_back_under_a_later_one_is_billed_again_with_all_its_days(billed: Cast) -> None:
    eat(billed, october(1, 2))
    first = bill(billed)
    eat(billed, [date(2026, 11, 3)])
    november = bill(billed, "2026-11")
    with clock.standing_at(noon(date(2026, 12, 9))):
        staging.recall(by=OFFICE, run_id=first.id, reason="tariffa sbagliata", now=clock.now())
        again = running.preview(by=OFFICE, service=billed.services["mensa"], now=clock.now(), **OCTOBER)
        assert (again.invoices, again.total) == (first.invoices, first.total)
        running.confirm(by=OFFICE, run_id=again.id, now=clock.now())
        issuing.issue(run_id=again.id)
    eat(billed, [date(2026, 12, 1)])

    december = bill(billed, "2026-12")

    assert december.total == november.total == Euro(3 * 460 - 150), "one day of two children, one at half"
    rossi = billed.families["rossi"].guardian.pk
    owed = sum(one.open.cents for one in queries.open_invoices(payer_ids=[rossi]))
    assert owed == -billed.balance("Anna") - billed.balance("Luca")


def test_a_month_called_back_and_left_is_on_the_next_invoice_day_by_day(billed: Cast) -> None:
    eat(billed, october(1, 2))
    first = bill(billed)
    eat(billed, [date(2026, 11, 3)])
    bill(billed, "2026-11")
    with clock.standing_at(noon(date(2026, 12, 9))):
        staging.recall(by=OFFICE, run_id=first.id, reason="tariffa sbagliata", now=clock.now())
    eat(billed, [date(2026, 12, 1)])

    bill(billed, "2026-12")

    haddad = billed.families["haddad"].guardian.pk
    (december,) = [one for one in queries.invoices_between(period=date(2026, 12, 1)) if one.payer_id == haddad]
    (lines,) = queries.lines_of(invoice_ids=[december.id]).values()
    assert [(line.day.month, line.day.day) for line in lines] == [(10, 1), (10, 2), (12, 1)]
    assert [share.carried for share in december.shares] == [Euro(0)]


@pytest.mark.parametrize("chosen", [{"bill_series": "REFEZIONE-2026"}, {"bill_credit_series": "FT"}])
def test_a_month_whose_numbers_could_not_be_written_is_not_confirmed(billed: Cast, chosen: dict[str, str]) -> None:
    """What a town had written before the page asked for it."""
    choosing(billed.town, **chosen)
    eat(billed, october(1))
    run = running.preview(by=OFFICE, service=billed.services["mensa"], now=clock.now(), **OCTOBER)

    with pytest.raises(SeriesUnusable):
        running.confirm(by=OFFICE, run_id=run.id, now=clock.now())
    assert Invoice.objects.count() == 0


def test_a_run_is_not_called_back_into_the_invoices_own_series(billed: Cast) -> None:
    eat(billed, october(1))
    run = bill(billed)
    choosing(billed.town, bill_credit_series="FT")

    with pytest.raises(SeriesUnusable):
        staging.recall(by=OFFICE, run_id=run.id, reason="tariffa sbagliata", now=clock.now())
    assert CreditNote.objects.count() == 0


def test_an_earlier_month_is_issued_to_its_end_first(billed: Cast) -> None:
    eat(billed, [*october(1), date(2026, 11, 3)])
    choosing(billed.town, bill_sample=1)
    november = {"first": date(2026, 11, 1), "last": date(2026, 11, 30)}
    with clock.standing_at(noon(date(2026, 12, 5))):
        run = running.preview(by=OFFICE, service=billed.services["mensa"], now=clock.now(), **OCTOBER)
        running.confirm(by=OFFICE, run_id=run.id, now=clock.now())
        later = running.preview(by=OFFICE, service=billed.services["mensa"], now=clock.now(), **november)
        with pytest.raises(running.EarlierRunOpen):
            running.confirm(by=OFFICE, run_id=later.id, now=clock.now())
    assert Invoice.objects.exclude(run_id=run.id).count() == 0


def test_stopped_within_the_first_ones_it_waits_to_be_looked_at_all_the_same(billed: Cast) -> None:
    choosing(billed.town, bill_sample=1)
    eat(billed, october(1))
    run = running.preview(by=OFFICE, service=billed.services["mensa"], now=clock.now(), **OCTOBER)
    running.confirm(by=OFFICE, run_id=run.id, now=clock.now())
    staging.stop(by=OFFICE, run_id=run.id, now=clock.now())
    staging.go_on(by=OFFICE, run_id=run.id, now=clock.now())
    issuing.issue(run_id=run.id)
    assert (Issue.objects.count(), running.runs.run(run_id=run.id).is_waiting) == (1, True)

    staging.go_on(by=OFFICE, run_id=run.id, now=clock.now())
    issuing.issue(run_id=run.id)
    assert Issue.objects.count() == 2


def test_a_run_called_back_leaves_credit_notes_and_days_for_another(billed: Cast) -> None:
    eat(billed, october(1))
    run = bill(billed)

    assert staging.recall(by=OFFICE, run_id=run.id, reason="tariffa sbagliata", now=clock.now()) == 2
    assert staging.recall(by=OFFICE, run_id=run.id, reason="ancora", now=clock.now()) == 0

    assert {one.state for one in queries.invoices_between(period=None)} == {"cancelled"}
    assert list(CreditNote.objects.order_by("number").values_list("series", "number")) == [("NC", 1), ("NC", 2)]
    assert queries.open_invoices() == []
    again = bill(billed)
    assert (again.invoices, again.id != run.id) == (2, True)
    assert [one.number for one in queries.invoices_between(period=None)][2:] == ["FT/2026/3", "FT/2026/4"]


@pytest.mark.parametrize("decided", [date(2026, 10, 30), date(2026, 11, 6)])
def test_who_pays_after_the_month_from_the_next_one_on_is_billed_for_days_used_before_the_run(
    valle: Cast, decided: date
) -> None:
    """Decided before October's run or after it: the days of November that were there already are November's."""
    haddad, anna = valle.child("Amina").pk, valle.child("Anna").pk

    def pays_after(child_id: int, first: date) -> None:
        policies.set_for_children(
            by=OFFICE,
            child_ids=[child_id],
            service=valle.services["mensa"],
            kind="postpaid",
            first=first,
            reason="",
            now=clock.now(),
        )

    pays_after(haddad, date(2026, 10, 1))
    eat(valle, [*october(1, 2), date(2026, 11, 2), date(2026, 11, 3)])
    if decided.month == 10:
        pays_after(anna, date(2026, 11, 1))
    bill(valle)
    if decided.month == 11:
        with clock.standing_at(noon(decided)):
            pays_after(anna, date(2026, 11, 1))

    bill(valle, "2026-11")

    november = {one.child_ids[0]: one.shares[0].lines for one in queries.invoices_between(period=date(2026, 11, 1))}
    assert november == {haddad: Euro(2 * 460), anna: Euro(2 * 460)}
