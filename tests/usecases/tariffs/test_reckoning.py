"""A subscription to a reckoned tariff costs what it says, each day; what was charged already follows by differences."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campanella.domains.enrolment import declared, isee, reckoned
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.models import Subscription
from campanella.domains.enrolment.rules import isee_valid_until
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger import verify
from campanella.domains.people import operations as people
from campanella.domains.people.models import Child
from campanella.domains.people.operations import NewGuardian
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock, jobs
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.readings import priced, proofs
from campanella.readings.proofs import trail
from campanella.usecases import enrolling, pricing, reckoning, registry
from campanella.usecases import isee as desk
from campanella.usecases.isee import Said
from tests.auditor import differences
from tests.tariffs import LISSONE, SEASON, SIBLINGS, let_pay, load, prices, serve, whole
from tests.towns import OFFICE, TODAY, Cast, choosing, tell_again

At = Callable[[str], Any]
FULL = (SEASON, 450, "Piena")


def said(euro: int, received_on: date = TODAY, **more: Any) -> Said:
    return Said(
        **{"amount": Euro(euro * 100), "kind": "ordinary", "issued_on": date(2026, 3, 2), "received_on": received_on, **more}
    )


def enter(cast: Cast, what: Said, family: str = "rossi", **more: Any) -> declared.Declaration:
    key = f"press-{what.amount.cents}-{what.received_on}"
    payer_id = cast.families[family].guardian.pk
    return desk.enter(by=cast.staff["office"], payer_id=payer_id, said=what, key=key, told=None, now=clock.now(), **more)


@pytest.mark.parametrize(
    ("kind", "issued", "until"),
    [
        ("ordinary", date(2026, 1, 1), date(2026, 12, 31)),
        ("minors", date(2026, 12, 31), date(2026, 12, 31)),
        ("current", date(2026, 3, 31), date(2026, 9, 30)),
        ("current", date(2026, 8, 31), date(2027, 2, 28)),
        ("current", date(2026, 6, 15), date(2026, 12, 15)),
    ],
)
def test_how_long_an_isee_lasts(kind: Any, issued: date, until: date) -> None:
    assert isee_valid_until(kind=kind, issued_on=issued) == until


def test_who_has_no_isee_pays_in_full(valle: Cast) -> None:
    let_pay(valle, load(), "Anna")
    assert prices(valle, "Anna") == [FULL]


@pytest.mark.parametrize(
    ("received", "now", "begins"),
    [
        (date(2026, 9, 30), "2026-10-14 08:40", SEASON),
        (date(2026, 10, 15), "2026-10-16 08:40", date(2026, 10, 1)),
        (date(2026, 10, 16), "2026-10-16 08:40", date(2026, 11, 1)),
    ],
)
def test_an_isee_counts_from_the_day_that_the_town_says(valle: Cast, at: At, received: date, now: str, begins: date) -> None:
    let_pay(valle, load(), "Anna")
    at(now)
    enter(valle, said(9_800, received))
    after = [(begins, 305, "Fino a 11.000")]
    assert prices(valle, "Anna") == (after if begins == SEASON else [FULL, *after])


def test_only_the_difference_moves_once_for_each_day_with_its_reason(valle: Cast, at: At) -> None:
    let_pay(valle, load(), "Anna")
    for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 2)):
        at(f"{day} 08:40")
        serve(valle, day)
    at("2026-10-14 08:40")
    assert valle.balance("Anna") == -3 * 450
    enter(valle, said(9_800))
    assert valle.balance("Anna") == -450 - 2 * 305
    lines = ledger.movements_of(wallet_id=valle.wallet("Anna").pk)
    again = [(line.day, line.amount.cents, line.memo) for line in lines if line.at == clock.now()]
    reason = "Refezione: ISEE ricevuto il 14/10/2026"
    assert sorted(again) == [(date(2026, 10, 1), 145, reason), (date(2026, 10, 2), 145, reason)]
    assert reckoning.put_all_right(by=OFFICE, now=clock.now()) == 0
    serve(valle, TODAY)
    assert valle.balance("Anna") == -450 - 3 * 305


def test_what_is_refused_later_is_charged_again(valle: Cast, at: At) -> None:
    let_pay(valle, load(), "Anna")
    made = enter(valle, said(9_800))
    serve(valle, TODAY)
    assert valle.balance("Anna") == -305
    at("2026-10-20 08:40")
    office = valle.staff["office"]
    with pytest.raises(desk.ReasonMissing):
        desk.refuse(by=office, declaration_id=made.id, reason=" ", told=None, now=clock.now())
    days = desk.refuse(by=office, declaration_id=made.id, reason="importo diverso", told=Euro(145), now=clock.now())
    assert (days, valle.balance("Anna"), prices(valle, "Anna")) == (1, -450, [FULL])
    with pytest.raises(isee.DecidedAlready):
        desk.refuse(by=office, declaration_id=made.id, reason="ancora", told=None, now=clock.now())
    kept = declared.one(declaration_id=made.id)
    assert [one.state for one in kept.decisions] == ["checked", "refused"]


def test_what_was_told_is_what_moves(valle: Cast) -> None:
    let_pay(valle, load(), "Anna")
    serve(valle, TODAY)
    payer_id = valle.families["rossi"].guardian.pk
    told = desk.preview(payer_id=payer_id, said=said(9_800), now=clock.now())
    assert (told.total, told.days) == (Euro(-145), 1)
    assert [(line.child, line.days, line.moves.cents) for line in told.lines] == [("Anna Rossi", 1, -145)]
    press: dict[str, Any] = {"by": OFFICE, "payer_id": payer_id, "said": said(9_800), "key": "press-000000000001"}
    with pytest.raises(desk.ChangedSinceShown):
        desk.enter(**press, told=Euro(-290), now=clock.now())
    assert declared.of_payers(payer_ids=[payer_id]) == []
    desk.enter(**press, told=told.total, now=clock.now())
    desk.enter(**press, told=told.total, now=clock.now())
    assert (valle.balance("Anna"), len(declared.of_payers(payer_ids=[payer_id]))) == (-305, 1)


def test_what_a_family_declares_waits_for_the_office(valle: Cast) -> None:
    let_pay(valle, load(), "Anna")
    payer = valle.families["rossi"].guardian
    one = desk.declare(by=OFFICE, payer_id=payer.pk, said=said(9_800), key="press-000000000001", now=clock.now())
    assert (one.state, prices(valle, "Anna"), declared.waiting_count()) == ("declared", [FULL], 1)
    desk.check(by=valle.staff["office"], declaration_id=one.id, told=None, now=clock.now())
    assert (prices(valle, "Anna")[-1][1], declared.waiting_count()) == (305, 0)


def test_a_town_may_let_it_count_at_once(valle: Cast) -> None:
    choosing(valle.town, isee_counts_at_once=True)
    let_pay(valle, load(), "Anna")
    payer = valle.families["rossi"].guardian
    desk.declare(by=OFFICE, payer_id=payer.pk, said=said(9_800), key="press-000000000001", now=clock.now())
    assert prices(valle, "Anna") == [FULL, (date(2026, 10, 1), 305, "Fino a 11.000")]


def test_one_with_omissions_counts_where_the_town_says_so(valle: Cast) -> None:
    let_pay(valle, load(), "Anna")
    enter(valle, said(9_800, has_omissions=True))
    assert prices(valle, "Anna") == [FULL]


@pytest.mark.parametrize(
    ("what", "refusal"),
    [
        ({"amount": Euro(-1)}, isee.IseeOutOfRange),
        ({"amount": Euro(isee.MOST_CENTS + 1)}, isee.IseeOutOfRange),
        ({"issued_on": date(2025, 11, 3)}, isee.IseeOver),
        ({"issued_on": TODAY + timedelta(days=1)}, isee.IseeNotYet),
        ({"received_on": TODAY + timedelta(days=1)}, isee.IseeNotYet),
        ({"kind": "current", "issued_on": date(2026, 3, 2)}, isee.IseeOver),
    ],
)
def test_what_is_no_isee_of_this_year_is_refused(valle: Cast, what: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        enter(valle, said(9_800, **what))
    enter(valle, said(9_800))


def test_the_same_is_not_declared_twice(valle: Cast) -> None:
    enter(valle, said(9_800))
    with pytest.raises(isee.IseeKnown):
        enter(valle, said(9_800, TODAY - timedelta(days=1)))


def test_a_current_one_takes_over_and_the_later_one_holds(valle: Cast, at: At) -> None:
    let_pay(valle, load(), "Anna")
    enter(valle, said(9_800))
    at("2026-11-10 08:40")
    enter(valle, said(6_000, date(2026, 11, 10), kind="current", issued_on=date(2026, 11, 9)))
    assert [cents for _, cents, _ in prices(valle, "Anna")] == [450, 305, 255]


def test_siblings_stand_in_the_order_of_age_and_by_the_days_on_which_they_use_it(valle: Cast) -> None:
    tariff = load(LISSONE + SIBLINGS)
    let_pay(valle, tariff, "Anna")
    assert prices(valle, "Anna") == [FULL]
    let_pay(valle, tariff, "Luca")
    assert prices(valle, "Luca") == [(SEASON, 360, "Piena, Secondo figlio")]
    (line,) = enrolment.uses_of(child_ids=[valle.child("Anna").pk], service_id=valle.services["mensa"].pk)
    enrolling.end(by=OFFICE, child_id=line.child_id, subscription_id=line.id, last=date(2026, 10, 31), now=clock.now())
    assert prices(valle, "Luca") == [(SEASON, 360, "Piena, Secondo figlio"), (date(2026, 11, 1), 450, "Piena")]


def test_who_moves_out_of_town_pays_in_full_from_that_day(valle: Cast) -> None:
    let_pay(valle, load(), "Anna")
    enter(valle, said(6_000, date(2026, 9, 30)))
    child_id = valle.child("Anna").pk
    for is_resident, day in ((False, date(2026, 10, 12)), (True, date(2026, 11, 1))):
        desk.note_fact(by=OFFICE, child_id=child_id, first=day, is_resident=is_resident, words=(), now=clock.now())
    assert prices(valle, "Anna") == [
        (SEASON, 255, "Fino a 7.000"),
        (date(2026, 10, 12), 450, "Non residente"),
        (date(2026, 11, 1), 255, "Fino a 7.000"),
    ]


def test_another_payer_brings_another_household_and_the_past_stays(valle: Cast) -> None:
    let_pay(valle, load(), "Anna")
    enter(valle, said(9_800, date(2026, 9, 30)))
    serve(valle, TODAY)
    (father,) = people.register_guardians(guardians=[NewGuardian("Ugo", "Rossi", "", "", "")])
    child_id = valle.child("Anna").pk
    registry.tie(by=OFFICE, child_id=child_id, guardian_id=father.pk, kind="parent", is_payer=False, now=clock.now())
    registry.choose_payer(by=OFFICE, child_id=child_id, guardian_id=father.pk, now=clock.now())
    assert prices(valle, "Anna") == [(SEASON, 305, "Fino a 11.000"), (TODAY, 450, "Piena")]
    assert valle.balance("Anna") == -450
    assert reckoning.put_all_right(by=OFFICE, now=clock.now()) == 0


def test_what_the_office_takes_off_by_hand_stays(valle: Cast) -> None:
    tariff = load()
    let_pay(valle, tariff, "Anna")
    child_id = valle.child("Anna").pk
    (line,) = enrolment.uses_of(child_ids=[child_id], service_id=valle.services["mensa"].pk)
    change: dict[str, Any] = {"by": OFFICE, "child_id": child_id, "bracket": whole(tariff), "now": clock.now()}
    pricing.change_price(**change, subscription_id=line.id, reduction_percent=50, first=SEASON)
    enter(valle, said(9_800))
    # 4,50 − 50 % = 2,25; 3,05 − 50 % = 1,525, half up.
    assert [cents for _, cents, _ in prices(valle, "Anna")] == [225, 153]
    told = priced.explained(child_id=child_id, day=clock.today())[valle.services["mensa"].pk]
    assert told.amount == Euro(153)
    assert told.because.endswith("Con la riduzione del 50 %: 1,53\xa0€.")


def test_an_end_and_days_hold_for_all_that_a_tariff_has_cut(valle: Cast) -> None:
    let_pay(valle, load(), "Anna")
    enter(valle, said(9_800, date(2026, 10, 14)))
    mensa, child_id = valle.services["mensa"].pk, valle.child("Anna").pk
    _, later = sorted(enrolment.uses_of(child_ids=[child_id], service_id=mensa), key=lambda line: line.first)
    enrolling.change_days(
        by=OFFICE, child_id=child_id, subscription_id=later.id, weekdays=0b00101, first=date(2026, 10, 19), now=clock.now()
    )
    lines = enrolment.uses_of(child_ids=[child_id], service_id=mensa)
    assert sorted((line.first, line.weekdays) for line in lines)[-1] == (date(2026, 10, 19), 0b00101)
    piece = min(lines, key=lambda line: line.first)
    enrolling.end(by=OFFICE, child_id=child_id, subscription_id=piece.id, last=date(2026, 10, 20), now=clock.now())
    lines = enrolment.uses_of(child_ids=[child_id], service_id=mensa)
    assert max(line.last or date.max for line in lines) == date(2026, 10, 20)


def test_reckoned_prices_are_in_no_list(valle: Cast) -> None:
    from campanella.domains.services import queries as services

    tariff = load(LISSONE + SIBLINGS)
    let_pay(valle, tariff, "Anna", "Luca")
    assert Bracket.objects.filter(is_reckoned=True).count() == 1
    offered = [one.name for one in services.prices_from(day=TODAY) if one.tariff_id == tariff.pk]
    assert offered == ["Mensa 2026/27"]


def test_the_auditor_agrees(valle: Cast) -> None:
    let_pay(valle, load(LISSONE + SIBLINGS), "Anna", "Luca")
    serve(valle, TODAY)
    enter(valle, said(9_800))
    assert valle.balance("Anna") == -305
    assert differences(valle.town) == []
    assert reckoned.differing(known=priced.households(child_ids=None)) == []
    assert verify.violations() + proofs.violations() + trail.violations() == []


def test_a_town_is_put_right_in_as_many_statements_as_a_child(valle: Cast) -> None:
    tariff = load()
    names = ("Anna", "Luca", "Amina")
    let_pay(valle, tariff, *names)
    serve(valle, TODAY)
    cheap = Bracket.objects.get(tariff=tariff, cents=255)
    counts = []
    for some in (names[:1], names):
        ids = [valle.child(name).pk for name in some]
        Subscription.objects.filter(child_id__in=ids, bracket__tariff=tariff).update(bracket=cheap)
        with CaptureQueriesContext(connection) as captured:
            assert reckoning.put_all_right(by=OFFICE, now=clock.now()) == len(some)
        # Savepoints are no statements.
        counts.append([query["sql"][:60] for query in captured if "SAVEPOINT" not in query["sql"]])
    assert len(counts[0]) == len(counts[1]), counts
    assert [valle.balance(name) for name in names] == [-450] * 3


def test_a_birthday_that_is_corrected_is_put_right_by_night(valle: Cast) -> None:
    let_pay(valle, load(LISSONE + SIBLINGS), "Anna", "Luca")
    anna, luca = valle.child("Anna"), valle.child("Luca")
    assert (prices(valle, "Anna")[0][1], prices(valle, "Luca")[0][1]) == (450, 360)
    Child.objects.filter(pk=luca.pk).update(birth_date=anna.birth_date - timedelta(days=400))
    jobs.run_now("reckon", town=valle.town.id)
    tell_again()
    assert (prices(valle, "Anna")[0][1], prices(valle, "Luca")[0][1]) == (360, 450)
