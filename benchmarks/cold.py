"""
A tablet in class on a morning without network: how long until the list of classes stands there, on a slow processor.

The app is paired and opened once with network, closed, and opened again by a browser that has none and is slowed four times.
What a person takes to write the PIN is not counted; unlocking is.
"""

import statistics
import time
from typing import Any

from benchmarks.city import FAMILY_PASSWORD, City
from benchmarks.table import Measure, measure
from benchmarks.web import OFFICE, PORT, serving
from campanella.domains.accounts import passwords
from campanella.domains.accounts.operations import create_user
from campanella.domains.accounts.roles import Role
from campanella.domains.schools.models import ClassGroup
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.usecases import tablets
from tests.browser import chromium

APP, PIN, NAME = "/appello/tablet/", "408215", "Giulia Bianchi"
SLOWED, TIMES = 4, 5
READY = "async () => { await navigator.serviceWorker.ready; }"


def start(city: City, url: str) -> list[Measure]:
    """Pair a tablet for a school of nine classes, then open it without network again and again."""
    path = chromium.find()
    if path is None or chromium.why_no_driver():
        print(chromium.MISSING)
        return []
    with scope(city.town_id):
        now = clock.now()
        teacher = create_user(
            by=OFFICE, username="giulia", display_name=NAME, roles=[Role.SCHOOL], password=FAMILY_PASSWORD, now=now
        )
        passwords.choose_pin(user=teacher, pin=PIN, password=FAMILY_PASSWORD, now=now)
        school_id = ClassGroup.objects.get(pk=city.class_ids[0]).school_id
        code = tablets.prepare(by=OFFICE, name="Tablet", school_id=school_id, now=now).code
    # Django speaks to no database while Playwright runs.
    with serving(url):
        times, loaded = _opened(path, f"http://{city.host}:{PORT}{APP}", code)
    took, weight = statistics.median(times), loaded / 1024
    return [
        measure(
            name="tablet, cold start offline, processor slowed 4×, to the list of classes",
            ours=took,
            unit="s",
            goal="< 2 s",
            met=took < 2,
        ),
        measure(name="tablet, first load", ours=weight, unit="KB", goal="≤ 150 KB", met=weight <= 150),
    ]


def _opened(path: str, address: str, code: str) -> tuple[list[float], int]:
    """Return the seconds of each cold start, and the bytes of the first load as they came over the wire."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--disable-dev-shm-usage", "--disable-gpu"])
        context = browser.new_context(locale="it-IT", timezone_id="Europe/Rome")
        page = context.new_page()
        loaded = _counting(context, page)
        page.goto(f"{address}#{code}")
        page.evaluate(READY)
        weight = sum(loaded)
        page.get_by_role("button", name="Abbina questo tablet").click()
        page.get_by_role("heading", name="Chi sei?").wait_for()
        _unlocked(page)
        page.close()
        context.set_offline(True)
        times = [_cold(context, address) for _ in range(TIMES)]
        browser.close()
    return times, weight


def _counting(context: Any, page: Any) -> list[int]:
    """Note what each answer weighs on the wire, head and body, until the page is there."""
    loaded: list[int] = []
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.on("Network.loadingFinished", lambda told: loaded.append(int(told["encodedDataLength"])))
    return loaded


def _cold(context: Any, address: str) -> float:
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    begun = time.perf_counter()
    page.goto(address)
    page.get_by_role("button", name=NAME).wait_for()
    to_the_names = time.perf_counter() - begun
    took = to_the_names + _unlocked(page)
    page.close()
    return took


def _unlocked(page: Any) -> float:
    """Return the seconds from the PIN that is written to the list of classes."""
    page.get_by_role("button", name=NAME).click()
    page.get_by_label("Il tuo PIN").fill(PIN)
    begun = time.perf_counter()
    page.get_by_role("button", name="Entra").click()
    page.get_by_role("heading", name="Le classi di oggi").wait_for()
    return time.perf_counter() - begun
