"""What the ledger's operations return, and what they leave when nothing is to be done."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from campanella.domains.ledger import holding
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger.models import Account, CreditWarning, Entry, Wallet
from campanella.domains.ledger.operations import Due, Movement, Passage
from campanella.domains.ledger.rules import Level, Source
from campanella.domains.people import operations as people
from campanella.domains.people.models import Child
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case
from tests.towns import TODAY, Cast, run_jobs


def said(*, kind: str = "charge") -> dict[str, object]:
    """What every write of the book is told."""
    return {"kind": kind, "day": TODAY, "memo": "Prova", "by_id": None, "now": clock.now()}


def register(name: str) -> Child:
    """Register a child that has nothing yet."""
    return people.register_child(given_name=name, family_name="Nuova", tax_code="", birth_date=date(2019, 4, 12))


def test_a_wallet_is_opened_once_for_a_service_and_once_for_all_together(valle: Cast) -> None:
    child, meal = valle.child("Anna"), valle.services["mensa"].pk
    mine = holding.open_wallet(child=child, service_id=meal)
    together = holding.open_wallet(child=child, service_id=None)

    assert mine == valle.wallet("Anna")
    assert (together.child_id, together.service_id) == (child.pk, None)
    assert holding.open_wallet(child=child, service_id=None) == together
    assert holding.open_wallet(child=valle.child("Luca"), service_id=None) != together
    assert {account.code for account in Account.objects.filter(kind="wallet", code__startswith=f"{child.pk}:")} == {
        f"{child.pk}:{meal}", f"{child.pk}:{valle.services['scuolabus'].pk}", f"{child.pk}:",
    }  # fmt: skip


def test_many_wallets_are_opened_at_once_and_found_again(valle: Cast) -> None:
    luca, amina, bus = valle.child("Luca").pk, valle.child("Amina").pk, valle.services["scuolabus"].pk
    owners = [(luca, bus), (amina, None), (luca, valle.services["mensa"].pk)]

    opened = holding.open_wallets(owners=owners)

    assert opened[owners[2]] == valle.wallet("Luca").pk
    rows = Wallet.objects.in_bulk(opened.values())
    assert [(rows[opened[owner]].child_id, rows[opened[owner]].service_id) for owner in owners] == owners
    assert holding.open_wallets(owners=owners) == opened
    assert holding.open_wallet(child=valle.child("Amina"), service_id=None).pk == opened[owners[1]]


def test_a_child_without_a_wallet_is_held_beside_one_that_has_some(
    valle: Cast, django_assert_num_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    anna, nora = valle.child("Anna"), register("Nora")
    with django_assert_num_queries(3):
        holding.hold_children(child_ids=[anna.pk, nora.pk])
    with django_assert_num_queries(0):
        holding.hold_children(child_ids=[anna.pk, nora.pk])

    assert holding.are_held(child_ids=[anna.pk, nora.pk])
    assert holding.are_held(wallet_ids=[valle.wallet("Anna").pk])
    opened = holding.open_wallet(child=nora, service_id=None)
    assert holding.open_wallets(owners=[(nora.pk, None)]) == {(nora.pk, None): opened.pk}


def test_a_new_wallet_of_a_held_child_is_held_and_that_of_another_is_not(valle: Cast) -> None:
    luca, amina, bus = valle.child("Luca").pk, valle.child("Amina").pk, valle.services["scuolabus"].pk
    holding.hold_children(child_ids=[luca])

    opened = holding.open_wallets(owners=[(luca, bus), (amina, bus)])

    assert holding.are_held(wallet_ids=[opened[luca, bus]])
    assert not holding.are_held(wallet_ids=[opened[amina, bus]])


def test_who_pays_a_service_is_held_once_and_told_again(valle: Cast) -> None:
    children, meal = [valle.child("Anna").pk, valle.child("Luca").pk], valle.services["mensa"].pk

    @use_case
    def twice() -> list[dict[int, int]]:
        return [holding.hold_payers(child_ids=children, service_id=meal) for _ in range(2)]

    payers = dict(zip(children, [valle.wallet("Anna").pk, valle.wallet("Luca").pk], strict=True))
    assert twice() == [payers, payers]


def test_a_wallet_of_its_own_pays_before_the_common_one(valle: Cast) -> None:
    anna, nora, meal = valle.child("Anna"), register("Nora"), valle.services["mensa"].pk
    holding.open_wallet(child=anna, service_id=None)
    common = holding.open_wallet(child=nora, service_id=None)

    payers = holding.hold_payers(child_ids=[anna.pk, nora.pk], service_id=meal)

    assert payers == {anna.pk: valle.wallet("Anna").pk, nora.pk: common.pk}


def test_settling_nothing_changes_nothing(valle: Cast) -> None:
    wallet, revenue = valle.wallet("Anna").pk, ledger.account(kind="revenue", code="mensa").pk
    due = Due(source=Source.of_presence(1), wallet_id=wallet, revenue_id=revenue, due=Euro(460))
    holding.hold_wallets(wallet_ids=[wallet])

    assert ledger.settle(dues=[], **said()) == 0  # type: ignore[arg-type]
    assert ledger.settle(dues=[due], **said()) == 1  # type: ignore[arg-type]
    assert ledger.settle(dues=[due], **said()) == 0  # type: ignore[arg-type]
    assert valle.balance("Anna") == -460


def test_what_is_said_to_be_the_first_and_is_not_is_refused_whole(valle: Cast) -> None:
    """Nothing is looked up for a fact that was written just now; the retry key holds all the same."""
    wallet, revenue = valle.wallet("Anna").pk, ledger.account(kind="revenue", code="mensa").pk
    dues = [
        Due(source=Source.of_presence(pk), wallet_id=wallet, revenue_id=revenue, due=Euro(460), is_first=True)
        for pk in (1, 2)
    ]
    holding.hold_wallets(wallet_ids=[wallet])

    assert ledger.settle(dues=dues[:1], **said()) == 1  # type: ignore[arg-type]
    with pytest.raises(IntegrityError, match="one_entry_per_source_and_revision"), transaction.atomic():
        ledger.settle(dues=dues, **said())  # type: ignore[arg-type]
    assert valle.balance("Anna") == -460


def test_what_is_posted_and_moved_is_told_by_its_source_and_once(valle: Cast) -> None:
    anna, luca = valle.wallet("Anna").pk, valle.wallet("Luca").pk
    treasury = ledger.account(kind="opening", code="test").pk
    movement = Movement(source=Source.of_opening("A"), wallet_id=anna, other_id=treasury, amount=Euro(1000))
    passage = Passage(source=Source.of_passage("B"), from_wallet_id=anna, to_wallet_id=luca, amount=Euro(300))
    told = said()
    del told["kind"]
    holding.hold_wallets(wallet_ids=[anna, luca])

    assert ledger.post(movements=[], **said(kind="opening")) == []  # type: ignore[arg-type]
    assert ledger.post(movements=[movement], **said(kind="opening")) == ["opening:A"]  # type: ignore[arg-type]
    assert ledger.post(movements=[movement], **said(kind="opening")) == []  # type: ignore[arg-type]
    assert ledger.move(passages=[], **told) == []  # type: ignore[arg-type]
    assert ledger.move(passages=[passage], **told) == ["transfer:B"]  # type: ignore[arg-type]
    assert ledger.move(passages=[passage], **told) == []  # type: ignore[arg-type]
    assert (valle.balance("Anna"), valle.balance("Luca"), Entry.objects.count()) == (700, 300, 2)


@pytest.mark.parametrize(("kind", "follows"), [("opening", False), ("adjustment", True)])
def test_what_a_town_brings_along_is_not_told_by_the_thousand(valle: Cast, kind: str, follows: bool) -> None:
    against = ledger.account(kind="opening", code="test").pk
    movement = Movement(Source(f"{kind}:A"), valle.wallet("Anna").pk, against, Euro(-1000))
    run_jobs()

    ledger.post(movements=[movement], **said(kind=kind))  # type: ignore[arg-type]
    assert bool(run_jobs()) is follows

    ledger.post(movements=[movement], **said(kind=kind))  # type: ignore[arg-type]
    assert run_jobs() == []


@pytest.mark.parametrize(
    ("levels", "told"),
    [
        (set(), []),
        ({"low"}, ["low"]),
        ({"low", "zero"}, ["zero"]),
        ({"floor", "zero", "low"}, ["floor"]),
    ],
)
def test_of_several_levels_the_gravest_is_told(valle: Cast, levels: set[Level], told: list[Level]) -> None:
    wallet = valle.wallet("Anna").pk
    now = clock.now()

    assert ledger.note_levels(reached={wallet: levels}, now=now) == [(wallet, level) for level in told]
    assert set(CreditWarning.objects.values_list("wallet_id", "level", "told_at", "recovered_at")) == {
        (wallet, level, now, None) for level in levels
    }


def test_a_level_is_told_again_only_after_the_credit_has_recovered(valle: Cast) -> None:
    anna, luca, now = valle.wallet("Anna").pk, valle.wallet("Luca").pk, clock.now()
    later = now + timedelta(hours=1)
    ledger.note_levels(reached={anna: {"low", "zero"}, luca: {"low"}}, now=now)

    assert ledger.note_levels(reached={anna: {"low"}}, now=later) == []
    kept = CreditWarning.objects.values_list("wallet_id", "level", "recovered_at")
    assert set(kept) == {(anna, "low", None), (anna, "zero", later), (luca, "low", None)}
    assert ledger.note_levels(reached={luca: {"low"}, anna: {"low", "zero"}}, now=later) == [(anna, "zero")]
    assert CreditWarning.objects.get(wallet_id=anna, level="zero", recovered_at=None).told_at == later


def test_two_wallets_are_told_in_order_each_with_its_own_level(valle: Cast) -> None:
    anna, luca = valle.wallet("Anna").pk, valle.wallet("Luca").pk

    assert ledger.note_levels(reached={luca: {"low"}, anna: {"low", "floor"}}, now=clock.now()) == sorted(
        [(anna, "floor"), (luca, "low")]
    )
