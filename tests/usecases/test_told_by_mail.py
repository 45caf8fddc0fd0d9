"""The family reads by mail what the office has done with its money: notices, corrections, and payments that wait."""

from datetime import timedelta

import pytest

from campanella.domains.messaging.models import Message
from campanella.domains.payments import queries as positions
from campanella.domains.people import operations as people
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings import proofs
from campanella.usecases import adjust, bulk, mealtime, top_up
from campanella.usecases.pagopa import visit
from tests.paying import prepare, ready, receive, wish
from tests.towns import TODAY, Cast, Family, run_jobs

__all__ = ["ready"]


def letters(template: str) -> list[Message]:
    """Run what follows, and return the letters of one kind."""
    run_jobs()
    return list(Message.objects.filter(template=template).order_by("id"))


def words(message: Message) -> str:
    """Return the text with its blanks folded."""
    return " ".join(message.text.split())


def at_desk(valle: Cast, name: str, cents: int, nonce: str = "") -> None:
    """Make a notice at the office's desk."""
    office, wallet_id = valle.staff["office"], valle.wallet(name).pk
    top_up.prepare_at_desk(by=office, wallet_id=wallet_id, amount=Euro(cents), count=1, now=clock.now(), nonce=nonce)


def test_a_notice_made_at_the_desk_is_told_once(valle: Cast, rossi: Family) -> None:
    at_desk(valle, "Anna", 3000, "form")
    at_desk(valle, "Anna", 3000, "form")

    (letter,) = letters("notices_made")

    assert letter.address == "rossi@posta.example"
    assert letter.subject == "Un avviso da pagare · Comune di Valle"
    assert "ha preparato per te un avviso da pagare: - 30,00 € per Anna, Refezione, entro" in words(letter)
    assert "In tutto" not in letter.text


def test_notices_for_two_children_are_one_letter_with_the_total(valle: Cast, rossi: Family) -> None:
    children = [valle.child(name).pk for name in ("Anna", "Luca", "Amina")]
    bulk.make_notices(
        by=valle.staff["office"],
        child_ids=children,
        service_id=valle.services["mensa"].pk,
        amount=Euro(2000),
        batch="b1",
        now=clock.now(),
    )

    mine, other = letters("notices_made")

    assert mine.subject == "2 avvisi da pagare · Comune di Valle"
    assert "In tutto 40,00 €." in words(mine)
    assert "Amina" not in mine.text
    assert other.address == "haddad@posta.example"


def test_a_notice_deleted_before_it_was_told_is_not_told(valle: Cast, ready: Family) -> None:
    at_desk(valle, "Anna", 3000)
    (request,) = positions.requests(request_ids=[_last_request()])
    visit.delete(by=ready.user, request_id=request.pk, now=clock.now())

    assert letters("notices_made") == []


def test_an_adjustment_is_told_with_its_reason_and_the_credit_after_it(valle: Cast, rossi: Family) -> None:
    wallet, office = valle.wallet("Anna").pk, valle.staff["office"]
    for key, cents, reason in (("1", 2000, "Pagato allo sportello"), ("2", -300, "Un errore di ieri")):
        adjust.adjust(by=office, wallet_id=wallet, amount=Euro(cents), reason=reason, key=key, now=clock.now())

    first, second = letters("credit_corrected")

    assert "(Refezione): +20,00 €. Dopo questa correzione il credito è 20,00 €." in words(first)
    assert "Motivo: Pagato allo sportello" in first.text
    assert "(Refezione): −3,00 €. Dopo questa correzione il credito è 17,00 €." in words(second)
    assert proofs.violations() == []


def test_a_corrected_presence_is_told_when_money_moved_and_only_then(valle: Cast, rossi: Family) -> None:
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=0, now=clock.now())

    for hours, (is_present, is_white) in enumerate(((False, False), (True, False), (True, True)), 1):
        mealtime.correct(
            by=valle.staff["office"],
            child_id=valle.child("Luca").pk,
            service=valle.services["mensa"],
            day=TODAY,
            is_present=is_present,
            is_white=is_white,
            reason="detto dalla maestra",
            now=clock.now() + timedelta(hours=hours),
        )

    back, again = letters("credit_corrected")
    assert "di mercoledì 14 ottobre (Refezione) è stata corretta: +3,10 €. Dopo questa correzione il credito è 0,00 €" in (
        words(back)
    )
    assert "−3,10 €. Dopo questa correzione il credito è −3,10 €" in words(again)
    assert proofs.violations() == []


def test_a_passage_is_told_for_both_wallets(valle: Cast, rossi: Family) -> None:
    valle.credit("Anna", 5000)
    giver, taker = valle.wallet("Anna").pk, valle.wallet("Luca").pk
    adjust.move(
        by=valle.staff["office"],
        from_wallet_id=giver,
        to_wallet_id=taker,
        amount=Euro(1000),
        reason="chiesto",
        key="1",
        now=clock.now(),
    )

    given, taken = letters("credit_corrected")
    assert "credito di Anna (Refezione): −10,00 €. Dopo questa correzione il credito è 40,00 €." in words(given)
    assert "credito di Luca (Refezione): +10,00 €. Dopo questa correzione il credito è 10,00 €." in words(taken)
    assert proofs.violations() == []


@pytest.mark.parametrize(("second", "why"), [("twice", "era già pagato"), ("cancelled", "era stato eliminato")])
def test_a_payment_that_waits_is_told_with_what_happens_next(valle: Cast, ready: Family, second: str, why: str) -> None:
    (request,) = prepare(valle, ready, wish(valle))
    if second == "twice":
        receive(request, iur="iur-1")
    else:
        visit.delete(by=ready.user, request_id=request.pk, now=clock.now())
    receive(request, iur="iur-2")

    (letter,) = letters("payment_waits")

    assert f"Il tuo pagamento di 20,00 € per Anna (Refezione) è arrivato, ma non è ancora nel credito: l’avviso {why}." in (
        words(letter).replace("il tuo", "Il tuo")
    )
    assert "Non devi fare nulla, e non pagare di nuovo" in letter.text


def test_who_no_longer_answers_for_the_child_is_not_told(valle: Cast, ready: Family) -> None:
    (request,) = prepare(valle, ready, wish(valle))
    other, anna = valle.families["haddad"].guardian, valle.child("Anna")
    people.tie(child=anna, guardian=other, is_payer=False)
    people.make_payer(child_id=anna.pk, guardian_id=other.pk)
    people.untie(child_id=anna.pk, guardian_id=ready.guardian.pk)
    receive(request, cents=500)

    (letter,) = letters("payment_waits")

    assert letter.address == "haddad@posta.example"
    assert "l’importo non è quello dell’avviso" in letter.text


def _last_request() -> int:
    from campanella.domains.payments.models import PaymentRequest

    return PaymentRequest.objects.latest("id").pk
