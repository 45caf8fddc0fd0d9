"""Two hundred tablets that hand in twenty-five marks each at the same moment, signed, over HTTP; and what is lost."""

import json
import statistics
from uuid import uuid4

from joserfc import jws
from joserfc.jwk import ECKey

from benchmarks.city import FAMILY_PASSWORD, City
from benchmarks.table import Measure, measure
from benchmarks.web import OFFICE, _load, _request, _settle_down, serving
from campanella.domains.accounts import proofs
from campanella.domains.accounts.operations import create_user
from campanella.domains.accounts.roles import Role
from campanella.domains.attendance.models import DayEvent
from campanella.domains.schools.models import ClassGroup, Membership
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.usecases import tablets

TABLETS, MARKS = 200, 25
EVENTS, DAYS = "/api/v1/rollcall/events", "/api/v1/rollcall/days"


class Tablet:
    """One tablet, at one class."""

    def __init__(self, city: City, class_id: int, operator_id: int) -> None:
        self.city, self.class_id, self.operator_id, self.number = city, class_id, operator_id, 0
        self.sent = b""
        self.key = ECKey.generate_key("P-256")
        group = ClassGroup.objects.get(pk=class_id)
        pairing = tablets.prepare(by=OFFICE, name=f"Tablet {class_id}", school_id=group.school_id, now=clock.now())
        shown = self.key.as_dict(private=False)
        tablets.pair(code=pairing.code, public_key=shown, app_version="bench", now=clock.now())
        self.device_id = pairing.device.pk
        pupils = Membership.objects.filter(class_group_id=class_id).order_by("child_id")
        self.children = list(pupils.values_list("child_id", flat=True)[:MARKS])

    def marks(self, first: int = 0, last: int = MARKS) -> bytes:
        """A request with a mark for each child of the class, every fifth one absent, until there are enough."""
        now = clock.now().isoformat()
        events = [
            {
                "event_id": str(uuid4()),
                "seq": n + 1,
                "day": clock.today().isoformat(),
                "service": "mensa",
                "class_id": self.class_id,
                "child_id": self.children[n % len(self.children)],
                "kind": "absent" if n % 5 == 0 else "present",
                "value": None,
                "operator_id": self.operator_id,
                "made_at": now,
            }
            for n in range(first, last)
        ]
        self.sent = json.dumps({"sent_at": now, "events": events}).encode()
        return self.again()

    def again(self) -> bytes:
        """The same marks once more."""
        return self.signed("POST", EVENTS, self.sent)

    def days(self) -> bytes:
        """A request for the lists."""
        return self.signed("GET", DAYS, b"")

    def signed(self, method: str, path: str, body: bytes) -> bytes:
        """Sign a request as the app does."""
        self.number += 1
        claims = {"htm": method, "htu": path, "bh": proofs.digest_of(body), "n": self.number, "v": "bench"}
        claims["t"] = int(clock.now().timestamp() * 1000)
        header = {"alg": "ES256", "kid": str(self.device_id)}
        proof = jws.serialize_compact(header, json.dumps(claims).encode(), self.key)
        head = {"Host": self.city.host, "Authorization": f"Bearer {proof}", "Content-Type": "application/json"}
        return _request(method, path, head, body)


def all_of(city: City, url: str) -> list[Measure]:
    """Hand in from two hundred tablets at once, then fetch their lists."""
    with scope(city.town_id):
        teacher = create_user(
            by=OFFICE,
            username="tablets",
            display_name="Giulia",
            roles=[Role.SCHOOL],
            password=FAMILY_PASSWORD,
            now=clock.now(),
        )
        every = [Tablet(city, class_id, teacher.pk) for class_id in city.class_ids[-TABLETS - 8 :]]
    _settle_down(url)
    warm, at_once = every[:8], every[8:]
    with serving(url):
        # Tablets that have network send each tap as it is made: by 9:20 the house has been at it all morning.
        for number in range(MARKS):
            taps = [tablet.marks(number, number + 1) for tablet in warm]
            _load(taps.__getitem__, len(taps))
        requests = [tablet.marks() for tablet in at_once]
        took, times, statuses = _load(requests.__getitem__, TABLETS, clients=TABLETS)
        # Whoever is told that the house is too busy sends again, as the app does; no mark leaves a tablet before its answer.
        busy = statuses.count("503")
        assert set(statuses) <= {"200", "503"}, set(statuses)
        if busy:
            again = [tablet.again() for tablet in at_once]
            assert set(_load(again.__getitem__, TABLETS)[2]) == {"200"}
        lists = [tablet.days() for tablet in at_once]
        _, reading, statuses = _load(lists.__getitem__, TABLETS)
        assert set(statuses) == {"200"}, set(statuses)
    with scope(city.town_id):
        devices = [tablet.device_id for tablet in at_once]
        kept = DayEvent.objects.filter(device_id__in=devices, answer="accepted").count()
    p95, lost = statistics.quantiles(times, n=20)[-1], TABLETS * MARKS - kept
    fetch = statistics.median(reading) * 1000
    print(f"the first wave took {took:.2f} s; {busy} of {TABLETS} were told to come again")
    print(f"a tablet's lists of four days, eight tablets at once: {fetch:.0f} ms (median)")
    return [
        measure(name="200 tablets hand in 25 marks each at once, p95", ours=p95, unit="s", goal="< 1 s", met=p95 < 1),
        measure(name="the same, marks lost", ours=lost, unit="marks", goal="0", met=lost == 0),
    ]
