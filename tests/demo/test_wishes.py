"""What may be wished of the demo, and what is refused with one sentence."""

import socket
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from campanella.demo import wishes
from campanella.demo.wishes import WrongWish, read


@pytest.mark.parametrize(
    ("wished", "words"),
    [
        ({"PORT": "eighty"}, "PORT is “eighty”"),
        ({"PORT": "70000"}, "PORT is “70000”"),
        ({"PORT": "8010"}, "too near"),
        ({"DEMO_SIZE": "huge"}, "DEMO_SIZE is “huge”"),
        ({"DEMO_CLOCK": "tomorrow"}, "DEMO_CLOCK is “tomorrow”"),
    ],
)
def test_a_wish_that_makes_no_sense(wished: dict[str, str], words: str) -> None:
    with pytest.raises(WrongWish, match=words):
        read(wished)


def test_a_port_that_a_killed_demo_still_holds_is_waited_for() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        letting_go = threading.Timer(0.3, taken.close)
        letting_go.start()
        read({"PORT": str(port), "SIMULATORS_PORT": str(port - 5)}).check_ports()
        letting_go.join()


def test_a_taken_port_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wishes, "PATIENCE_SECONDS", 0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(WrongWish, match=f"Port {port} is in use"):
            read({"PORT": str(port), "SIMULATORS_PORT": str(port - 5)}).check_ports()


def test_every_process_is_told_the_same_clock_and_addresses(tmp_path: Path) -> None:
    now = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    wishes = read({"PORT": "8100", "SIMULATORS_PORT": "8110", "DEMO_CLOCK": "2026-10-14T08:40"})

    told = wishes.environ(var=tmp_path, now=now, moment=wishes.moment(now=now, seen=None))

    assert float(told["CAMPANELLA_CLOCK_OFFSET"]) == -3_291_600
    assert told["PAGOPA_CHECKOUT_URL"] == "http://localhost:8110/checkout/ec/v1"
    assert told["PAGOPA_STATION_URL"] == "http://localhost:8100/pagopa/paForNode"
    assert told["CAMPANELLA_SMTP_PORT"] == "8111"


def test_a_second_start_on_the_same_morning_goes_on_from_there() -> None:
    wishes = read({})
    saturday = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
    seen = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)

    assert wishes.moment(now=saturday, seen=seen) == seen
    assert wishes.moment(now=saturday, seen=datetime(2026, 11, 19, 8, 30, tzinfo=UTC)) == datetime(
        2026, 11, 20, 7, 40, tzinfo=UTC
    )
