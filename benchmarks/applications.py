"""
Five hundred families that enrol at once, over HTTP, each the whole way: six pages, from the list to the protocol number.

They come as fast as they are answered, which asks more of the house than an opening morning does.
"""

import statistics
from datetime import timedelta

from benchmarks.city import END, City
from benchmarks.families import TOKEN, _signed_in
from benchmarks.table import Measure, measure
from benchmarks.web import _load, _request, _settle_down, serving
from campanella.domains.applying import queries, setting_up
from campanella.domains.applying.models import Application
from campanella.domains.applying.setting_up import CallData, PartData
from campanella.domains.people.models import Child
from campanella.domains.schools import queries as schools
from campanella.domains.services import queries as services
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.scope import scope

FAMILIES, PHONES, PLACES = 500, 16, 400
OFFICE = Software("bench")


class Parents:
    """Parents with a child each, and the call that they apply to."""

    def __init__(self, city: City) -> None:
        self.city = city
        children = Child.objects.order_by("-id")[:FAMILIES]
        self.children = [child.pk for child in children]
        self.cookies = [f"session={key}; csrf={TOKEN}" for key in _signed_in(self.children)]
        self.call = _call(city)
        parts = queries.parts(call_id=self.call)
        self.stop = next(part.pk for part in parts if part.kind == "text")
        self.ticks = "&".join(f"spunta={part.pk}" for part in parts if part.kind in ("notice", "declaration"))
        self.school = schools.schools()[0].pk
        self.own: dict[int, int] = {}

    def step(self, number: int) -> bytes:
        """Return one request: every family makes the first, then every family the second, and so on."""
        step, family = divmod(number, FAMILIES)
        return (self._list, self._start, self._data, self._answer, self._summary, self._send)[step](family)

    def know(self) -> None:
        """Learn which application is whose, as the redirect tells a browser."""
        with scope(self.city.town_id):
            self.own = dict(Application.objects.values_list("child_id", "pk"))

    def _list(self, family: int) -> bytes:
        return self._get(family, "/iscrizioni/")

    def _start(self, family: int) -> bytes:
        return self._post(family, f"/iscrizioni/servizi/{self.call}/", f"figlio={self.children[family]}")

    def _data(self, family: int) -> bytes:
        return self._get(family, f"{self._mine(family)}dati/")

    def _answer(self, family: int) -> bytes:
        body = f"school={self.school}&p{self.stop}=Piazza&fai=prosegui"
        return self._post(family, f"{self._mine(family)}dati/", body)

    def _summary(self, family: int) -> bytes:
        return self._get(family, f"{self._mine(family)}riepilogo/")

    def _send(self, family: int) -> bytes:
        return self._post(family, f"{self._mine(family)}riepilogo/", f"versione=1&{self.ticks}")

    def _mine(self, family: int) -> str:
        return f"/iscrizioni/{self.own[self.children[family]]}/"

    def _get(self, family: int, path: str) -> bytes:
        return _request("GET", path, {"Host": self.city.host, "Cookie": self.cookies[family]})

    def _post(self, family: int, path: str, body: str) -> bytes:
        head = {"Host": self.city.host, "Cookie": self.cookies[family], "X-CSRFToken": TOKEN}
        head["Content-Type"] = "application/x-www-form-urlencoded"
        return _request("POST", path, head, body.encode())


def all_of(city: City, url: str) -> list[Measure]:
    """Let them all in; look at every answer's time, and at the numbers they were given."""
    with scope(city.town_id):
        parents = Parents(city)
    _settle_down(url)
    with serving(url):
        _, first, opened = _load(parents.step, 2 * FAMILIES, clients=PHONES)
        parents.know()
        _, then, answered = _load(lambda n: parents.step(2 * FAMILIES + n), 4 * FAMILIES, clients=PHONES)
    assert set(opened + answered) == {"200", "302"}, set(opened + answered)
    p95 = statistics.quantiles(first + then, n=20)[-1] * 1000
    sends = statistics.quantiles(then[-FAMILIES:], n=20)[-1] * 1000
    with scope(city.town_id):
        numbers = sorted(Application.objects.filter(state="sent").values_list("number", flat=True))
    holes = FAMILIES - sum(number.endswith(f"{place:05d}") for place, number in enumerate(numbers, start=1))
    return [
        measure(name="500 families enrol at once, every page, p95", ours=p95, unit="ms", goal="< 1 s", met=p95 < 1000),
        measure(name="the same, sending alone, p95", ours=sends, unit="ms", goal="< 1 s", met=sends < 1000),
        measure(name="the same, lost or numbered with a hole", ours=holes, unit="", goal="0", met=holes == 0),
    ]


def _call(city: City) -> int:
    now = clock.now()
    year = schools.year_of(day=clock.today())
    assert year
    data = CallData(
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
        begins_on=END - timedelta(days=10),
        places=PLACES,
        levels=(),
        asks_isee=False,
        admits_only_enrolled=True,
    )
    service = services.service_with(service_id=city.bus_id)
    call = setting_up.open_call(by=OFFICE, service=service, year=year, data=data, now=now)
    setting_up.add_part(by=OFFICE, call=call, data=PartData("text", "Fermata"), now=now)
    return call.pk
