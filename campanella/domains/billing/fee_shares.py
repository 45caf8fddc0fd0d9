"""What a tariff by the month, the week or the year asks of a child, by the function that quotes."""

from collections.abc import Sequence
from datetime import date

from campanella.domains.enrolment.reckoning import Households, facts_of
from campanella.domains.services.tariffs import quoting
from campanella.domains.services.tariffs.facts import NoPrice
from campanella.domains.services.tariffs.quoting import Quote
from campanella.domains.services.tariffs.shapes import Scheme


def quoted(*, known: Households, child_id: int, service_id: int, schemes: Sequence[Scheme], day: date) -> Quote | None:
    """
    Return what a child pays by the tariff that holds on a day, and why; None where none has an answer.

    The day is the first one of an instalment on which the child uses the service.

    :param schemes: of the service, for all schools that use it
    """
    scheme = next((one for one in schemes if one.first <= day <= one.last), None)
    kid = known.kids.get(child_id)
    line = next((one for one in kid.lines if one.service_id == service_id and one.holds_on(day)), None) if kid else None
    if scheme is None or kid is None or line is None:
        return None
    try:
        return quoting.quote(scheme=scheme, facts=facts_of(known=known, kid=kid, line=line, scheme=scheme, day=day))
    except NoPrice:
        return None
