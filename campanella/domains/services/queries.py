"""Which services a town has, and when they run."""

from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Prefetch

from campanella.domains.services import rules
from campanella.domains.services.models import Bracket, Service, ServiceCalendar, Tariff


def services() -> list[Service]:
    """Return the town's services in the town's order."""
    return list(Service.objects.order_by("position", "id"))


def catalogue() -> list[Service]:
    """Return the services with their tariffs and brackets, newest tariff first: three queries."""
    brackets = Prefetch("brackets", Bracket.objects.order_by("cents", "id"))
    tariffs = Prefetch("tariffs", Tariff.objects.order_by("-days", "id").prefetch_related(brackets))
    return list(Service.objects.order_by("position", "id").prefetch_related(tariffs))


def prices_from(*, day: date) -> list[Bracket]:
    """Return the prices that hold on a day or later, with tariff and service, in the town's order: one query."""
    rows = Bracket.objects.filter(tariff__days__overlap=DateRange(day, None)).select_related("tariff__service")
    return list(rows.order_by("tariff__service__position", "tariff__service_id", "tariff__days", "tariff_id", "-cents"))


def service(*, code: str) -> Service | None:
    """Return a service by its code."""
    return Service.objects.filter(code=code).first()


def calendars(*, school_id: int) -> list[ServiceCalendar]:
    """Return the calendars of a school, every service: one query."""
    return list(ServiceCalendar.objects.filter(school_id=school_id).select_related("service"))


def calendars_between(*, service_id: int, first: date, last: date) -> list[ServiceCalendar]:
    """Return the calendars of a service that touch these days, both included, in every school: one query."""
    days = (first, last + timedelta(days=1))
    return list(ServiceCalendar.objects.filter(service_id=service_id, days__overlap=days))


def running_on(*, day: date) -> list[ServiceCalendar]:
    """Return where which service runs on a day, closures apart."""
    found = ServiceCalendar.objects.filter(days__contains=day).select_related("service")
    return [calendar for calendar in found if rules.runs_on(day=day, weekdays=calendar.weekdays)]
