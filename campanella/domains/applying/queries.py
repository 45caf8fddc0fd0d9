"""Which calls there are, what they ask, who has applied and what became of it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from campanella.domains.applying.models import Application as Application
from campanella.domains.applying.models import ApplicationFile as ApplicationFile
from campanella.domains.applying.models import ApplicationStep as ApplicationStep
from campanella.domains.applying.models import ApplicationVersion as ApplicationVersion
from campanella.domains.applying.models import EnrolmentCall as EnrolmentCall
from campanella.domains.applying.models import FormPart as FormPart
from campanella.domains.applying.rules import LIVE, OPEN, TICKED, Asked
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.foundation.core.errors import NotFound


def calls() -> list[EnrolmentCall]:
    """Return every call with its service and year, the newest year first, in the town's order of services: one query."""
    rows = EnrolmentCall.objects.select_related("service", "year")
    return list(rows.order_by("-year__days", "service__position", "service_id"))


def opened(*, now: datetime) -> list[EnrolmentCall]:
    """Return the calls that have opened, whether they are over or not, those that close first before: one query."""
    rows = EnrolmentCall.objects.filter(opens_at__lte=now).select_related("service", "year")
    return list(rows.order_by("closes_at", "service__position", "id"))


def call(*, call_id: int) -> EnrolmentCall:
    """
    Return one call with its service and year.

    :raises NotFound: the town has no such call
    """
    found = EnrolmentCall.objects.filter(pk=call_id).select_related("service", "year").first()
    if found is None:
        raise NotFound("Queste iscrizioni non ci sono.")
    return found


def parts(*, call_id: int) -> list[FormPart]:
    """Return what a call's form asks today, in its order: one query."""
    return list(FormPart.objects.filter(call_id=call_id, ended_at=None).order_by("position", "id"))


def every_part(*, call_id: int) -> list[FormPart]:
    """Return what a call's form asks and has asked: one query."""
    return list(FormPart.objects.filter(call_id=call_id).order_by("position", "id"))


def part(*, part_id: int) -> FormPart:
    """
    Return one part of a form that is still asked.

    :raises NotFound: there is none
    """
    found = FormPart.objects.filter(pk=part_id, ended_at=None).first()
    if found is None:
        raise NotFound
    return found


def asked(parts: Sequence[FormPart]) -> list[Asked]:
    """Return parts as the rules look at them."""
    return [Asked(one.pk, one.kind, one.is_required) for one in parts]


def answered(parts: Sequence[FormPart]) -> list[FormPart]:
    """Return the parts that are answered on the page of the data, what is ticked at the end left out."""
    return [one for one in parts if one.kind not in TICKED]


def application(*, application_id: int) -> Application:
    """
    Return one application with its call, service, year, child and adult, for the town's staff.

    :raises NotFound: the town has no such application
    """
    found = _whole().filter(pk=application_id).first()
    if found is None:
        raise NotFound("Questa domanda non c’è.")
    return found


def of_person(*, guardian_id: int | None, user_id: int | None) -> list[Application]:
    """
    Return what an adult has written and sent, the newest first, with what it wrote before it was one: one query.

    :param user_id: the access that is its own
    """
    mine = Q(guardian__isnull=True, user_id=user_id) if user_id else Q(pk=None)
    if guardian_id:
        mine |= Q(guardian_id=guardian_id)
    return list(_whole().filter(mine).order_by("-written_at", "-id"))


def adult_of(*, application: Application) -> Guardian | None:
    """Return the adult who applies, None while who has registered is nobody's: one query at most."""
    if application.guardian or application.user is None:
        return application.guardian
    return people.guardian_of(user=application.user)


def is_applied_for(*, call_id: int, child_id: int, apart_from: int = 0) -> bool:
    """Tell whether somebody has applied for a child, and the application stands."""
    return Application.objects.filter(call_id=call_id, child_id=child_id, state__in=LIVE).exclude(pk=apart_from).exists()


def accepted(*, child_id: int, service_id: int, day: date) -> Application | None:
    """Return the accepted application by which a child may use a service on a day, None where there is none: one query."""
    rows = _whole().filter(child_id=child_id, call__service_id=service_id, call__year__days__contains=day)
    return rows.filter(state="accepted").first()


def before(*, application: Application) -> int:
    """Count the live applications of the same call that came earlier: their numbers are smaller. One query."""
    rows = Application.objects.filter(call_id=application.call_id, state__in=LIVE, number__lt=application.number)
    return rows.count()


def sent(*, call_id: int | None, states: Sequence[str]) -> "QuerySet[Application]":
    """Return what was sent to the office, of a call or of all, in these states, the oldest first."""
    rows = _whole().filter(state__in=states)
    if call_id is not None:
        rows = rows.filter(call_id=call_id)
    return rows.order_by("sent_at", "id")


def open_ids(*, call_id: int) -> set[int]:
    """Return the applications of a call of which the office has still to decide: one query."""
    return set(Application.objects.filter(call_id=call_id, state__in=OPEN).values_list("pk", flat=True))


def many(*, application_ids: Sequence[int]) -> list[Application]:
    """Return these applications, the oldest first: one query."""
    return list(_whole().filter(pk__in=list(application_ids)).exclude(state="draft").order_by("sent_at", "id"))


def counts() -> "Counter[tuple[int, str]]":
    """Count the applications that were sent by call and state: one query."""
    rows = Application.objects.exclude(state="draft").order_by().values_list("call_id", "state").annotate(count=Count("pk"))
    return Counter({(call_id, state): count for call_id, state, count in rows})


def waiting_count() -> int:
    """Count what waits for the office: one query."""
    return Application.objects.filter(state__in=("sent", "taken")).count()


def steps(*, application_id: int) -> list[ApplicationStep]:
    """Return the history of an application, the oldest step first: one query."""
    return list(ApplicationStep.objects.filter(application_id=application_id).order_by("id"))


def step(*, step_id: int) -> ApplicationStep:
    """Return one step, which is there, with its application."""
    return ApplicationStep.objects.select_related(
        "application__call__service", "application__guardian", "application__user"
    ).get(pk=step_id)


def version(*, application: Application) -> ApplicationVersion | None:
    """Return what was sent last, None while nothing was: one query."""
    return ApplicationVersion.objects.filter(application=application, version=application.version).first()


def versions(*, application_id: int) -> list[ApplicationVersion]:
    """Return all that was sent of an application, the oldest first: one query."""
    return list(ApplicationVersion.objects.filter(application_id=application_id).order_by("version"))


def versions_sent(*, application_ids: Sequence[int]) -> dict[int, ApplicationVersion]:
    """Return by application what was sent last: one query."""
    rows = ApplicationVersion.objects.filter(application_id__in=list(application_ids), version=F("application__version"))
    return {one.application_id: one for one in rows}


def files(*, application_id: int) -> list[ApplicationFile]:
    """Return the documents of an application as it is being written: one query."""
    return list(
        ApplicationFile.objects.filter(application_id=application_id, removed_at=None).select_related("part").order_by("id")
    )


def sent_file_ids(*, application_id: int) -> set[int]:
    """Return the documents that any version of an application was sent with: one query."""
    contents = ApplicationVersion.objects.filter(application_id=application_id).values_list("content", flat=True)
    return {pk for content in contents for _, _, pk, *_ in content["files"]}


def data_sent(*, applications: Sequence[Application]) -> dict[int, dict[str, Any]]:
    """Return what was sent last of these applications, as it was written: one query."""
    rows = ApplicationVersion.objects.filter(application__in=applications, version=F("application__version"))
    return dict(rows.values_list("application_id", "content__data"))


def erased_file_ids(*, application_id: int) -> set[int]:
    """Return the documents of an application that were kept no longer: one query."""
    rows = ApplicationFile.objects.filter(application_id=application_id).exclude(erased_at=None)
    return set(rows.values_list("pk", flat=True))


def earlier(*, guardian_id: int, child_id: int | None, call: EnrolmentCall) -> Application | None:
    """Return what the adult sent for the same service before, for the same child where there was one: one query."""
    rows = Application.objects.filter(guardian_id=guardian_id, call__service_id=call.service_id, version__gt=0)
    rows = rows.exclude(call=call).exclude(state__in=("withdrawn", "refused"))
    if child_id is not None:
        rows = rows.filter(child_id=child_id)
    return rows.order_by("-sent_at").first()


def not_admitted(*, child_ids: Sequence[int], service_id: int, day: date) -> list[int]:
    """
    Return which of these children may not use a service on a day, because only the enrolled may: two queries.

    An application that was accepted is what makes somebody enrolled.
    """
    calls = EnrolmentCall.objects.filter(service_id=service_id, year__days__contains=day, admits_only_enrolled=True)
    asked_by = list(calls.values_list("pk", flat=True))
    if not asked_by:
        return []
    accepted = Application.objects.filter(Q(call_id__in=asked_by), state="accepted", child_id__in=list(child_ids))
    enrolled = set(accepted.values_list("child_id", flat=True))
    return [child_id for child_id in child_ids if child_id not in enrolled]


def _whole() -> "QuerySet[Application]":
    return Application.objects.select_related("call__service", "call__year", "child", "guardian", "user")
