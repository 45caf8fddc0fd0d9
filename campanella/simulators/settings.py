"""What whoever starts the simulators may choose, from the environment or the command line."""

import argparse
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx


@dataclass(frozen=True)
class Settings:
    """Addresses, identities and patience of the simulators."""

    host: str = "127.0.0.1"
    port: int = 8010
    smtp_port: int = 8011
    state: Path = Path("var/simulators")
    station_url: str = "http://localhost:8000/pagopa/paForNode"
    broker: str = "99999000013"
    station: str = "99999000013_01"
    retry_seconds: float = 5.0

    @property
    def database(self) -> Path:
        """The SQLite file that outlives the process."""
        return self.state / "simulators.sqlite3"


def read_settings(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """
    Read the settings; a command-line option wins over its variable.

    :raises SystemExit: a value makes no sense, said in one sentence
    """
    parser = argparse.ArgumentParser(
        prog="python -m campanella.simulators",
        description="Simulators for demo and tests: pagoPA Checkout, Node and PSP, mailbox.",
    )
    known = Settings()
    port = environ.get("SIMULATORS_PORT") or str(known.port)
    parser.add_argument("--host", default=environ.get("SIMULATORS_HOST") or known.host)
    parser.add_argument("--port", type=int, default=port)
    parser.add_argument(
        "--smtp-port",
        type=int,
        default=environ.get("SIMULATORS_SMTP_PORT"),
        help="default: the port after --port",
    )
    parser.add_argument("--state", type=Path, default=environ.get("SIMULATORS_STATE") or known.state)
    parser.add_argument("--station-url", type=_address, default=environ.get("PAGOPA_STATION_URL") or known.station_url)
    parser.add_argument("--broker", default=environ.get("PAGOPA_BROKER") or known.broker)
    parser.add_argument("--station", default=environ.get("PAGOPA_STATION") or known.station)
    parser.add_argument(
        "--retry-seconds",
        type=_seconds,
        default=environ.get("SIMULATORS_RETRY_SECONDS") or str(known.retry_seconds),
    )
    chosen = vars(parser.parse_args(arguments))
    if chosen["smtp_port"] is None:
        chosen["smtp_port"] = chosen["port"] + 1
    return Settings(**chosen)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to 3600")
    return seconds


def _address(text: str) -> str:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as problem:
        raise argparse.ArgumentTypeError(f"{text!r} is not an address: {problem}")
    named = re.fullmatch(r"[A-Za-z0-9._:-]{1,253}", url.host) and (url.port or 80) < 65536
    if url.scheme not in {"http", "https"} or not named:
        raise argparse.ArgumentTypeError(f"{text!r} is not an http or https address")
    return text
