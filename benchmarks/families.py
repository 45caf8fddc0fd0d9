"""
Five thousand families that cancel today's meal at the last moment, over HTTP, while the cut-off passes among them.

They come as fast as they are answered and not over five minutes, which asks more of the house. Whether each counts is what
its moment of receipt says, to the microsecond, however long it waited for its answer.
"""

import secrets
import statistics
import time
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import psycopg
from django.db.backends.postgresql.psycopg_any import DateRange

from benchmarks.city import FIRST, City
from benchmarks.table import Measure, measure
from benchmarks.web import _load, _request, _settle_down, serving
from campanella.domains.accounts.models import Session, User
from campanella.domains.accounts.roles import Role
from campanella.domains.accounts.sessions import SessionStore
from campanella.domains.accounts.signing import HASH_KEY, USER_KEY
from campanella.domains.attendance.models import DayEvent, DayRule, FamilyRequest
from campanella.domains.people.models import Child, Guardian, Guardianship
from campanella.domains.schools.models import School
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope

FAMILIES, WARM, PHONES = 5_000, 200, 16
TOKEN = "f" * 32  # a browser's own: it comes in the cookie and beside the form


class Phones:
    """The requests of many parents, each with a child; what was sent when."""

    def __init__(self, city: City, count: int) -> None:
        self.city = city
        self.children = list(Child.objects.order_by("id").values_list("id", flat=True)[:count])
        self.cookies = [f"session={key}; csrf={TOKEN}" for key in _signed_in(self.children)]
        self.keys = [uuid4() for _ in self.children]
        self.sent: dict[UUID, datetime] = {}

    def cancel(self, number: int) -> bytes:
        """Cancel the meal of one child, as the form of its day does."""
        key, child = self.keys[number], self.children[number]
        head = {"Host": self.city.host, "Cookie": self.cookies[number], "X-CSRFToken": TOKEN}
        head["Content-Type"] = "application/x-www-form-urlencoded"
        body = f"giorno={clock.today()}&per={child}-{self.city.meal_id}&fai=disdici&key={key}"
        self.sent[key] = clock.now()
        return _request("POST", f"/disdette/{child}/", head, body.encode())


def all_of(city: City, url: str) -> list[Measure]:
    """Let some families warm the house, move the cut-off into the middle of the others, and look at every request."""
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("delete from core_heartbeat")  # of servers measured before: no outage of this one
    with scope(city.town_id):
        phones = Phones(city, FAMILIES + WARM)
    _cut_off(city, clock.now() + timedelta(hours=1))
    _settle_down(url)
    with serving(url):
        begun = time.perf_counter()
        _load(phones.cancel, WARM)
        half = (time.perf_counter() - begun) / WARM * FAMILIES / 2
        _cut_off(city, clock.now() + timedelta(seconds=half))
        _, times, statuses = _load(lambda n: phones.cancel(WARM + n), FAMILIES, clients=PHONES)
        assert set(statuses) == {"302"}, set(statuses)
    p95, wrong = statistics.quantiles(times, n=20)[-1] * 1000, _misjudged(city, phones)
    return [
        measure(name="5,000 families cancel in the last minutes, p95", ours=p95, unit="ms", goal="< 500 ms", met=p95 < 500),
        measure(name="the same, not judged by their moment of receipt", ours=wrong, unit="", goal="0", met=wrong == 0),
    ]


def _misjudged(city: City, phones: Phones) -> int:
    """Count what is missing, was received before it was sent, or counts though it was late, or the other way round."""
    with scope(city.town_id):
        keys = phones.keys[WARM:]
        rows = FamilyRequest.objects.filter(key__in=keys).values_list("id", "key", "received_at")
        received = {pk: (key, at) for pk, key, at in rows}
        events = DayEvent.objects.filter(request_id__in=received).values_list("request_id", "counts", "cut_off")
        judged = {request: (counts, cut_off) for request, counts, cut_off in events if cut_off}
    late = sum(not counts for counts, _ in judged.values())
    print(f"the cut-off passed among them: {len(judged) - late} in time, {late} late")
    assert 0 < late < len(judged), "the cut-off did not pass among them: no proof"
    right = [
        key
        for pk, (key, at) in received.items()
        if pk in judged and at >= phones.sent[key] and judged[pk][0] is (at <= judged[pk][1])
    ]
    return FAMILIES - len(right)


def _cut_off(city: City, until: datetime) -> None:
    """Let families book and cancel meals in every school, until this instant of today."""
    with scope(city.town_id):
        DayRule.objects.filter(service_id=city.meal_id).delete()
        days = DateRange(FIRST, None)
        at = until.astimezone(clock.ROME).time()
        DayRule.objects.bulk_create(
            DayRule(service_id=city.meal_id, school=school, days=days, mode="opt_out", cut_off=at)
            for school in School.objects.all()
        )


def _signed_in(children: list[int]) -> list[str]:
    """Make a parent for each of these children, signed in; return the keys of their sessions."""
    users = User.objects.bulk_create(
        User(username=f"family{child}", display_name="Maria Rossi", roles=[Role.GUARDIAN], password=f"!{child}")
        for child in children
    )
    guardians = Guardian.objects.bulk_create(Guardian(given_name="Maria", family_name="Rossi", user=user) for user in users)
    Guardianship.objects.bulk_create(
        Guardianship(child_id=child, guardian=guardian) for child, guardian in zip(children, guardians, strict=True)
    )
    sessions = [
        Session(
            session_key=secrets.token_hex(16),
            session_data=SessionStore().encode({USER_KEY: str(user.pk), HASH_KEY: user.get_session_auth_hash()}),
            expire_date=clock.now() + timedelta(days=1),
            user_id=user.pk,
        )
        for user in users
    ]
    Session.objects.bulk_create(sessions)
    return [session.session_key for session in sessions]
