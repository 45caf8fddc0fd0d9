"""What a run of a month finds: the wallets are held, the calendar is read, what was charged is put together."""

from datetime import date, datetime

from campanella.domains.billing import fee_reckoning, policies
from campanella.domains.billing import operations as billing
from campanella.domains.billing.choices import BillingChoices
from campanella.domains.billing.drawing import Drawn, Month, draw
from campanella.domains.billing.operations import Run
from campanella.domains.debiting import queries as debiting
from campanella.domains.schools import queries as schools
from campanella.domains.services import queries as services
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import month_name
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import operation
from campanella.foundation.tenants.queries import active_town
from campanella.readings import serving


class NobodyPaysAfter(Refusal):
    """Nobody pays this service after the month."""

    message = (
        "Nessuno paga questo servizio dopo il mese: decidi prima chi è postpagato, o in addebito sul conto, e da quando."
    )


class PayOtherwise(Refusal):
    """While the wallets were being held, somebody else has begun to pay after the month."""

    message = "Nel frattempo è cambiato come si paga questo servizio: non è partita nessuna fattura. Rifai l’anteprima."


# Part of an act that draws invoices up, or shows them: it joins that act's transaction.
@operation
def drawn(*, service_id: int, first: date, last: date, today: date, to_write: bool = False) -> Drawn:
    """
    Hold the wallets of all who pay after the month, and look at what was charged.

    :param today: the day of the documents: by its year they bear stamp duty, and who pays it
    :param to_write: the lines are to be written, and come along
    :raises NobodyPaysAfter: nobody pays the service after the month
    :raises PayOtherwise: a child has begun to pay after the month since its wallets were to be held
    """
    after = _paying_after(service_id, last)
    if not after:
        raise NobodyPaysAfter
    own = sorted(child_id for child_id in after if child_id is not None)
    wallets = billing.hold_purses(service_id=service_id, child_ids=None if None in after else own)
    # Who decides meanwhile how somebody pays waits, and finds the month billed; who was quicker is seen now.
    billing.hold_policies()
    if None not in after and not _paying_after(service_id, last) <= after:
        raise PayOtherwise
    choices = active_town().chosen(BillingChoices)
    reckoned = fee_reckoning.reckon(service_id=service_id, until=last, child_ids=sorted(wallets))
    return draw(
        month=Month(
            service_id,
            first,
            last,
            _open_days(service_id, first, last),
            services.taxations(year=today.year)[service_id].stamp_payer,
            today,
        ),
        wallets=wallets,
        per_payer=choices.bill_per_payer,
        least=choices.bill_least,
        jump_percent=choices.bill_jump_percent,
        by_bank=debiting.payers_by_bank(),
        passed=[one for one in reckoned.passed if one.part.charged_on >= first],
        to_write=to_write,
    )


def _paying_after(service_id: int, last: date) -> set[int | None]:
    """Return the children by whose own rule, and (None) whether by the rule of all, a service is paid after the month."""
    spans = policies.spans_by_service().get(service_id, [])
    return {span.child_id for span in spans if span.kind != "prepaid" and span.first <= last}


def _open_days(service_id: int, first: date, last: date) -> list[tuple[int, date]]:
    """Return the classes that are served on each day of a month, closures apart: five queries at most."""
    classes = list(schools.all_classes(day=last, since=first)) or list(schools.all_classes(day=first))
    month = serving.between(service_id=service_id, class_group_ids=[one.pk for one in classes], first=first, last=last)
    return [(one.pk, day) for day in month.days for one in classes if month.serves(one, day)]


def record(
    by: Actor,
    action: str,
    run: Run,
    now: datetime,
    *,
    count: int | None = None,
    total: Euro | None = None,
    why: str = "",
) -> None:
    """Write an act on a run down."""
    audit.record(
        by=by,
        action=action,
        subjects=[f"run:{run.pk}"],
        at=now,
        why=why,
        data={
            "invoices": run.invoices if count is None else count,
            "service": run.service.name,
            "month": month_name(run.first),
            "total": str(Euro(run.total_cents) if total is None else total),
        },
    )
