"""What whoever starts the demo may wish, from the environment."""

import errno
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from campanella.demo.calendar import MORNING, demo_moment
from campanella.demo.sizes import SIZES
from campanella.demo.towns import TOWNS
from campanella.foundation.core import ports
from campanella.foundation.core.clock import ROME
from campanella.foundation.core.errors import Refusal

# How long the processes of a demo that was killed may hold its ports.
PATIENCE_SECONDS = 5.0


class WrongWish(Refusal):
    """A variable makes no sense, or a port is taken; the sentence is for whoever starts the demo."""


@dataclass(frozen=True)
class Wishes:
    """Ports, size and clock of one demo."""

    port: int
    simulators_port: int
    size: str
    clock: str

    @property
    def base_url(self) -> str:
        """Where the pages are; a town's host name takes the place of ``localhost``."""
        return f"http://localhost:{self.port}"

    @property
    def simulators_url(self) -> str:
        """Where the simulators are."""
        return f"http://localhost:{self.simulators_port}"

    def moment(self, *, now: datetime, seen: datetime | None) -> datetime:
        """
        Return the moment the demo begins at.

        :param seen: the last moment of the demo's run before this one: on the same morning it goes on from there
        :raises WrongWish: the clock is neither auto nor real nor an instant
        """
        if self.clock == "real":
            return now
        if self.clock != "auto":
            return _instant(self.clock)
        moment = demo_moment(now=now, patrons=[plan.patron for plan in TOWNS])
        here = seen.astimezone(ROME) if seen else None
        if here and here.date() == moment.astimezone(ROME).date() and moment < here and here.time() < MORNING[1]:
            return here
        return moment

    def offset(self, *, now: datetime, moment: datetime) -> float:
        """Return the seconds added to the clock; none to a real one."""
        return 0.0 if self.clock == "real" else (moment - now).total_seconds()

    def environ(self, *, var: Path, now: datetime, moment: datetime) -> dict[str, str]:
        """Return what every process of the demo is told."""
        return {
            "CAMPANELLA_DEMO": "1", "CAMPANELLA_VAR": str(var.resolve()),
            "CAMPANELLA_CLOCK_OFFSET": f"{self.offset(now=now, moment=moment):.3f}",
            "CAMPANELLA_BASE_URL": self.base_url, "PORT": str(self.port),
            "CAMPANELLA_SMTP_PORT": str(self.simulators_port + 1), "CAMPANELLA_SMTP_HOST": "127.0.0.1",
            "SIMULATORS_PORT": str(self.simulators_port), "SIMULATORS_SMTP_PORT": str(self.simulators_port + 1),
            "SIMULATORS_STATE": str(var.resolve() / "simulators"),
            "PAGOPA_CHECKOUT_URL": f"{self.simulators_url}/checkout/ec/v1",
            "INPS_ISEE_URL": f"{self.simulators_url}/inps/SvcConsultazione",
            "PAGOPA_STATION_URL": f"{self.base_url}/pagopa/paForNode",
            "CAMPANELLA_FORM_ACTION": f"{self.simulators_url},http://127.0.0.1:{self.simulators_port}",
        }  # fmt: skip

    def check_ports(self) -> None:
        """
        Check that nobody else listens where the demo will, or soon nobody will: what was killed lets go in a moment.

        :raises WrongWish: with the port and how to choose another
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        for port, name in (
            (self.port, "PORT"),
            (self.simulators_port, "SIMULATORS_PORT"),
            (self.simulators_port + 1, "SIMULATORS_PORT"),
        ):
            while _is_taken(port):
                if time.monotonic() > deadline:
                    raise WrongWish(ports.IN_USE.format(port=port, name=name))
                time.sleep(0.1)


def read(environ: Mapping[str, str]) -> Wishes:
    """
    Read the wishes.

    :raises WrongWish: one of them makes no sense
    """
    size = environ.get("DEMO_SIZE") or "small"
    if size not in SIZES:
        raise WrongWish(f"DEMO_SIZE is “{size}”; it must be small or full.")
    wishes = Wishes(
        port=_port(environ, "PORT", 8000),
        simulators_port=_port(environ, "SIMULATORS_PORT", 8010),
        size=size,
        clock=environ.get("DEMO_CLOCK") or "auto",
    )
    if wishes.port in (wishes.simulators_port, wishes.simulators_port + 1):
        raise WrongWish(f"PORT and SIMULATORS_PORT are too near: {wishes.port} is needed twice.")
    if wishes.clock not in ("auto", "real"):
        _instant(wishes.clock)
    return wishes


def _port(environ: Mapping[str, str], name: str, usual: int) -> int:
    text = environ.get(name) or str(usual)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65534:
        raise WrongWish(f"{name} is “{text}”; it must be a number from 1 to 65534.")
    return int(text)


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise WrongWish(f"DEMO_CLOCK is “{text}”; it must be auto, real or an instant such as 2026-10-14T08:40.")
    if not 2000 <= instant.year < 2100:
        raise WrongWish(f"DEMO_CLOCK is “{text}”; it must be an instant of this century.")
    return instant if instant.tzinfo else instant.replace(tzinfo=ROME)


def _is_taken(port: int) -> bool:
    for host in ("127.0.0.1", "::1"):
        try:
            if ports.is_taken(host=host, port=port):
                return True
        except OSError as failure:
            # Ports under 1024; an absent IPv6 is no obstacle.
            if failure.errno == errno.EACCES:
                return True
    return False
