"""What a family is told by mail of what it has asked: the number, the instant, and each day of it."""

from campanella.domains.accounts import queries as accounts
from campanella.domains.attendance import answers, standing
from campanella.domains.attendance.answers import Answer, AnsweredDay, LeftOut
from campanella.domains.attendance.standing import Standing
from campanella.domains.people import queries as people
from campanella.domains.services import queries as services
from campanella.foundation.core import clock
from campanella.foundation.core.italian import day_long_in, days_of_many, in_full
from campanella.foundation.core.scope import use_case
from campanella.usecases.links import portal_link
from campanella.usecases.messages import letters

DONE = {
    "cancel": "disdetto",
    "book": "prenotato",
    "white": "pasto in bianco",
    "packed": "pranzo al sacco",
    "keep": "resta, arriva più tardi",
    "undo": "annullata la richiesta",
}
NOT_DONE = {
    "late": "arrivata dopo la chiusura",
    "doubtful": "arrivata dopo la chiusura, con l’orologio del telefono troppo sbagliato",
    "taken": "l’appello era già fatto",
    "too_far": "troppo presto per chiederlo",
    "row": "serve il certificato",
    "month": "serve il certificato",
    "no_white": "quel giorno il servizio è chiuso",
}


@use_case
def tell(*, number: str) -> None:
    """Tell who asked, or who pays where nobody of the family did, what counts of a request."""
    answer = answers.answer(number=number)
    child_ids = sorted({day.child_id for day in answer.days} | {one.child_id for one in answer.left_out})
    children = people.called(child_ids=child_ids)
    names = {service.pk: service.name for service in services.services()}
    by = accounts.user(user_id=answer.by_id) if answer.by_id else None
    child_id = answer.days[0].child_id
    guardian = people.holder_of(user=by) if by and by.has_role("guardian") else people.payer_of(child_id=child_id)
    if guardian is None:
        return
    today = clock.day_of(answer.received_at)

    stands = standing.standing(answer)

    def line(day: AnsweredDay) -> str:
        outcome = _outcome(answer, day, stands[day.key])
        return f"{children[day.child_id]}, {names[day.service_id]}, {day_long_in(day.day, today)}: {outcome}"

    def unused(one: LeftOut) -> str:
        days = days_of_many(one.days, first=answer.asked_days[0], last=answer.asked_days[1])
        return f"{children[one.child_id]}, {names[one.service_id]}, {days}: non c’è servizio"

    letters.request_told(
        guardian=guardian,
        number=number,
        is_accepted=answer.is_accepted,
        received=in_full(answer.received_at),
        lines=[*(line(day) for day in answer.days), *(unused(one) for one in answer.left_out)],
        link=portal_link("portal:asked", number),
        now=clock.now(),
    )


def _outcome(answer: Answer, day: AnsweredDay, stands: Standing) -> str:
    """Say what holds of a day, not what the request alone says."""
    if not day.counts:
        return NOT_DONE.get(day.answer, "non vale")
    if not answer.undoes_id and stands.taken_back:
        return f"annullata con la richiesta n. {stands.taken_back.number}"
    if not answer.undoes_id and stands.is_overtaken and stands.decided_by:
        return f"vale un’altra richiesta, la n. {stands.decided_by.number}"
    if stands.known and stands.known.closed_because:
        return f"il servizio è chiuso ({stands.known.closed_because}): vale se riapre"
    return DONE[answer.action]
