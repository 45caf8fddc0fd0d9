"""The installation over HTTP: a tap, the parent's home, the Node's three calls, a worker's memory, the first load."""

import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import brotli
import httpx
import psycopg

from benchmarks.city import FAMILY_PASSWORD, City
from benchmarks.table import Measure, measure
from campanella.domains.accounts.models import User
from campanella.domains.accounts.operations import create_user
from campanella.domains.accounts.roles import Role
from campanella.domains.accounts.sessions import SessionStore
from campanella.domains.accounts.signing import HASH_KEY, USER_KEY
from campanella.domains.people import operations as people
from campanella.domains.people.models import Child
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import naming, scope
from campanella.usecases import top_up

ROOT = Path(__file__).resolve().parents[1]
PORT = 8390
CLIENTS = 8
OFFICE = Software("bench")


@contextmanager
def serving(url: str) -> Iterator[None]:
    """Run ``campanella serve`` with two workers of four threads."""
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "PORT": str(PORT),
        "CAMPANELLA_WORKERS": "2",
        "CAMPANELLA_THREADS": "4",
    }
    run = [sys.executable, "-m", "campanella"]
    subprocess.run([*run, "collectstatic", "--noinput", "-v0"], env=environment, check=True)
    web = subprocess.Popen([*run, "serve"], env=environment, start_new_session=True)
    try:
        for _ in range(300):
            time.sleep(0.1)
            try:
                if httpx.get(f"http://127.0.0.1:{PORT}/health/live").status_code == 200:
                    break
            except httpx.HTTPError:
                continue
        yield
    finally:
        os.killpg(web.pid, 15)
        web.wait()


def family(city: City) -> User:
    """Make a parent of two children, one of them with two services."""
    with scope(city.town_id):
        children = list(Child.objects.filter(code__in=["C1", "C2000"]))
        user = create_user(
            by=OFFICE,
            username="parent",
            display_name="Maria Rossi",
            roles=[Role.GUARDIAN],
            password=FAMILY_PASSWORD,
            now=clock.now(),
        )
        guardian = people.register_guardian(
            given_name="Maria", family_name="Rossi", tax_code="", email="m@x.example", phone=""
        )
        people.give_access(guardian=guardian, user=user)
        for child in children:
            people.tie(child=child, guardian=guardian, is_payer=True)
    return user


def session_of(city: City, user: User) -> str:
    """Sign somebody in and return the cookie."""
    with naming(city.town_id):
        session = SessionStore()
        session[USER_KEY], session[HASH_KEY] = str(user.pk), user.get_session_auth_hash()
        session.save()
    return f"session={session.session_key}"


def home(city: City, user: User) -> list[Measure]:
    """Requests a second of the parent's home, its weight, and what the first load of the portal weighs on a phone."""
    head = {"Host": city.host, "Cookie": session_of(city, user), "Accept-Encoding": "identity"}
    page = httpx.get(f"http://127.0.0.1:{PORT}/", headers=head)
    assert page.status_code == 200, page.status_code
    head["Cookie"] += f"; csrf={page.cookies['csrf']}"  # as a browser goes on
    request = _request("GET", "/", head)
    _load(lambda n: request, 400)
    rates = [1 / (_load(lambda n: request, 3000)[0] / 3000) for _ in range(3)]
    rate = statistics.median(rates)
    weight = len(brotli.compress(page.content, quality=5)) + _assets(page.text)
    return [
        measure(name="parent's home, 2 workers", ours=rate, unit="req/s", goal="≥ 500 req/s", met=rate >= 500),
        measure(
            name="parent's home, HTML",
            ours=len(page.content) / 1024,
            unit="KB",
            goal="≤ 20 KB",
            met=len(page.content) <= 20_480,
        ),
        measure(
            name="first load of the portal, fonts included",
            ours=weight / 1024,
            unit="KB",
            goal="≤ 80 KB",
            met=weight <= 81_920,
        ),
    ]


def tap(city: City) -> list[Measure]:
    """One tap on a roll-call, through the whole stack, one after the other."""
    with scope(city.town_id):
        teacher = create_user(
            by=OFFICE,
            username="teacher",
            display_name="Giulia",
            roles=[Role.SCHOOL],
            password=FAMILY_PASSWORD,
            now=clock.now(),
        )
        children = list(
            Child.objects.filter(memberships__class_group_id=city.class_ids[0]).order_by("id").values_list("id", flat=True)
        )
    cookie = session_of(city, teacher)
    sheet = httpx.get(
        f"http://127.0.0.1:{PORT}{_sheet(city)}",
        headers={"Host": city.host, "Cookie": cookie},
        follow_redirects=True,
    )
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', sheet.text)
    mark = re.search(r'data-roll="([^"]+)"', sheet.text)
    assert token, sheet.status_code
    assert mark, "the sheet has no address for taps"
    csrf = sheet.cookies.get("csrf", "")
    head = {
        "Host": city.host,
        "Cookie": f"{cookie}; csrf={csrf}",
        "X-CSRFToken": token[1],
        "Content-Type": "application/x-www-form-urlencoded",
    }

    def request(n: int) -> bytes:
        child = children[n % len(children)]
        body = f"day={clock.today()}&child={child}&eats={n % 2}".encode()
        return _request("POST", mark[1], head, body)

    _load(request, 50, clients=1)
    _, times, statuses = _load(request, 400, clients=1)
    assert set(statuses) <= {"200", "204"}, set(statuses)
    median = statistics.median(times) * 1000
    return [measure(name="one tap on a roll-call", ours=median, unit="ms", goal="≤ 2.5 ms", met=median <= 2.5)]


def node(city: City, url: str) -> list[Measure]:
    """Verify, getPayment and sendRT by eight clients, with a thousand and with a hundred thousand open positions."""
    with scope(city.town_id):
        wallet = _wallet(city)
    few = _positions(city, wallet, 1000)
    _settle_down(url)
    first = _calls(city, few[:300])
    _positions(city, wallet, 99_000)
    _settle_down(url)
    many = _calls(city, few[300:600])
    growth = many / first
    return [
        measure(
            name="verify, getPayment, sendRT, 8 clients, 100,000 open positions, p95",
            ours=many * 1000,
            unit="ms",
            goal="< 200 ms",
            met=many < 0.2,
        ),
        measure(name="the same, against 1,000 open positions", ours=growth, unit="×", goal="flat", met=growth < 1.5),
    ]


def signing_in(city: City) -> list[Measure]:
    """The proportional memory of the heaviest web worker while four people sign in at a time, each name once."""
    page = httpx.get(f"http://127.0.0.1:{PORT}/entra/", headers={"Host": city.host})
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token, page.status_code
    head = {
        "Host": city.host,
        "Cookie": f"csrf={page.cookies['csrf']}",
        "Content-Type": "application/x-www-form-urlencoded",
    }

    def request(n: int) -> bytes:
        body = f"csrfmiddlewaretoken={token[1]}&username=parent{n}&password=una-password-{n}".encode()
        return _request("POST", "/entra/", head, body)

    peak, over = 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(0.01):
            peak = max(peak, _heaviest())

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, _, statuses = _load(request, 200, clients=4)
    over.set()
    watcher.join()
    assert set(statuses) == {"200"}, set(statuses)
    return [measure(name="web worker memory, 4 sign-ins at once", ours=peak, unit="MB", goal="≤ 130 MB", met=peak <= 130)]


def memory() -> list[Measure]:
    """The proportional memory of the heaviest web worker after all the load above."""
    heaviest = _heaviest()
    return [measure(name="web worker memory", ours=heaviest, unit="MB", goal="≤ 110 MB", met=heaviest <= 110)]


def _heaviest() -> float:
    found = []
    for status in Path("/proc").glob("[0-9]*/smaps_rollup"):
        try:
            command = (status.parent / "cmdline").read_bytes()
            if b"granian" in command or b"wsgi:application" in command:
                pss = re.search(r"^Pss:\s+(\d+) kB", status.read_text(), re.M)
                found.append(int(pss[1]) / 1024 if pss else 0)
        except OSError:
            continue
    return max(found)


def _sheet(city: City) -> str:
    from django.urls import reverse

    return reverse("rollcall:sheet", args=[city.class_ids[0], "mensa"])


def _wallet(city: City) -> int:
    from campanella.domains.ledger.queries import wallets_of

    return wallets_of(child_ids=[Child.objects.get(code="C1").pk])[0].id


def _positions(city: City, wallet: int, count: int) -> list[str]:
    numbers = []
    for begun in range(0, count, 10_000):
        with scope(city.town_id):
            made = top_up.prepare_at_desk(
                by=OFFICE, wallet_id=wallet, amount=Euro(1000), count=min(10_000, count - begun), now=clock.now()
            )
        numbers += [request.notice_number for request in made]
    return numbers


def _settle_down(url: str) -> None:
    """Let the database do now what it would do by itself in the minutes after a mass of new rows."""
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("vacuum analyze")
    time.sleep(5)


def _calls(city: City, notices: list[str]) -> float:
    """Seconds of the 95th percentile over the three calls for each notice."""
    head = {"Host": "localhost", "Content-Type": "text/xml"}
    bodies = [_soap(city, kind, notice) for notice in notices for kind in ("verify", "get", "receipt")]
    _load(lambda n: _request("POST", "/pagopa/paForNode", head, bodies[n % 30]), 60)
    _, times, statuses = _load(lambda n: _request("POST", "/pagopa/paForNode", head, bodies[n]), len(bodies))
    assert set(statuses) == {"200"}, set(statuses)
    return statistics.quantiles(times, n=20)[-1]


def _soap(city: City, kind: str, notice: str) -> bytes:
    station = f"<idPA>{city.tax_code}</idPA><idBrokerPA>99999000013</idBrokerPA><idStation>99999000013_01</idStation>"
    code = f"<qrCode><fiscalCode>{city.tax_code}</fiscalCode><noticeNumber>{notice}</noticeNumber></qrCode>"
    person = (
        "<uniqueIdentifier><entityUniqueIdentifierType>F</entityUniqueIdentifierType><entityUniqueIdentifierValue>ANONIMO"
        "</entityUniqueIdentifierValue></uniqueIdentifier><fullName>ANONIMO</fullName>"
    )
    receipt = (
        f"<receipt><receiptId>{notice}</receiptId><noticeNumber>{notice}</noticeNumber><fiscalCode>{city.tax_code}</fiscalCode>"
        f"<outcome>OK</outcome><creditorReferenceId>{notice[1:]}</creditorReferenceId><paymentAmount>10.00</paymentAmount>"
        f"<description>Ricarica</description><companyName>Comune</companyName><debtor>{person}</debtor><transferList><transfer>"
        f"<idTransfer>1</idTransfer><transferAmount>10.00</transferAmount><fiscalCodePA>{city.tax_code}</fiscalCodePA>"
        "<companyName>Comune</companyName><IBAN>IT60X0542811101000000123456</IBAN><remittanceInformation>x</remittanceInformation>"
        "<transferCategory>9/0107101TS/</transferCategory></transfer></transferList><idPSP>P</idPSP>"
        "<PSPCompanyName>PSP</PSPCompanyName><idChannel>C</idChannel><channelDescription>app</channelDescription></receipt>"
    )
    element, content = {
        "verify": ("paVerifyPaymentNoticeReq", station + code),
        "get": ("paGetPaymentV2Request", station + code + "<amount>10.00</amount>"),
        "receipt": ("paSendRTV2Request", station + receipt),
    }[kind]
    return (
        '<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"'
        f' xmlns:p="http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd"><e:Body><p:{element}>{content}</p:{element}>'
        "</e:Body></e:Envelope>"
    ).encode()


def _assets(html: str) -> int:
    """Bytes of everything the page loads at once, as sent: compressed, fonts as they are."""
    total, seen = 0, set(re.findall(r'(?:href|src)="(/(?:static|theme)/[^"#?]+)', html))
    sheets = [address for address in seen if address.endswith(".css")]
    for address in sheets:
        css = httpx.get(f"http://127.0.0.1:{PORT}{address}", headers={"Host": "bench.localhost"}).text
        latin = [part for part in css.split("@font-face") if "U+0000" in part or "U+0000-00FF".lower() in part.lower()]
        for part in latin:
            name = re.search(r"url\(([^)]+\.woff2)", part)
            seen |= {"/static/cp/" + name[1].strip("'\"").removeprefix("./")} if name else set()
    for address in seen - {a for a in seen if "icon-" in a or a.endswith(".webmanifest")}:
        answer = httpx.get(f"http://127.0.0.1:{PORT}{address}", headers={"Host": "bench.localhost", "Accept-Encoding": "br"})
        assert answer.status_code == 200, address
        total += int(answer.headers.get("content-length") or len(answer.content))
    return total


def _request(method: str, path: str, head: dict[str, str], body: bytes = b"") -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        *(f"{name}: {value}" for name, value in head.items()),
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _load(request: Callable[[int], bytes], count: int, clients: int = CLIENTS) -> tuple[float, list[float], list[str]]:
    """Send requests over keep-alive connections; return all the seconds, each one's seconds, each one's status."""
    times: list[float] = []
    statuses: list[str] = []
    numbers = iter(range(count))
    lock = threading.Lock()

    def client() -> None:
        with socket.create_connection(("127.0.0.1", PORT)) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    return
                body = request(number)
                begun = time.perf_counter()
                line.sendall(body)
                status = _read(line)
                times.append(time.perf_counter() - begun)
                statuses.append(status)

    begun = time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begun, times, statuses


def _read(line: socket.socket) -> str:
    data = b""
    while b"\r\n\r\n" not in data:
        data += line.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    status = head.split(b" ", 2)[1].decode()
    length = re.search(rb"content-length: (\d+)", head, re.I)
    if length:
        missing = int(length[1]) - len(body)
        while missing > 0:
            missing -= len(line.recv(65536))
    elif b"chunked" in head.lower():
        while not body.endswith(b"0\r\n\r\n"):
            body += line.recv(65536)
    return status


def all_of(city: City, url: str) -> list[Measure]:
    """Run everything against one server."""
    user = family(city)
    _settle_down(url)
    with serving(url):
        return tap(city) + home(city, user) + node(city, url) + memory() + signing_in(city)
