"""The office puts a credit right: what stands in the book and in the register afterwards, and what is refused."""

import pytest

from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger import verify
from campanella.domains.ledger.models import Entry
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.models import AuditRow
from campanella.foundation.core.money import Euro
from campanella.usecases import adjust
from tests.towns import Cast, run_jobs


def give(cast: Cast, name: str, cents: int, *, key: str = "form", reason: str = "errore di marzo") -> bool:
    asked = adjust.adjust(
        by=cast.staff["office"],
        wallet_id=cast.wallet(name).pk,
        amount=Euro(cents),
        reason=reason,
        key=key,
        now=clock.now(),
    )
    return asked.is_new


def move(cast: Cast, giver: int, taker: int, cents: int, *, key: str = "form", reason: str = "lo chiede la mamma") -> bool:
    return adjust.move(
        by=cast.staff["office"],
        from_wallet_id=giver,
        to_wallet_id=taker,
        amount=Euro(cents),
        reason=reason,
        key=key,
        now=clock.now(),
    )


def test_an_adjustment_says_who_why_and_when_in_the_book_and_in_the_register(valle: Cast) -> None:
    office = valle.staff["office"]

    assert give(valle, "Anna", -1250, reason="  errore di marzo ") is True

    (line,) = wallets.movements_of(wallet_id=valle.wallet("Anna").pk)
    assert (line.kind, line.source, line.memo) == ("adjustment", "adjustment:form", "errore di marzo")
    assert (line.amount, line.day, line.at) == (Euro(-1250), clock.today(), clock.now())
    assert Entry.objects.get().by_id == office.pk
    (act,) = audit.acts_on(subjects=[f"child:{valle.child('Anna').pk}"])
    assert act.sentence == "ha rettificato Refezione di −12,50\N{NO-BREAK SPACE}€"
    assert (act.at, act.who, act.why) == (clock.now(), office.actor_label, "errore di marzo")
    assert verify.violations() == []


def test_the_same_form_again_posts_records_and_tells_nothing(valle: Cast) -> None:
    give(valle, "Anna", 500)
    run_jobs()

    assert give(valle, "Anna", 500) is False

    assert valle.balance("Anna") == 500
    assert AuditRow.objects.filter(action="wallet.adjusted").count() == 1
    assert run_jobs() == []


def test_an_adjustment_is_told_once_it_is_posted(valle: Cast) -> None:
    give(valle, "Anna", 500)
    assert "corrections.tell" in run_jobs()


def test_a_long_reason_is_whole_in_the_register_and_cut_in_the_statement(valle: Cast) -> None:
    give(valle, "Anna", 500, reason="x" * 201)

    assert Entry.objects.get().memo == "x" * 200
    assert AuditRow.objects.get(action="wallet.adjusted").why == "x" * 201


@pytest.mark.parametrize("reason", ["", " \n"])
def test_without_a_reason_no_money_moves(valle: Cast, reason: str) -> None:
    valle.credit("Anna", 1000)
    with pytest.raises(adjust.ReasonMissing):
        give(valle, "Anna", 500, reason=reason)
    with pytest.raises(adjust.ReasonMissing):
        move(valle, valle.wallet("Anna").pk, valle.wallet("Luca").pk, 500, reason=reason)
    assert valle.balance("Anna") == 1000


def test_a_passage_says_who_why_and_when_in_the_book_and_in_the_register(valle: Cast) -> None:
    valle.credit("Luca", 3000)
    office, giver, taker = valle.staff["office"], valle.wallet("Luca"), valle.wallet("Anna", "scuolabus")

    assert move(valle, giver.pk, taker.pk, 2000) is True

    given = wallets.movements_of(wallet_id=giver.pk)[0]
    taken = wallets.movements_of(wallet_id=taker.pk)[0]
    assert (given.amount, taken.amount) == (Euro(-2000), Euro(2000))
    for line in (given, taken):
        assert (line.kind, line.source, line.day, line.at) == ("transfer", "transfer:form", clock.today(), clock.now())
        assert line.memo == "Giroconto da Luca, Refezione a Anna, Scuolabus"
    assert {entry.by_id for entry in Entry.objects.filter(kind="transfer")} == {office.pk}
    row = AuditRow.objects.get(action="wallet.moved")
    children = sorted(valle.child(name).pk for name in ("Anna", "Luca"))
    assert row.subjects == [f"child:{child_id}" for child_id in children]
    assert (row.at, row.actor_id, row.why) == (clock.now(), office.pk, "lo chiede la mamma")
    assert row.data == {"amount": "20,00\N{NO-BREAK SPACE}€", "giver": "Luca, Refezione", "taker": "Anna, Scuolabus"}
    assert verify.violations() == []


def test_between_two_wallets_of_a_child_the_child_is_named_once(valle: Cast) -> None:
    valle.credit("Anna", 500)
    move(valle, valle.wallet("Anna").pk, valle.wallet("Anna", "scuolabus").pk, 500)
    assert AuditRow.objects.get(action="wallet.moved").subjects == [f"child:{valle.child('Anna').pk}"]


def test_a_long_name_does_not_stop_a_passage(valle: Cast) -> None:
    anna = valle.child("Anna")
    type(anna).objects.filter(pk=anna.pk).update(given_name="Anna" * 20)
    type(service := valle.services["mensa"]).objects.filter(pk=service.pk).update(name="Refezione" * 6)
    valle.credit("Luca", 500)

    move(valle, valle.wallet("Luca").pk, valle.wallet("Anna").pk, 500)

    memo = Entry.objects.get(kind="transfer").memo
    assert (len(memo), memo[:27]) == (200, "Giroconto da Luca, Refezion")


def test_all_of_a_credit_may_be_moved_and_a_second_press_moves_nothing(valle: Cast) -> None:
    valle.credit("Anna", 500)
    giver, taker = valle.wallet("Anna").pk, valle.wallet("Luca").pk

    assert move(valle, giver, taker, 500) is True
    run_jobs()
    assert move(valle, giver, taker, 500) is False

    assert (valle.balance("Anna"), valle.balance("Luca")) == (0, 500)
    assert AuditRow.objects.filter(action="wallet.moved").count() == 1
    assert run_jobs() == []


def test_more_than_there_is_is_not_moved(valle: Cast) -> None:
    valle.credit("Anna", 500)
    giver, taker = valle.wallet("Anna").pk, valle.wallet("Luca").pk
    with pytest.raises(adjust.NotEnoughCredit, match="ci sono 5,00\N{NO-BREAK SPACE}€: puoi spostare al massimo"):
        move(valle, giver, taker, 501)
    with pytest.raises(adjust.SameWallet):
        move(valle, giver, giver, 100)
    with pytest.raises(NotFound):
        move(valle, giver, valle.wallet("Amina").pk, 100)
    assert (valle.balance("Anna"), valle.balance("Luca")) == (500, 0)


def test_the_wallets_of_a_family_are_the_child_s_own_first(valle: Cast) -> None:
    def of(name: str) -> list[int]:
        return [wallet.id for wallet in adjust.wallets_of_family(child_id=valle.child(name).pk)]

    anna = [valle.wallet("Anna").pk, valle.wallet("Anna", "scuolabus").pk]
    assert (of("Anna"), of("Luca")) == ([*anna, valle.wallet("Luca").pk], [valle.wallet("Luca").pk, *anna])
    assert of("Amina") == [valle.wallet("Amina").pk]
