"""What two people decide: asked by one, done by another, once; the same person never, by whatever way."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from campanella.domains.accounts.operations import create_user
from campanella.domains.accounts.roles import Role
from campanella.domains.adjusting import queries
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger import verify
from campanella.domains.messaging.models import Message
from campanella.domains.people.models import Guardian
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.money import Euro
from campanella.readings import proofs
from campanella.usecases.adjusting import deciding
from campanella.usecases.adjusting.asking import OneFamily
from campanella.usecases.adjusting.checks import ActMissing, NotEnoughCredit, OwnFamily, ReasonMissing, TooMuchWrittenOff
from campanella.usecases.adjusting.deciding import AlreadyDecided
from campanella.usecases.two_people import InOneHand, SamePerson
from tests.adjusting import ask, colleague, confirm
from tests.towns import PASSWORD, Cast, choosing, run_jobs


@pytest.fixture(autouse=True)
def clean(valle: Cast) -> Iterator[None]:
    yield
    assert verify.violations() == []
    assert proofs.violations() == []


def line(cast: Cast, name: str = "Anna") -> tuple[str, int, str]:
    (last, *_) = wallets.movements_of(wallet_id=cast.wallet(name).pk, limit=1)
    return last.kind, last.amount.cents, last.memo


def test_below_the_towns_amount_it_is_done_at_once(valle: Cast) -> None:
    asked = ask(valle, "adjustment", -19_999)
    assert (asked.is_new, asked.proposal.state, asked.proposal.hands) == (True, "done", 1)
    assert line(valle) == ("adjustment", -19_999, "un motivo")


def test_small_sums_on_one_wallet_count_together_for_thirty_days(valle: Cast) -> None:
    choosing(valle.town, adjust_second_person=20_000)
    assert not ask(valle, "adjustment", 19_999, key="first").is_waiting
    assert ask(valle, "adjustment", -5, key="second").is_waiting
    assert not ask(valle, "adjustment", 19_999, child="Luca", key="a brother's").is_waiting
    with clock.standing_at(clock.now() + timedelta(days=30, minutes=1)):
        assert not ask(valle, "adjustment", 19_999, key="next month").is_waiting
    assert valle.balance("Anna") == 39_998


def test_from_the_towns_amount_on_it_waits_and_another_does_it(valle: Cast) -> None:
    lia = colleague(email="lia@valle.example")
    asked = ask(valle, "adjustment", -20_000)
    run_jobs()
    assert (asked.is_waiting, valle.balance("Anna")) == (True, 0)
    letters = Message.objects.filter(template="proposal_waits")
    assert {one.address for one in letters} == {valle.town.choices.office_email, "lia@valle.example"}
    assert all("rettifica" in one.subject and "Anna" not in one.text for one in letters)

    done = confirm(asked, lia)
    run_jobs()

    assert (done.state, done.ended_by) == ("done", "Lia Bianchi, ufficio")
    assert line(valle) == ("adjustment", -20_000, "un motivo")
    told = Message.objects.get(template="credit_corrected")
    assert "il credito è −200,00" in told.text
    assert "Motivo: un motivo" in told.text


def test_who_asked_cannot_confirm_nor_an_access_in_the_same_hands(valle: Cast) -> None:
    office = valle.staff["office"]
    asked = ask(valle, "adjustment", 30_000)
    with pytest.raises(SamePerson):
        confirm(asked, office)
    second = create_user(
        by=office, username="bis", display_name="Bis", roles=[Role.OFFICE], password=PASSWORD, now=clock.now()
    )
    with pytest.raises(InOneHand):
        confirm(asked, second)
    assert valle.balance("Anna") == 0


def test_nobody_decides_on_the_own_family_by_whatever_access(valle: Cast) -> None:
    family = valle.families["rossi"]
    lia = colleague(email=family.guardian.email.upper())
    small = ask(valle, "adjustment", 100, by=lia)
    assert small.is_waiting
    with pytest.raises(OwnFamily):
        confirm(ask(valle, "adjustment", 30_000, key="other"), lia)
    Guardian.objects.filter(pk=family.guardian.pk).update(user=valle.staff["office"], email="altra@posta.example")
    with pytest.raises(OwnFamily):
        confirm(small, valle.staff["office"])


def test_pressed_twice_it_is_one(valle: Cast) -> None:
    lia = colleague()
    first, again = ask(valle, "adjustment", 30_000), ask(valle, "adjustment", 30_000)
    assert (first.is_new, again.is_new, again.proposal.id) == (True, False, first.proposal.id)
    confirm(first, lia)
    with pytest.raises(AlreadyDecided):
        confirm(first, lia)
    assert valle.balance("Anna") == 30_000


def test_what_is_withdrawn_refused_or_too_old_is_done_no_more(valle: Cast, at: object) -> None:
    lia, office = colleague(), valle.staff["office"]
    one, two, three = (ask(valle, "adjustment", 30_000, key=f"form-{number}") for number in range(3))
    deciding.withdraw(by=office, proposal_id=one.proposal.id, now=clock.now())
    with pytest.raises(ReasonMissing):
        deciding.refuse(by=lia, proposal_id=two.proposal.id, why=" ", now=clock.now())
    deciding.refuse(by=lia, proposal_id=two.proposal.id, why="è del vecchio anno", now=clock.now())
    late = clock.now() + timedelta(days=31)
    with clock.standing_at(late):
        with pytest.raises(AlreadyDecided):
            confirm(three, lia)
        assert deciding.expire_all(by=Software("Tempo scaduto"), now=late) == 1
    states = [queries.proposal(proposal_id=each.proposal.id).state for each in (one, two, three)]
    assert states == ["withdrawn", "refused", "expired"]
    for each in (one, two, three):
        with pytest.raises(AlreadyDecided):
            confirm(each, lia)
    assert valle.balance("Anna") == 0
    sentences = [act.sentence for act in audit.acts_on(subjects=[f"child:{valle.child('Anna').pk}"])]
    assert "ha respinto: Rettifica, Refezione, 300,00\N{NO-BREAK SPACE}€" in sentences


def test_kindness_alone_within_the_year_then_by_two(valle: Cast) -> None:
    choosing(valle.town, goodwill_yearly=1000)
    lia = colleague()
    assert ask(valle, "goodwill", 700, key="a").proposal.state == "done"
    over = ask(valle, "goodwill", 301, key="b")
    assert over.is_waiting
    assert ask(valle, "goodwill", 300, key="c").proposal.state == "done"
    confirm(over, lia)
    assert valle.balance("Anna") == 1301
    assert line(valle)[0] == "goodwill"
    year = clock.today().year
    assert queries.given_alone(by_id=valle.staff["office"].pk, year=year) == Euro(1000)
    assert queries.given(year=year) == Euro(1301)
    run_jobs()
    assert any("un credito di cortesia" in one.text for one in Message.objects.filter(template="credit_corrected"))


def test_a_small_debt_is_written_off_by_an_act_and_by_two(valle: Cast) -> None:
    lia = colleague()
    ask(valle, "adjustment", -1000, key="debt")
    with pytest.raises(ActMissing):
        ask(valle, "write_off", 1000, act_number=" ")
    with pytest.raises(TooMuchWrittenOff):
        ask(valle, "write_off", 1001)
    asked = ask(valle, "write_off", 1000, memo="Debito prescritto (atto 214/2026)")
    assert asked.is_waiting
    valle.credit("Anna", 300)
    with pytest.raises(TooMuchWrittenOff):
        confirm(asked, lia)
    assert valle.balance("Anna") == -700
    deciding.withdraw(by=valle.staff["office"], proposal_id=asked.proposal.id, now=clock.now())
    confirm(ask(valle, "write_off", 700, key="again"), lia)
    assert (valle.balance("Anna"), line(valle)[0]) == (0, "write_off")


def test_credit_goes_to_another_family_by_two_and_neither_reads_of_the_other(valle: Cast) -> None:
    lia = colleague()
    valle.credit("Anna", 5000)
    with pytest.raises(OneFamily):
        ask(valle, "passage", -1000, taker_id=valle.wallet("Luca").pk)
    with pytest.raises(NotEnoughCredit):
        ask(valle, "passage", -5001, taker_id=valle.wallet("Amina").pk)
    asked = ask(valle, "passage", -2000, taker_id=valle.wallet("Amina").pk, memo="codice sbagliato")
    assert asked.is_waiting
    confirm(asked, lia)
    run_jobs()
    assert (valle.balance("Anna"), valle.balance("Amina")) == (3000, 2000)
    letters = {one.address: one.text for one in Message.objects.filter(template="credit_corrected")}
    assert set(letters) == {"rossi@posta.example", "haddad@posta.example"}
    assert "Amina" not in letters["rossi@posta.example"]
    assert "Anna" not in letters["haddad@posta.example"]
    assert "codice sbagliato" in letters["haddad@posta.example"]
