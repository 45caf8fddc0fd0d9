"""
The letter of a reminder before it leaves: the same words, sums and paper, set by what sets the ones that leave.

What it has only when it leaves (its number, the notice's) is said so in their places.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from campanella.domains.arrears import queries
from campanella.domains.arrears.choices import ArrearsChoices
from campanella.domains.arrears.documents.reminder_pdf import ReminderSheet, as_kept, reminder_pdf
from campanella.domains.arrears.rules.debts import Debt
from campanella.domains.arrears.rules.ladder import Step
from campanella.domains.payments.choices import PagopaChoices
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import active_town
from campanella.readings.arrears import interest, members, papers
from campanella.readings.arrears.households import households
from campanella.readings.arrears.steps import channel_of, decided
from campanella.usecases.messages import arrears as letters

# Any number of a notice, in the place of the one that is made when the letter leaves.
SOME_NOTICE = "3" + "0" * 17
NOTICE_TO_COME = "il numero arriva con la partenza"


class NoLetterNow(Refusal):
    """The household has paid, or what it owes has changed: it would have no reminder of this step now."""

    message = "Adesso a questa famiglia non partirebbe nessun sollecito: ha pagato, o il suo debito è cambiato."


@dataclass(frozen=True, slots=True)
class Letter:
    """
    A reminder as it would leave now.

    :ivar subject, text: of the e-mail; empty where it leaves on paper
    :ivar total: debts, interest and costs
    """

    payer: Guardian
    step: Step
    subject: str
    text: str
    sheet: ReminderSheet
    debts: Euro
    interest: Euro
    cost: Euro

    @property
    def total(self) -> Euro:
        """What it would ask for in all."""
        return self.debts + self.interest + self.cost


def letter_of(*, run_id: int, payer_id: int, now: datetime) -> Letter:
    """
    Return what would leave for a household of a run: at most sixty queries.

    :raises NotFound: the town has no such run, or adult
    :raises NoLetterNow: it would have none
    """
    run, payer, day = queries.run(run_id=run_id), people.guardian(guardian_id=payer_id), clock.day_of(now)
    places = {one.payer_id: one.place for one in queries.candidates(run_id=run.id) if one.sequence}
    for one in decided(households(payer_ids=[payer_id], now=now), day=day):
        if one.step is None or one.step.place != places.get(payer_id):
            continue
        debts: tuple[Debt, ...] = one.household.debts
        owed = {payer_id: {debt.child_id for debt in debts}}
        mailed = members.reached(payer_ids=[payer_id], owed=owed)
        step = channel_of(one.step, payer, may_be_mailed=payer_id in mailed)
        extra = interest.accruing([(one.step, one.household)], day=day).get(payer_id, [])
        town = active_town()
        sheet = papers.sheet(
            number=f"{town.chosen(ArrearsChoices).arrears_series}/{day.year}/…",
            step=step,
            payer=payer,
            debts=debts,
            cost=Euro(step.cost),
            accruing=extra,
            notice=SOME_NOTICE if town.chosen(PagopaChoices).iban else "",
            pay_by=day + timedelta(days=step.pay_days),
            now=now,
        )
        sheet = replace(sheet, notice=NOTICE_TO_COME if sheet.notice else "")
        found = Letter(
            payer,
            step,
            "",
            "",
            sheet,
            debts=Euro(sum(debt.cents for debt in debts)),
            interest=Euro(sum(one.cents for one in extra)),
            cost=Euro(step.cost),
        )
        if step.channel != "mail":
            return found
        subject, text = letters.reminder_to_come(sheet=as_kept(sheet), total=found.total, now=now)
        return replace(found, subject=subject, text=text)
    raise NoLetterNow


def paper_of(letter: Letter, *, now: datetime) -> bytes:
    """Print the paper of a letter that has not left."""
    return reminder_pdf(as_kept(letter.sheet), made_at=now)
