"""Money at the counter: one press is one top-up, a mistake is undone for some minutes, and the book says all of it."""

from typing import Any

import pytest

from campanella.domains.cash import codes, rules, till
from campanella.domains.cash.models import CashTopUp
from campanella.domains.cash.operations import PointData
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger import verify
from campanella.domains.messaging.models import Message
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.readings import movements, proofs, wallet_sums
from campanella.usecases.cash import days, points, taking
from tests.cash import PERLA, cashier, close, code, opened, pharmacy, take, void
from tests.towns import OFFICE, TODAY, Cast, choosing, run_jobs

KEY = "una-chiave-del-modulo-1"


def is_clean() -> bool:
    return verify.violations() == [] and proofs.violations() == []


def test_the_credit_rises_at_once_and_the_statement_says_where(valle: Cast) -> None:
    opened(valle)

    top_up = take(valle, 2000)

    assert valle.balance("Anna") == 2000
    assert top_up.receipt == "CP-01-000001"
    (line,) = ledger.movements_of(wallet_id=valle.wallet("Anna").pk)
    (told,) = movements.told(lines=[line])
    assert (told.title, told.why) == ("Ricarica", "Contanti, Farmacia La Perla, ricevuta CP-01-000001")
    account = wallet_sums.account(wallet_id=valle.wallet("Anna").pk, first=TODAY, last=TODAY)
    assert account is not None
    assert account.lines == (("Ricariche alla cassa", Euro(2000)),)
    run_jobs()
    assert is_clean()


def test_the_same_form_sent_twice_takes_the_money_once(valle: Cast) -> None:
    opened(valle)

    first, second = take(valle, 2000, key=KEY), take(valle, 2000, key=KEY)

    assert first == second
    assert (valle.balance("Anna"), CashTopUp.objects.count()) == (2000, 1)


@pytest.mark.parametrize("other", [{"cents": 3000}, {"child": "Luca"}, {"means": "card"}])
def test_a_form_that_was_used_takes_nothing_else(valle: Cast, other: dict[str, Any]) -> None:
    opened(valle)
    take(valle, 2000, key=KEY)

    with pytest.raises(taking.FormUsed) as refused:
        take(valle, **{"cents": 2000, "key": KEY, **other})

    assert "hai già incassato 20,00" in refused.value.message
    assert (valle.balance("Anna"), valle.balance("Luca")) == (2000, 0)


def test_codes_are_of_their_wallets_and_stay(valle: Cast) -> None:
    wallets = [valle.wallet(name).pk for name in ("Anna", "Luca", "Amina")]

    found = codes.codes_for(wallet_ids=wallets, now=clock.now())

    assert len(set(found.values())) == 3
    assert all(rules.is_code(one) for one in found.values())
    assert codes.codes_for(wallet_ids=wallets, now=clock.now()) == found


def test_a_code_that_somebody_has_is_not_given_twice(valle: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    given = iter(["4417209353", "4417209353", rules.code_of(100_000_000)])
    monkeypatch.setattr(codes, "_any", lambda: next(given))

    found = codes.codes_for(wallet_ids=[valle.wallet(name).pk for name in ("Anna", "Luca")], now=clock.now())

    assert sorted(found.values()) == sorted(["4417209353", rules.code_of(100_000_000)])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Scrivi il codice"),
        ("44172", "qui ce ne sono 5"),
        ("44172 0935x", "solo cifre"),
        ("4417209358", "una cifra sbagliata, o due scambiate"),
        ("4417209353", "non è di nessuno"),
    ],
)
def test_a_wrong_code_says_what_to_look_at_and_books_nothing(valle: Cast, typed: str, said: str) -> None:
    opened(valle)

    with pytest.raises(taking.WrongCode) as refused:
        taking.take(by=valle.staff["cashier"], typed=typed, amount=Euro(2000), means="cash", key=KEY, now=clock.now())

    assert said in refused.value.message
    assert not CashTopUp.objects.exists()


@pytest.mark.parametrize(("cents", "is_taken"), [(499, False), (500, True), (30_000, True), (30_001, False)])
def test_a_counter_takes_what_the_town_lets_it(valle: Cast, cents: int, is_taken: bool) -> None:
    opened(valle)
    if is_taken:
        take(valle, cents)
    else:
        with pytest.raises(taking.AmountRefused):
            take(valle, cents)
    assert valle.balance("Anna") == (cents if is_taken else 0)


def test_without_an_open_till_nothing_is_taken(valle: Cast) -> None:
    pharmacy(valle)
    with pytest.raises(till.NotOpen):
        take(valle)


def test_the_till_of_yesterday_is_counted_first(valle: Cast, at: Any) -> None:
    session = opened(valle)
    take(valle, 2000)
    at("2026-10-15 08:40")

    with pytest.raises(till.OfAnotherDay):
        take(valle)
    with pytest.raises(till.OpenAlready):
        days.open_day(by=valle.staff["cashier"], float_cents=0, now=clock.now())
    close(valle, session, 2000)
    days.open_day(by=valle.staff["cashier"], float_cents=0, now=clock.now())

    assert take(valle).receipt == "CP-01-000002"


def test_a_point_takes_money_in_its_own_ways(valle: Cast) -> None:
    desk = PointData("Economato", "", "desk", takes_cash=False, takes_card=True)
    pharmacy(valle, data=desk)
    days.open_day(by=valle.staff["cashier"], float_cents=0, now=clock.now())

    with pytest.raises(till.NotTakenHere):
        take(valle)
    take(valle, means="card")
    assert valle.balance("Anna") == 2000


@pytest.mark.parametrize("what", ["nobody", "off", "closed"])
def test_who_stands_at_no_point_takes_nothing(valle: Cast, what: str) -> None:
    session = opened(valle)
    by = valle.staff["cashier"]
    if what == "nobody":
        by = cashier()
    elif what == "off":
        choosing(valle.town, cash_points=False)
    else:
        close(valle, session, 0)
        points.close(by=OFFICE, point_id=session.point_id, now=clock.now())
    with pytest.raises(taking.NoPoint):
        take(valle, by=by)


def test_within_the_minutes_a_mistake_is_undone(valle: Cast, at: Any) -> None:
    opened(valle)
    top_up = take(valle, 5000)
    at("08:57")

    void(valle, top_up)

    assert valle.balance("Anna") == 0
    (undone, _) = movements.told(lines=ledger.movements_of(wallet_id=valle.wallet("Anna").pk))
    assert undone.title == "Ricarica annullata"
    with pytest.raises(till.VoidedAlready):
        void(valle, top_up)
    run_jobs()
    assert is_clean()


def test_after_the_minutes_only_the_office_puts_it_right(valle: Cast, at: Any) -> None:
    opened(valle)
    top_up = take(valle, 5000)
    at("08:59")
    with pytest.raises(till.TooLateToVoid):
        void(valle, top_up)
    assert valle.balance("Anna") == 5000


def test_after_the_close_nothing_is_taken_or_undone(valle: Cast) -> None:
    session = opened(valle)
    top_up = take(valle, 5000)
    close(valle, session, 5000)
    with pytest.raises(till.TooLateToVoid):
        void(valle, top_up)
    with pytest.raises(till.NotOpen):
        take(valle)


def test_a_receipt_of_another_point_is_not_there(valle: Cast) -> None:
    opened(valle)
    top_up = take(valle)
    ivo = cashier()
    points.add(by=OFFICE, data=PERLA, user_ids=[ivo.pk], now=clock.now())
    with pytest.raises(NotFound):
        taking.void(by=ivo, top_up_id=top_up.id, why="x", now=clock.now())
    assert valle.balance("Anna") == 2000


def test_the_family_is_thanked_and_told_when_it_is_undone(valle: Cast) -> None:
    opened(valle)
    top_up = take(valle, 2000)
    run_jobs()
    (thanks,) = Message.objects.filter(template="cash_taken")
    text = " ".join(thanks.text.split())
    assert "20,00 € per Anna, Refezione, pagata da Farmacia La Perla (contanti)." in text
    assert "Con questa ricarica il credito è 20,00 €." in text
    assert "I contanti non valgono per la detrazione" in text

    void(valle, top_up)
    run_jobs()
    (undone,) = Message.objects.filter(template="cash_voided")
    assert "Adesso il credito è 0,00 €" in " ".join(undone.text.split())
    assert is_clean()


def test_what_was_undone_before_the_letter_left_tells_nobody(valle: Cast) -> None:
    opened(valle)
    void(valle, take(valle, 2000))
    run_jobs()
    assert not Message.objects.filter(template__startswith="cash_").exists()


def test_the_acts_stand_on_the_pages_of_child_and_point(valle: Cast) -> None:
    session = opened(valle)
    void(valle, take(valle, 2000))
    said = [act.sentence for act in audit.acts_on(subjects=[f"child:{valle.child('Anna').pk}"])]
    assert said[:2] == [
        "ha annullato una ricarica di 20,00\u00a0€ per Refezione, ricevuta CP-01-000001",
        "ha incassato 20,00\u00a0€ per Refezione: contanti, ricevuta CP-01-000001",
    ]
    assert len(audit.acts_on(subjects=[f"cash_point:{session.point_id}"])) == 5


def test_the_number_of_statements_does_not_grow_with_the_day(valle: Cast, django_assert_max_num_queries: Any) -> None:
    opened(valle)
    code(valle)
    for _ in range(5):
        take(valle)
    with django_assert_max_num_queries(40):
        take(valle)
