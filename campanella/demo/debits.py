"""Families whose bank pays after the month: mandates on paper, a file a month, one account that was closed."""

from datetime import date, datetime, time, timedelta

from schwifty import IBAN

from campanella.demo.settling import OFFICE, Resident, Settled
from campanella.domains.billing import queries as invoices
from campanella.domains.billing.rules import month_of
from campanella.domains.debiting import asked
from campanella.domains.debiting.asked import CollectionView
from campanella.domains.debiting.choices import DebitChoices
from campanella.domains.debiting.mandates import Holder
from campanella.domains.debiting.rules import accounts
from campanella.domains.people import queries as people
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.foundation.core.scope import naming, scope
from campanella.foundation.tenants.queries import Town
from campanella.usecases.billing import handing, issuing, policies, running, staging, telling
from campanella.usecases.debiting import authorising, booking, filing, hearing

FAMILIES = 6
# After the end of a month its invoices leave, then its file goes to the bank.
BILLED_AFTER, ASKED_AFTER = timedelta(days=4), timedelta(days=19)
# After the day of the first collections one of them comes back.
BACK_AFTER = timedelta(days=2)
CLOSED = "AC04"
# Real banks and right check digits, accounts of nobody.
BANKS = ("03069", "02008", "05034", "07601", "08327", "05387")

ANSWER = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>'
    "<GrpHdr><MsgId>ESITI-1</MsgId></GrpHdr>"
    "<OrgnlGrpInfAndSts><OrgnlMsgId>{original}</OrgnlMsgId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><TxInfAndSts>"
    "<OrgnlEndToEndId>{key}</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>"
    '<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">{cents}</InstdAmt></Amt></OrgnlTxRef>'
    "</TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
)


class Debiter:
    """The direct debits of a town's past, made by the use cases with the clock standing at their moments."""

    def __init__(self, *, town: Town, settled: Settled, first: date) -> None:
        """
        Choose the families.

        :param first: from when on their bank pays, the first of a month
        """
        self.town, self.settled = town, settled
        self.next_bill = self.next_file = first
        self.returned: CollectionView | None = None
        self.is_over = False
        # The invoices of the last month.
        self.made: list[int] = []
        self.residents = self._chosen() if town.chosen(DebitChoices).sdd_offered else []

    @property
    def wallet_ids(self) -> set[int]:
        """The wallets that their families do not top up."""
        return {use.wallet_id for resident in self.residents for use in resident.uses}

    def begin(self) -> None:
        """Hand the mandates in, and let all services of their children be paid after the month."""
        at = clock.rome(self.next_bill, time(9, 40))
        with clock.standing_at(at), scope(self.town.id):
            for place, payer_id in enumerate(self._payers()):
                self._hand_in(payer_id, place, at)
            for service in self._services():
                children = [one.child.pk for one in self.residents if any(use.service.pk == service.pk for use in one.uses)]
                policies.set_for_children(
                    by=OFFICE,
                    child_ids=children,
                    service=service,
                    kind="debit",
                    first=self.next_bill,
                    reason="addebito sul conto",
                    now=at,
                )

    def catch_up(self, day: date) -> None:
        """Bill, ask and book whatever is due before a day."""
        if not self.residents:
            return
        while _end(self.next_bill) + BILLED_AFTER < day:
            self._bill(self.next_bill, _end(self.next_bill))
            self.next_bill = _after(self.next_bill)
        while _end(self.next_file) + ASKED_AFTER < day and self.next_file < self.next_bill:
            at = clock.rome(_end(self.next_file) + ASKED_AFTER, time(11, 5))
            with clock.standing_at(at), scope(self.town.id):
                file, _plan = filing.make(by=OFFICE, period=self.next_file, now=at)
                if file:
                    filing.hand_over(by=OFFICE, file_id=file.pk, now=at)
            self.next_file = _after(self.next_file)
        self._book(day)

    def tell(self) -> None:
        """Bring the invoices of the last month to their families, as the worker does."""
        with scope(self.town.id):
            telling.tell_issued(invoice_ids=self.made)

    def _bill(self, first: date, last: date) -> None:
        at, self.made = clock.rome(last + BILLED_AFTER, time(10, 5)), []
        with clock.standing_at(at), naming(self.town.id):
            for service in self._services():
                run = running.preview(by=OFFICE, service=service, first=first, last=last, now=at)
                if run.invoices:
                    running.confirm(by=OFFICE, run_id=run.id, now=at)
                    staging.go_on(by=OFFICE, run_id=run.id, now=at)
                    issuing.issue(run_id=run.id)
                    with scope(self.town.id):
                        found = [one.id for one in invoices.invoices_between(period=None, run_id=run.id)]
                    # The e-mails of a year would fill every mailbox: what is past was brought on paper.
                    handing.note(by=OFFICE, invoice_ids=found, day=clock.day_of(at), how="hand", now=at)
                    self.made += found

    def _book(self, day: date) -> None:
        with scope(self.town.id):
            due = asked.due(day=day, limit=1000)
        for collected_on in sorted({one.day for one in due}):
            at = clock.rome(collected_on, time(2, 41))
            with clock.standing_at(at), naming(self.town.id):
                booking.book_due(now=at)
        self.returned = self.returned or (due[-1] if due else None)
        if self.returned and not self.is_over and self.returned.day + BACK_AFTER < day:
            self._take_back(self.returned)
            self.is_over = True

    def _take_back(self, one: CollectionView) -> None:
        at = clock.rome(one.day + BACK_AFTER, time(8, 50))
        with scope(self.town.id):
            message_id = asked.file(file_id=one.file_id).message_id
        answer = ANSWER.format(original=message_id, key=one.end_to_end_id, reason=CLOSED, cents=f"{one.cents / 100:.2f}")
        with clock.standing_at(at), naming(self.town.id):
            hearing.hear(by=OFFICE, body=answer.encode(), now=at)

    def _hand_in(self, payer_id: int, place: int, at: datetime) -> None:
        payer = people.guardian(guardian_id=payer_id)
        iban = IBAN.generate("IT", bank_code=BANKS[place], branch_code="13300", account_code=f"{4100270 + place * 811:012}")
        authorising.hand_in(
            by=OFFICE,
            payer_id=payer_id,
            holder=Holder(payer.full_name, accounts.account(str(iban)), tax_code=payer.tax_code),
            signed_on=clock.day_of(at) - timedelta(days=3),
            kept_at=f"prot. {1200 + place}/{at.year}",
            reference="",
            now=at,
        )

    def _payers(self) -> list[int]:
        payers = people.payers_of(child_ids=[one.child.pk for one in self.residents])
        return list(dict.fromkeys(payer.pk for payer in payers.values()))

    def _services(self) -> list[Service]:
        return list({use.service.pk: use.service for one in self.residents for use in one.uses}.values())

    def _chosen(self) -> list[Resident]:
        """Return the children of some families that pay in time; the first ones of the town have stories of their own."""
        wanted: list[int] = []
        for one in reversed(self.settled.residents):
            if one.household.habit == "early" and one.uses and id(one.household) not in wanted:
                wanted.append(id(one.household))
        return [one for one in self.settled.residents if id(one.household) in wanted[:FAMILIES]]


def _end(first: date) -> date:
    return month_of(f"{first:%Y-%m}")[1]


def _after(first: date) -> date:
    return _end(first) + timedelta(days=1)
