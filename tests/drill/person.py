"""Somebody at a browser, who asks again when nobody answers."""

import random
import re
import time
from collections.abc import Mapping

import httpx
from bs4 import BeautifulSoup

from tests.plain import PLAIN
from tests.towns import PASSWORD

PATIENCE_SECONDS = 90
PAUSE_SECONDS = 0.2
Fields = Mapping[str, str | list[str]]


class Unheard(Exception):
    """Nobody answered for longer than anybody waits."""


class Person:
    """A signed-in person of one town."""

    def __init__(self, port: int, host: str, username: str, dice: random.Random) -> None:
        self.username, self.dice = username, dice
        self.browser = httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Host": host}, timeout=60, verify=PLAIN)
        self.read("/entra/")
        answer = self.insist("/entra/", {"username": username, "password": PASSWORD})
        assert answer.status_code == 302, f"{username} does not get in: {answer.status_code}"

    def once(self, method: str, path: str, fields: Fields | None = None) -> httpx.Response | None:
        """Ask once; None when nobody answered, or an answer that tells nothing."""
        try:
            answer = self.browser.request(
                method, path, data=fields, headers={"X-CSRFToken": self.browser.cookies.get("csrf", "")}
            )
        except httpx.HTTPError:
            return None
        return None if answer.status_code >= 500 else answer

    def read(self, path: str) -> httpx.Response:
        """Open a page, as often as it takes; :raises Unheard: nobody answers"""
        return self._again("GET", path, None)

    def insist(self, path: str, fields: Fields) -> httpx.Response:
        """Send a form again until somebody answers; only for what may be sent twice. :raises Unheard: nobody answers"""
        return self._again("POST", path, fields)

    def fields(self, path: str) -> dict[str, str]:
        """Open a form and return what it holds already."""
        page = BeautifulSoup(self.read(path).text, "html.parser")
        return {str(box["name"]): str(box.get("value", "")) for box in page.select("main form input[type=hidden]")}

    def numbers(self, path: str) -> str:
        """Return a page with nothing but its digits."""
        return re.sub(r"[^0-9]", "", self.read(path).text)

    def _again(self, method: str, path: str, fields: Fields | None) -> httpx.Response:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if answer := self.once(method, path, fields):
                return answer
            time.sleep(PAUSE_SECONDS)
        raise Unheard(f"{self.username}: {method} {path}")
