"""Valle in autumn: the canteen is billed after the month and paid from Maria Rossi's account."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from campanella.domains.billing import queries as billing
from campanella.domains.billing.views import InvoiceView
from campanella.domains.debiting import ending
from campanella.domains.debiting.models import Collection, CollectionFile
from campanella.domains.messaging.models import Message
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.usecases.debiting import booking, filing, hearing
from campanella.usecases.debiting.hearing import Report
from tests.billing import bill, eat, noon, october
from tests.debits import OTHER, signed
from tests.recording import recorded
from tests.towns import OFFICE, Cast, choosing, make_cast, run_jobs
from tests.usecases.billing.conftest import post_paid

PERIOD = date(2026, 10, 1)
BILLED, ASKED = date(2026, 11, 5), date(2026, 11, 20)


@dataclass
class Bank:
    """A bank that answers with little pain.002 and camt.054 files."""

    cast: Cast
    sent: int = 0

    def answer(
        self, *said: tuple[str, str, int], form: str = "reject", name: str = "", on: date = date(2026, 12, 7)
    ) -> bytes:
        """Write an answer: (key, reason, cents) of each."""
        self.sent += 1
        message = name or f"BANK-{self.sent}"
        write = self._report if form == "reject" else self._notification
        return write(message, said, on, "CRDT" if form == "collected" else "DBIT").encode()

    def hear(self, *said: tuple[str, str, int], on: date = date(2026, 12, 7), **more: Any) -> Report:
        """Hand an answer in on a day, and let everything follow."""
        with clock.standing_at(noon(on)):
            report = hearing.hear(by=OFFICE, body=self.answer(*said, on=on, **more), now=clock.now())
            run_jobs(500)
        return report

    def _report(self, message: str, said: Any, on: date, sign: str) -> str:
        lines = "".join(
            f"<TxInfAndSts><OrgnlEndToEndId>{key}</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>{why}</Cd></Rsn>"
            f'</StsRsnInf><OrgnlTxRef><Amt><InstdAmt Ccy="EUR">{cents / 100:.2f}</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>'
            for key, why, cents in said
        )
        original = CollectionFile.objects.order_by("id").values_list("message_id", flat=True).last()
        return (
            '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>'
            f"<GrpHdr><MsgId>{message}</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>{original}</OrgnlMsgId></OrgnlGrpInfAndSts>"
            f"<OrgnlPmtInfAndSts>{lines}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
        )

    def _notification(self, message: str, said: Any, on: date, sign: str) -> str:
        lines = "".join(
            f"<TxDtls><Refs><EndToEndId>{key}</EndToEndId></Refs><Amt>{cents / 100:.2f}</Amt>"
            f"{f'<RtrInf><Rsn><Cd>{why}</Cd></Rsn></RtrInf>' if why else ''}</TxDtls>"
            for key, why, cents in said
        )
        return (
            '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>'
            f"<GrpHdr><MsgId>{message}</MsgId></GrpHdr><Ntfctn><Acct><Id><IBAN>{self.iban}</IBAN></Id></Acct>"
            f"<Ntry><Amt>1</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{on}</Dt></BookgDt>"
            f"<NtryDtls>{lines}</NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
        )

    @property
    def iban(self) -> str:
        """The town's account, as its files say."""
        return str(CollectionFile.objects.values_list("iban", flat=True).last())


def make_debited() -> Cast:
    """Make a town whose October is billed, with a mandate of Maria Rossi; another family has revoked since it was billed."""
    cast = make_cast(slug="conto", tax_code="00142920447")
    with scope(cast.town.id):
        choosing(cast.town, sdd_offered=True, sdd_cuc="1234567A", bill_sample=0)
        post_paid(cast, kind="debit")
        with clock.standing_at(noon(date(2026, 9, 1))):
            signed(cast.families["rossi"].guardian)
            gone = signed(cast.families["haddad"].guardian, OTHER)
        eat(cast, october(1, 2, 5))
        bill(cast)
        ending.revoke(by=OFFICE, mandate_id=gone.pk, now=clock.now())
        run_jobs(500)
    return cast


def opened_debited() -> Iterator[Cast]:
    """Give the town of ``make_debited``, with its scope open."""
    cast = recorded("conto", make_debited)
    with scope(cast.town.id):
        yield cast


@pytest.fixture
def debited(db: None) -> Iterator[Cast]:
    yield from opened_debited()


@pytest.fixture
def bank(debited: Cast) -> Bank:
    return Bank(debited)


def asked(on: date = ASKED, period: date = PERIOD, *, is_taken: bool = True) -> Collection:
    """Make the file of the month, take it to the bank, and give the collection that it asks for."""
    with clock.standing_at(noon(on)):
        file, _plan = filing.make(by=OFFICE, period=period, now=clock.now())
        if file and is_taken:
            filing.hand_over(by=OFFICE, file_id=file.pk, now=clock.now())
    return Collection.objects.order_by("id").last()


def booked(on: date) -> int:
    """Let the night of a day book what is due."""
    with clock.standing_at(noon(on)):
        return booking.book_due(now=clock.now())


def invoice() -> InvoiceView:
    """Give Maria Rossi's invoice of October; another family's has no mandate."""
    (found,) = [one for one in billing.invoices_between(period=PERIOD) if len(one.shares) == 2]
    return found


def letters() -> list[tuple[str, str]]:
    """Give the letters about direct debit: subject and text."""
    about = ["collection_back", "mandate_changed", "notices_made"]
    found = Message.objects.filter(template__in=about).order_by("id")
    return [(one.subject.partition(" · ")[0], one.text) for one in found]
