"""Rules of a call, corrections after appeals, lists as they were drawn up, their publication: all of it only ever added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from campanella.domains.applying.models import Application, EnrolmentCall, FormPart
from campanella.domains.ranking import queries
from campanella.domains.ranking.events import ListPublished
from campanella.domains.ranking.models import RankCorrection, RankLine, RankList, RankPublication, RankScheme
from campanella.domains.ranking.rules.order import Ranked
from campanella.domains.ranking.rules.scheme import Scheme, as_data
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.events import publish as tell
from campanella.foundation.core.scope import operation

audit.sentences(
    {
        "ranking.rules": "ha cambiato le regole della graduatoria per {service}, {year}",
        "ranking.corrected": "ha corretto per la graduatoria la domanda n. {number}: {part}",
        "ranking.drawn_up": "ha fatto la graduatoria n. {list} per {service}, {year}",
        "ranking.published": "ha pubblicato la graduatoria provvisoria n. {list} per {service}, {year}",
        "ranking.final": "ha pubblicato la graduatoria definitiva n. {list} per {service}, {year}",
    }
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """
    A list to keep.

    :ivar inputs: everything that decided, as JSON, with its digest
    :ivar lines: each with its application and what was read of it
    """

    seed: str
    digest: str
    inputs: Mapping[str, Any]
    lines: Sequence[tuple[Ranked, int, Mapping[str, Any]]]


@operation
def set_rules(*, by: Actor, call: EnrolmentCall, scheme: Scheme, now: datetime) -> RankScheme:
    """
    Let other rules hold for a call from now on; the same ones are not written twice.

    :param call: held
    """
    last, content = queries.scheme_row(call_id=call.pk), as_data(scheme)
    if last and last.content == content:
        return last
    made = RankScheme.objects.create(
        call=call,
        version=last.version + 1 if last else 1,
        content=content,
        at=now,
        by_id=by.actor_id,
        by_label=by.actor_label,
    )
    _note("ranking.rules", by=by, call=call, now=now)
    return made


@operation
def correct(
    *, by: Actor, application: Application, part: FormPart, answer: str, reason: str, now: datetime
) -> RankCorrection:
    """
    Count another answer than was sent.

    :param application: held
    """
    made = RankCorrection.objects.create(
        application=application,
        part=part,
        answer=answer,
        reason=reason,
        at=now,
        by_id=by.actor_id,
        by_label=by.actor_label,
    )
    audit.record(
        by=by,
        action="ranking.corrected",
        subjects=[f"application:{application.pk}", f"call:{application.call_id}"],
        at=now,
        why=reason,
        data={"number": application.number, "part": part.label},
    )
    return made


@operation
def keep_list(*, by: Actor, call: EnrolmentCall, scheme: RankScheme, drawn: Drawn, why: str, now: datetime) -> RankList:
    """
    Put a list on record under the call's next number.

    :param call: held
    """
    last = queries.last_list(call_id=call.pk)
    made = RankList.objects.create(
        call=call,
        number=last.number + 1 if last else 1,
        scheme=scheme,
        seed=drawn.seed,
        digest=drawn.digest,
        inputs=dict(drawn.inputs),
        why=why,
        at=now,
        by_id=by.actor_id,
        by_label=by.actor_label,
    )
    RankLine.objects.bulk_create(
        RankLine(
            ranking=made,
            application_id=application_id,
            group=row.group,
            position=row.position,
            points=row.points,
            is_first=row.is_first,
            is_resident=row.is_resident,
            is_drawn=row.is_drawn,
            ticket=row.ticket,
            school_id=row.school_id,
            facts=dict(facts),
        )
        for row, application_id, facts in drawn.lines
    )
    _note("ranking.drawn_up", by=by, call=call, now=now, why=why, list=made.number)
    return made


@operation
def publish(
    *, by: Actor, call: EnrolmentCall, ranking: RankList, is_final: bool, appeals_until: date | None, now: datetime
) -> RankPublication:
    """
    Let families read a list.

    :param call: held
    """
    made = RankPublication.objects.create(
        call=call,
        ranking=ranking,
        is_final=is_final,
        appeals_until=appeals_until,
        at=now,
        by_id=by.actor_id,
        by_label=by.actor_label,
    )
    _note("ranking.final" if is_final else "ranking.published", by=by, call=call, now=now, list=ranking.number)
    tell(ListPublished(list_id=ranking.pk))
    return made


def _note(action: str, *, by: Actor, call: EnrolmentCall, now: datetime, why: str = "", **more: int) -> None:
    data: dict[str, str | int] = {"service": call.service.name, "year": call.year.name, **more}
    audit.record(by=by, action=action, subjects=[f"call:{call.pk}"], at=now, why=why, data=data)
