"""What is printed on a reminder: gathered when it is issued, and kept."""

from collections.abc import Sequence
from datetime import date, datetime

from campanella.domains.arrears.documents.reminder_pdf import ReminderSheet
from campanella.domains.arrears.rules.debts import Debt
from campanella.domains.arrears.rules.interest import Accruing, told
from campanella.domains.arrears.rules.ladder import Step
from campanella.domains.payments.gateways.pagopa import notice_number
from campanella.domains.people.models import Guardian
from campanella.foundation.core.italian import at_time, day_figures, day_full
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import active_town

KINDNESS = "A scuola nessuno vede quello che devi, e i bambini mangiano come sempre."
PLANS = (
    "Se non riesci a pagare tutto insieme, chiedi di pagare a rate: scrivi all’ufficio dal portale (Contattaci), oppure "
    "chiama o vieni. Mentre rispetti le rate non ricevi altri solleciti."
)


def sheet(
    *,
    number: str,
    step: Step,
    payer: Guardian,
    debts: Sequence[Debt],
    cost: Euro,
    accruing: Sequence[Accruing],
    notice: str,
    pay_by: date,
    now: datetime,
) -> ReminderSheet:
    """Gather what is printed on a reminder: no query."""
    town = active_town()
    total = Euro(sum(debt.cents for debt in debts) + sum(one.cents for one in accruing) + cost.cents)
    lines = [(debt.title, debt.number, day_figures(debt.due_on), str(Euro(debt.cents))) for debt in debts]
    lines += [_interest(one) for one in accruing]
    if cost.cents:
        lines.append(("Spese di questo sollecito", number, day_figures(now), str(cost)))
    return ReminderSheet(
        number=number,
        title=step.name,
        text=step.text,
        issued_on=day_full(now),
        as_of=f"{day_full(now)}, ore {at_time(now)}",
        pay_by=day_full(pay_by),
        payer_name=payer.full_name,
        payer_tax_code=payer.tax_code,
        payer_address=payer.address,
        lines=lines,
        total=str(total),
        notice=notice_number.grouped(notice) if notice else "",
        how=_how(bool(notice)),
        help=help_of(town.choices.office_name, town.choices.office_phone, town.choices.office_email),
        plans=PLANS,
        kindness=KINDNESS,
        creditor_name=town.name,
        creditor_tax_code=town.tax_code,
        creditor_office=town.choices.office_name,
        creditor_info=town.choices.office_address,
        site=town.host,
    )


def _interest(one: Accruing) -> tuple[str, str, str, str]:
    """Tell interest with what it is on, its days and its rate."""
    base = f"{told(one.points).removeprefix('gli ').capitalize()} su {one.title}, dal {day_figures(one.first)}"
    return f"{base} su {Euro(one.principal)}", one.number, day_figures(one.until), str(Euro(one.cents))


def _how(has_notice: bool) -> str:
    if not has_notice:
        return "Chiama l’ufficio: ti dice come pagare."
    return (
        "Paga on-line dal portale, oppure con l’avviso pagoPA che accompagna questa lettera: in banca, alla posta o in "
        "tabaccheria. Se hai già pagato in questi giorni, non devi fare nulla."
    )


def help_of(name: str, phone: str, email: str) -> str:
    """Say whom to call."""
    ways = [f"telefono {phone}" if phone else "", f"e-mail {email}" if email else ""]
    said = ", ".join(way for way in ways if way)
    return f"Qualcosa non torna? Chiedi a {name}{f': {said}' if said else ''}."
