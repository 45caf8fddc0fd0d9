"""A tablet for tests: its key, its clock, its numbers; it signs with a library, as any other program would."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from joserfc import jws
from joserfc.jwk import ECKey

from campanella.foundation.core import clock
from campanella.foundation.tenants.queries import Town
from campanella.usecases import tablets
from tests.browsing import Browser
from tests.towns import OFFICE

API = "/api/v1/"
PIN = "408215"


class Tablet:
    """One tablet; ``ahead`` is how far its clock is ahead of ours."""

    def __init__(self, town: Town, *, ahead: timedelta = timedelta()) -> None:
        self.town, self.browser = town, Browser(town)
        self.browser.raise_request_exception = False
        self.key = ECKey.generate_key("P-256")
        self.ahead, self.device_id, self.number = ahead, 0, 0

    @property
    def public_key(self) -> dict[str, Any]:
        """What it shows of its key."""
        return dict(self.key.as_dict(private=False))

    @property
    def clock(self) -> datetime:
        """What its clock says."""
        return clock.now() + self.ahead

    def pair(self, code: str) -> Any:
        """Pair by a code, and return the answer."""
        sent = {"code": code, "public_key": self.public_key, "app_version": "prova"}
        answer = self.browser.post(f"{API}devices/pair", json.dumps(sent), content_type="application/json")
        if answer.status_code == 200:
            self.device_id = answer.json()["device_id"]
        return answer

    def proof(self, method: str, path: str, body: bytes, **other: Any) -> str:
        """Sign a request; ``other`` claims in the place of the true ones."""
        self.number += 1
        claims = {
            "htm": method,
            "htu": path,
            "bh": urlsafe_b64encode(hashlib.sha256(body).digest()).decode().rstrip("="),
            "t": int(self.clock.timestamp() * 1000),
            "n": self.number,
            "v": "prova",
            **other,
        }
        header = {"alg": "ES256", "kid": str(self.device_id)}
        return jws.serialize_compact(header, json.dumps(claims).encode(), self.key)

    def ask(self, path: str, content: Mapping[str, Any] | None = None, **other: Any) -> Any:
        """Send a signed request and return the answer; without content it is a GET."""
        method, body = ("GET", b"") if content is None else ("POST", json.dumps(content).encode())
        return self.send(method, path, body, f"Bearer {self.proof(method, API + path, body, **other)}")

    def send(self, method: str, path: str, body: bytes, authorization: str) -> Any:
        """Send a request as it is."""
        headers = {"HTTP_AUTHORIZATION": authorization}
        return self.browser.generic(method, API + path, body, content_type="application/json", **headers)

    def days(self) -> Any:
        """Fetch the lists."""
        return self.ask("rollcall/days").json()


def paired(town: Town, *, school_id: int, **options: Any) -> Tablet:
    """Return a tablet that the office has prepared and that has paired itself; call it inside the town's scope."""
    pairing = tablets.prepare(by=OFFICE, name="Tablet 1", school_id=school_id, now=clock.now())
    tablet = Tablet(town, **options)
    assert tablet.pair(pairing.code).status_code == 200
    return tablet


@dataclass
class Marks:
    """The marks of one tablet, counted as it counts them."""

    tablet: Tablet
    operator_id: int
    class_id: int
    service: str = "mensa"
    seq: int = 0

    def made(self, kind: str, child_id: int | None = None, value: Any = None, **other: Any) -> dict[str, Any]:
        """Make a mark now, by the tablet's clock."""
        self.seq += 1
        return {
            "event_id": str(uuid4()),
            "seq": self.seq,
            "day": clock.today().isoformat(),
            "service": self.service,
            "class_id": self.class_id,
            "child_id": child_id,
            "kind": kind,
            "value": value,
            "operator_id": self.operator_id,
            "made_at": self.tablet.clock.isoformat(),
            **other,
        }

    def hand_in(self, *events: Any) -> list[str]:
        """Hand marks in, and return what was told of each: its status, and the sentence where there is one."""
        sent = {"sent_at": self.tablet.clock.isoformat(), "events": list(events)}
        answer = self.tablet.ask("rollcall/events", sent)
        assert answer.status_code == 200, answer.content
        return [f"{one['status']} {one['sentence']}".strip() for one in answer.json()["answers"]]
