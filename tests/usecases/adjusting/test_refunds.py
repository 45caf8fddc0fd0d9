"""A refund from the family's question to its account: by two, held at the approval, paid by a file, or sent back."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from campanella.domains.adjusting import asked as orders
from campanella.domains.adjusting import queries
from campanella.domains.adjusting.queries import ProposalView
from campanella.domains.debiting.mandates import NotReadableName
from campanella.domains.debiting.rules.accounts import account
from campanella.domains.enrolment import operations as enrolment_operations
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import verify
from campanella.domains.messaging.models import Message
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.readings import proofs
from campanella.readings.certificates.money import money_of
from campanella.simulators import clock as bank_clock
from campanella.simulators.bank.bank import Bank
from campanella.simulators.store import Store
from campanella.usecases import adjust
from campanella.usecases.adjusting import asking, deciding, hearing, refunds
from campanella.usecases.adjusting.asking import Asked, AskedBefore, NotOffered
from campanella.usecases.adjusting.checks import NotEnoughCredit, TooLittle
from campanella.usecases.adjusting.hearing import NoAnswer, Report
from campanella.usecases.two_people import SamePerson
from tests.adjusting import ACCOUNT, TOWN_ACCOUNT, ask, colleague, confirm
from tests.towns import OFFICE, Cast, choosing, run_jobs


@pytest.fixture(autouse=True)
def clean(valle: Cast) -> Iterator[None]:
    choosing(valle.town, iban=TOWN_ACCOUNT)
    yield
    assert verify.violations() == []
    assert proofs.violations() == []


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bank]:
    monkeypatch.setattr(bank_clock, "now", lambda: clock.now().astimezone(bank_clock.ROME))
    store = Store(tmp_path / "bank.sqlite3")
    yield Bank(store)
    store.close()


def leave(cast: Cast, name: str = "Anna") -> None:
    """End a child's subscription to the canteen yesterday."""
    line = enrolment.Subscription.objects.get(child=cast.child(name), service=cast.services["mensa"])
    enrolment_operations.end_many(subscription_ids=[line.pk], on=clock.today())


def family_asks(cast: Cast, *, key: str = "from-the-portal") -> Asked:
    return asking.ask_as_family(
        by=cast.families["rossi"].user,
        wallet_id=cast.wallet("Anna").pk,
        account=account(ACCOUNT),
        holder_name="Maria Rossi",
        memo="Il bambino lascia il servizio",
        key=key,
        now=clock.now(),
    )


def approved(cast: Cast, cents: int = 5000, *, key: str = "form", second: str = "lia") -> ProposalView:
    return confirm(ask(cast, "refund", -cents, key=key), colleague(second))


def hear(document: bytes) -> Report:
    report = hearing.hear(by=OFFICE, body=document, now=clock.now())
    run_jobs()
    return report


def answered(bank: Bank, number: int, form: str) -> Report:
    return hear(bank.document(bank.answer(file=number, form=form) or 0) or b"")


def test_as_long_as_the_child_uses_it_the_credit_serves(valle: Cast) -> None:
    valle.credit("Anna", 5000)
    with pytest.raises(NotOffered):
        family_asks(valle)
    leave(valle)
    choosing(valle.town, iban=TOWN_ACCOUNT, refund_online=False)
    with pytest.raises(NotOffered):
        family_asks(valle)


def test_who_is_given_back_its_credit_is_not_asked_to_top_up(valle: Cast) -> None:
    """The child still eats there on the day of the approval; once it goes on, the next meal tells."""
    valle.credit("Anna", 5000)
    run_jobs()
    approved(valle)
    run_jobs()
    assert Message.objects.filter(template="low_credit").count() == 0
    adjust.adjust(
        by=OFFICE, wallet_id=valle.wallet("Anna").pk, amount=Euro(-100), reason="prova", key="after", now=clock.now()
    )
    run_jobs()
    assert Message.objects.filter(template="low_credit").count() == 1


def test_a_family_asks_two_of_the_office_approve_and_the_credit_is_held(valle: Cast) -> None:
    valle.credit("Anna", 5000)
    leave(valle)
    asked, lia, ugo = family_asks(valle), colleague("lia"), colleague("ugo")
    assert (asked.is_waiting, asked.proposal.amount.cents, asked.proposal.by_office) == (True, -5000, False)
    with pytest.raises(AskedBefore):
        family_asks(valle, key="another")

    looked = confirm(asked, lia)
    assert (looked.state, looked.seen_by, valle.balance("Anna")) == ("waiting", "Lia Bianchi, ufficio", 5000)
    with pytest.raises(SamePerson):
        confirm(asked, lia)
    done = confirm(asked, ugo)
    run_jobs()

    assert (done.state, done.paid, valle.balance("Anna")) == ("done", "", 0)
    letter = Message.objects.get(template="refund_left")
    assert "IT •••• 7890" in letter.text
    assert ACCOUNT not in letter.text
    assert "il credito è 0,00" in letter.text


def test_nobody_asks_for_what_is_anothers_or_not_there(valle: Cast) -> None:
    valle.credit("Amina", 5000)
    with pytest.raises(NotFound):
        asking.ask_as_family(
            by=valle.families["rossi"].user,
            wallet_id=valle.wallet("Amina").pk,
            account=account(ACCOUNT),
            holder_name="M",
            memo="x",
            key="k",
            now=clock.now(),
        )
    leave(valle)
    with pytest.raises(TooLittle):
        family_asks(valle)
    with pytest.raises(NotEnoughCredit):
        ask(valle, "refund", -1)


def test_a_holder_no_bank_reads_is_refused_before_it_spoils_the_file_of_others(valle: Cast) -> None:
    valle.credit("Anna", 5000)
    valle.credit("Amina", 5000)
    for name in ("Олена Коваль", "李明", ""):
        with pytest.raises(NotReadableName):
            ask(valle, "refund", -1000, holder_name=name)
    approved(valle, 1000)
    confirm(ask(valle, "refund", -1000, child="Amina", key="b", holder_name="Željko Šimić"), colleague("gio"))
    file = refunds.make(by=OFFICE, now=clock.now())
    assert b"Zeljko Simic" in refunds.write(file_id=file.id, form="pain001")


def test_what_cannot_be_written_is_asked_of_nobody(valle: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    valle.credit("Anna", 5000)
    approved(valle)
    monkeypatch.setattr(refunds.writing, "write", lambda *_, **__: int("x"))
    with pytest.raises(ValueError, match="invalid literal"):
        refunds.make(by=OFFICE, now=clock.now())
    assert (len(queries.to_pay()), orders.files()) == (1, [])


@pytest.mark.parametrize(("cents", "is_possible"), [(1032, False), (1033, True), (1161, True)])
def test_the_least_that_is_paid_back_counts_the_sum(valle: Cast, cents: int, is_possible: bool) -> None:
    choosing(valle.town, refund_least=1033)
    valle.credit("Anna", cents)
    if is_possible:
        assert ask(valle, "refund", -cents).is_waiting
    else:
        with pytest.raises(TooLittle):
            ask(valle, "refund", -cents)


def test_what_was_eaten_meanwhile_is_not_paid_back(valle: Cast) -> None:
    valle.credit("Anna", 5000)
    asked, lia = ask(valle, "refund", -5000), colleague()
    ask(valle, "adjustment", -100, key="eaten")
    with pytest.raises(NotEnoughCredit):
        confirm(asked, lia)
    assert valle.balance("Anna") == 4900


def test_a_refused_refund_is_told_with_its_reason(valle: Cast) -> None:
    valle.credit("Anna", 5000)
    leave(valle)
    asked = family_asks(valle)
    deciding.refuse(by=colleague(), proposal_id=asked.proposal.id, why="Anna mangia ancora", now=clock.now())
    run_jobs()
    assert "Motivo: Anna mangia ancora" in Message.objects.get(template="refund_refused").text
    assert valle.balance("Anna") == 5000


def test_one_file_pays_all_of_them_and_the_bank_says_what_came(valle: Cast, bank: Bank) -> None:
    valle.credit("Anna", 5000)
    valle.credit("Luca", 700)
    first = approved(valle)
    second = confirm(ask(valle, "refund", -700, child="Luca", key="luca"), colleague("ugo"))
    file = refunds.make(by=OFFICE, now=clock.now())
    assert (file.count, file.total.cents, queries.to_pay()) == (2, 5700, [])
    with pytest.raises(refunds.NothingToPay):
        refunds.make(by=OFFICE, now=clock.now())

    number = bank.take(refunds.write(file_id=file.id, form="pain001"))
    (one, other) = orders.orders_of(file_id=file.id)
    bank.act(number=bank.find(one.end_to_end_id) or 0, act="book")
    bank.act(number=bank.find(other.end_to_end_id) or 0, act="reject", reason="AC04")
    report = answered(bank, number, "pain002")

    assert [(each.line.kind, each.verdict) for each in report.heard] == [("executed", "applied"), ("back", "applied")]
    assert (valle.balance("Anna"), valle.balance("Luca")) == (0, 700)
    states = [queries.proposal(proposal_id=each.id).paid for each in (first, second)]
    assert states == ["executed", "back"]
    assert "ha pagato il rimborso di 50,00" in Message.objects.get(template="refund_paid").text
    letter = Message.objects.get(template="refund_back")
    assert "il conto è chiuso" in letter.text
    assert "il credito è 7,00" in letter.text
    assert "IBAN giusto" in letter.text


def test_what_was_paid_may_still_come_back_and_an_answer_twice_is_one(valle: Cast, bank: Bank) -> None:
    valle.credit("Anna", 5000)
    approved(valle)
    file = refunds.make(by=OFFICE, now=clock.now())
    number = bank.take(refunds.write(file_id=file.id, form="pain001-2009"))
    bank.book_all(number)
    bank.act(number=1, act="return", reason="BE06")
    document = bank.document(bank.answer(file=number, form="camt054") or 0) or b""

    assert [(one.line.kind, one.verdict) for one in hear(document).heard] == [("executed", "applied"), ("back", "applied")]
    assert valle.balance("Anna") == 5000
    again = hear(document)
    assert (again.is_known, again.applied, valle.balance("Anna")) == (True, 0, 5000)
    assert ask(valle, "refund", -5000, key="once more").is_waiting


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "vuoto"),
        (b"<a", "met\u00e0"),
        (b"<a/>", "non \u00e8 un esito"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DOCTYPE"),
        (
            b"<Document><CstmrPmtStsRpt><GrpHdr><MsgId>1</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>ALTRO</OrgnlMsgId>"
            b"</OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>",
            "altro Comune",
        ),
        (
            b"<Document><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Acct><Id><IBAN>IT00</IBAN></Id></Acct></Stmt>"
            b"</BkToCstmrStmt></Document>",
            "altro conto",
        ),
    ],
)
def test_what_is_no_answer_to_this_town_does_nothing(valle: Cast, body: bytes, words: str) -> None:
    with pytest.raises(NoAnswer, match=words):
        hearing.hear(by=OFFICE, body=body, now=clock.now())


def refusal(file_message: str, *lines: str) -> bytes:
    told = "".join(f"<TxInfAndSts>{line}</TxInfAndSts>" for line in lines)
    return (
        "<Document><CstmrPmtStsRpt><GrpHdr><MsgId>1</MsgId></GrpHdr><OrgnlGrpInfAndSts>"
        f"<OrgnlMsgId>{file_message}</OrgnlMsgId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts>{told}</OrgnlPmtInfAndSts>"
        "</CstmrPmtStsRpt></Document>"
    ).encode()


@pytest.mark.parametrize(
    ("named", "verdict", "luca"),
    [
        ("<OrgnlInstrId>2</OrgnlInstrId>", "applied", 700),
        ("<OrgnlInstrId>9</OrgnlInstrId>", "unknown", 0),
        ("<OrgnlEndToEndId>NOTPROVIDED</OrgnlEndToEndId>", "unknown", 0),
        ("", "unknown", 0),
    ],
)
def test_a_refusal_without_a_key_sends_back_only_what_it_names(valle: Cast, named: str, verdict: str, luca: int) -> None:
    valle.credit("Anna", 5000)
    valle.credit("Luca", 700)
    approved(valle)
    confirm(ask(valle, "refund", -700, child="Luca", key="luca"), colleague("ugo"))
    file = refunds.make(by=OFFICE, now=clock.now())
    paid, _ = orders.orders_of(file_id=file.id)
    body = refusal(
        file.message_id,
        f"<OrgnlEndToEndId>{paid.end_to_end_id}</OrgnlEndToEndId><TxSts>ACSC</TxSts>",
        f"{named}<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>",
    )
    report = hear(body)
    assert [one.verdict for one in report.heard] == ["applied", verdict]
    assert (valle.balance("Anna"), valle.balance("Luca")) == (0, luca)


def test_a_status_undoes_nothing_that_was_paid(valle: Cast) -> None:
    valle.credit("Anna", 5000)
    approved(valle)
    file = refunds.make(by=OFFICE, now=clock.now())
    (one,) = orders.orders_of(file_id=file.id)
    key = f"<OrgnlEndToEndId>{one.end_to_end_id}</OrgnlEndToEndId>"
    report = hear(refusal(file.message_id, f"{key}<TxSts>ACSC</TxSts>", f"{key}<TxSts>RJCT</TxSts>"))
    assert [each.verdict for each in report.heard] == ["applied", "paid"]
    assert valle.balance("Anna") == 0


def test_another_amount_is_put_before_the_office(valle: Cast, bank: Bank) -> None:
    valle.credit("Anna", 5000)
    approved(valle)
    file = refunds.make(by=OFFICE, now=clock.now())
    number = bank.take(refunds.write(file_id=file.id, form="pain001"))
    bank.act(number=1, act="reject", reason="AC01")
    document = bank.document(bank.answer(file=number, form="pain002") or 0) or b""
    report = hear(document.replace(b">50.00<", b">49.00<"))
    assert [one.verdict for one in report.heard] == ["amount"]
    assert valle.balance("Anna") == 0


def test_a_refund_counts_in_the_year_the_bank_paid_it_and_one_that_came_back_in_none(valle: Cast, bank: Bank) -> None:
    valle.credit("Anna", 8000)
    with clock.standing_at(clock.rome(date(2026, 12, 30), clock.now().time())):
        approved(valle, 3000)
        approved(valle, 2000, key="second", second="ugo")
        file = refunds.make(by=OFFICE, now=clock.now())
        number = bank.take(refunds.write(file_id=file.id, form="pain001"))
    assert _refunded(valle, 2026) == [2000, 3000]
    with clock.standing_at(clock.rome(date(2027, 1, 4), clock.now().time())):
        bank.act(number=1, act="book")
        bank.act(number=2, act="book")
        bank.act(number=2, act="return", reason="AC04")
        answered(bank, number, "camt054")
    assert (_refunded(valle, 2026), _refunded(valle, 2027)) == ([], [3000])


def _refunded(cast: Cast, year: int) -> list[int]:
    found = money_of(child_ids=[cast.child("Anna").pk], first=date(year, 1, 1), last=date(year, 12, 31))
    wallet = found.wallets[cast.wallet("Anna").pk]
    assert wallet.refunded == sum(one.cents for one in found.back)
    return sorted(one.cents for one in found.back)
