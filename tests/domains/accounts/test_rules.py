"""How long one waits, and how long what was given holds."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from time import sleep

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from campanella.domains.accounts import rules
from campanella.domains.accounts.hashing import Argon2
from campanella.domains.accounts.rules import Bound
from campanella.domains.accounts.weak import is_simple
from campanella.foundation.core.clock import ROME

BOUND = Bound(free=8, pause=15, longest=240)


@pytest.mark.parametrize(
    ("failures", "since", "wait"),
    [(0, 0, 0), (7, 0, 0), (8, 0, 15), (8, 14, 1), (8, 15, 0), (9, 0, 30), (10, 20, 40), (12, 0, 240), (500, 0, 240)],
)
def test_each_failure_too_many_doubles_the_wait(failures: int, since: int, wait: int) -> None:
    assert BOUND.wait(failures=failures, since_last=timedelta(seconds=since)) == wait


@pytest.mark.parametrize(
    ("is_staff", "now", "end"),
    [
        (False, "2026-10-14T06:47", None),
        (True, "2026-10-14T06:47", "2026-10-15T01:00"),
        (True, "2026-10-14T22:30", "2026-10-15T01:00"),
        (True, "2026-10-15T00:59", "2026-10-15T01:00"),
        (True, "2026-10-15T01:00", "2026-10-16T01:00"),
        (True, "2026-12-01T06:47", "2026-12-02T02:00"),
    ],
)
def test_sessions_of_staff_end_at_three_in_the_night_in_italy(is_staff: bool, now: str, end: str | None) -> None:
    instant = datetime.fromisoformat(now).replace(tzinfo=UTC).astimezone(ROME)
    wanted = datetime.fromisoformat(end).replace(tzinfo=UTC) if end else None

    assert rules.session_end(is_staff=is_staff, now=instant) == wanted


@pytest.mark.parametrize(
    ("password", "simple"),
    [
        ("aaaaaaaaaaaa", True),
        ("abababababab", True),
        ("abcdefghij", True),
        ("9876543210", True),
        ("1234567890", True),
        ("gattogattogatto", True),
        ("tre parole che ricordo", False),
        ("k7tm-94qd-x2vb-hw3e", False),
    ],
)
def test_what_is_too_simple(password: str, simple: bool) -> None:
    assert is_simple(password) is simple


def test_one_hash_is_made_at_a_time_however_many_enter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes its nineteen megabytes while it is made: a process has them once."""
    at_work: list[int] = []
    most: list[int] = []

    def encode(self: Argon2PasswordHasher, password: str, salt: str) -> str:
        at_work.append(1)
        most.append(len(at_work))
        sleep(0.02)
        at_work.pop()
        return f"{password}{salt}"

    monkeypatch.setattr(Argon2PasswordHasher, "encode", encode)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda self, one, other: bool(encode(self, one, other)))
    with ThreadPoolExecutor(8) as people:
        entering = [people.submit(Argon2().verify, "password", "x") for _ in range(4)]
        choosing = [people.submit(Argon2().encode, "password", "x") for _ in range(4)]
        assert [one.result() for one in (*entering, *choosing)] == [True] * 4 + ["passwordx"] * 4
    assert most == [1] * 8


def test_a_hash_costs_nineteen_megabytes_and_an_older_one_is_made_anew() -> None:
    hasher = Argon2()
    encoded = hasher.encode("una-buona-password", hasher.salt())

    assert "m=19456,t=2,p=1" in encoded
    assert not hasher.must_update(encoded)
    assert hasher.must_update(encoded.replace("m=19456,t=2,p=1", "m=102400,t=2,p=8"))
