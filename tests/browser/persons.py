"""Somebody with a browser, told in the words of the page."""

import re
import time
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from tests.browser.installation import Installation

SCREENS = {"phone": (390, 844), "small": (320, 640), "tablet": (1024, 768), "desktop": (1366, 900)}
# Milliseconds; generous, because the machine may have other work. Every wait of a browser test is this one.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


def screen(size: str) -> dict[str, Any]:
    """Return Playwright's description of a screen."""
    width, height = SCREENS[size]
    return {"viewport": {"width": width, "height": height}, "has_touch": size in ("phone", "tablet", "small")}


class Person:
    """One browser at one town."""

    def __init__(self, context: BrowserContext, place: Installation, town: str) -> None:
        self.context, self.place, self.town = context, place, town
        self.complaints: list[str] = []
        context.set_default_timeout(PATIENCE)
        context.on("console", self._listen)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page: Page = context.new_page()

    def open(self, path: str) -> Response | None:
        """Go to a page of the town, or to a whole address."""
        return self.page.goto(path if "://" in path else self.place.address(path, town=self.town))

    def sign_in(self, username: str, *, path: str = "") -> "Person":
        """Sign in through the real page, starting from ``path`` when given."""
        self.open(path or "/entra/")
        self.fill_in(username)
        return self

    def fill_in(self, username: str) -> None:
        """Fill in the sign-in page that is open, and send it."""
        self.page.get_by_label("Nome utente").fill(username)
        self.page.get_by_label("Password").fill(self.place.people["password"])
        self.button("Entra").click()
        expect(self.page).not_to_have_url(re.compile("/entra/"))

    def button(self, name: str) -> Locator:
        """Return a button by its exact words."""
        return self.page.get_by_role("button", name=name, exact=True)

    def link(self, name: str) -> Locator:
        """Return the first link with these words."""
        return self.page.get_by_role("link", name=name).first

    def heading(self, name: str) -> Locator:
        """Return a heading by its words."""
        return self.page.get_by_role("heading", name=name)

    def reads(self, *texts: str) -> None:
        """Expect the page to say these words."""
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)

    def comes_true(self, script: str) -> None:
        """Wait for what a script says, which may wait itself: Playwright's own waiting takes a promise for true at once."""
        deadline = time.monotonic() + PATIENCE / 1000
        while not self.page.evaluate(script):
            assert time.monotonic() < deadline, script
            self.page.wait_for_timeout(100)

    def wallet(self, name: str) -> Locator:
        """Return a child's card on the first page."""
        return self.page.get_by_role("article").filter(has=self.page.get_by_role("heading", name=name, exact=True))

    @property
    def path(self) -> str:
        """Where the browser is, without host."""
        parts = urlsplit(self.page.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def _listen(self, message: ConsoleMessage) -> None:
        # A page that is meant to be a 404 also says so on the console: that is no complaint.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")
