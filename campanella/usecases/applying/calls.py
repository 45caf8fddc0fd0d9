"""The office sets a call up: one of a service that was called before asks the same as then."""

from datetime import datetime

from campanella.domains.applying import queries, setting_up
from campanella.domains.applying.queries import EnrolmentCall
from campanella.domains.applying.setting_up import CallData
from campanella.domains.schools.models import SchoolYear
from campanella.domains.services import queries as services
from campanella.domains.services.tariff_files import kept
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor, Software
from campanella.foundation.core.scope import use_case
from campanella.usecases import reckoning

ENROLMENT = Software("Iscrizioni")


@use_case
def open_call(*, by: Actor, service_id: int, year: SchoolYear, data: CallData, now: datetime) -> EnrolmentCall:
    """
    Set a call up; its form is that of the service's last call, or what the law wants.

    :raises CalledAlready: the town has one for this service and year
    :raises ClosesBeforeItOpens: its end comes before its beginning
    """
    before = next((one for one in queries.calls() if one.service_id == service_id), None)
    service = services.service_with(service_id=service_id)
    call = setting_up.open_call(by=by, service=service, year=year, data=data, now=now)
    if before:
        setting_up.copy_parts(by=by, call=call, source=before, now=now)
    return call


@use_case
def put_prices_right(*, call_id: int) -> None:
    """Let who is not enrolled by a call that was set up or changed pay as the tariffs say; most ask nothing of it."""
    if kept.asking_enrolment(service_id=queries.call(call_id=call_id).service_id):
        reckoning.put_all_right(by=ENROLMENT, now=clock.now())
