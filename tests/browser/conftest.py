"""
The browser rig: a whole installation as real processes, and one chromium for all of its tests.

Without a chromium every browser test is skipped with one line; ``BROWSER=required`` makes that a failure. All browser tests
run on one worker, which starts the installation once and stops everything when the last of them has ended.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import database
from tests.browser import chromium
from tests.browser.installation import Installation, running
from tests.browser.persons import Person, screen

HERE = Path(__file__).parent
Somebody = Callable[..., Person]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder, and keep it together."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The chromium to use."""
    path = chromium.find()
    missing = chromium.MISSING if path is None else chromium.why_no_driver()
    if missing and chromium.is_required():
        pytest.fail(missing)
    if path is None or missing:
        pytest.skip(missing)
    return path


# Both end with the folder, not with the session: while Playwright runs, Django would refuse to speak to its database.
@pytest.fixture(scope="package")
def place(browser_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The installation all browser tests share; every story has its own family in it."""
    server, template = os.environ["CAMPANELLA_TEST_SERVER"], os.environ["CAMPANELLA_TEST_TEMPLATE"]
    name = f"campanella_browser_{os.getpid()}"
    url = database.copy(server, template, name)
    try:
        with running(folder=tmp_path_factory.mktemp("installation"), database_url=url) as place:
            yield place
    finally:
        database.drop(server, name)


@pytest.fixture(scope="package")
def chrome(browser_path: str) -> Iterator[Any]:
    """The browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--disable-dev-shm-usage", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def somebody(place: Installation, chrome: Any) -> Iterator[Somebody]:
    """Give people with a browser each; at the end none of them may have met a script error or a refusal of the policy."""
    people: list[Person] = []

    def come(*, size: str = "phone", town: str = "valle", javascript: bool = True, worker: bool = False) -> Person:
        context = chrome.new_context(
            **screen(size),
            java_script_enabled=javascript,
            locale="it-IT",
            timezone_id="Europe/Rome",
            service_workers="allow" if worker else "block",
            reduced_motion="reduce",
        )
        person = Person(context, place, town)
        people.append(person)
        return person

    yield come
    complaints = [complaint for person in people for complaint in person.complaints]
    for person in people:
        person.context.close()
    assert complaints == []
