"""What an application may become, until when it counts, what is missing of it."""

from datetime import UTC, datetime, timedelta

import pytest

from campanella.domains.applying import rules
from campanella.domains.applying.rules import Asked

OPENS = datetime(2026, 6, 1, 6, tzinfo=UTC)
CLOSES = datetime(2026, 9, 15, 21, 59, 59, 999_999, tzinfo=UTC)


@pytest.mark.parametrize(
    ("received", "is_open"),
    [
        (OPENS - timedelta(microseconds=1), False),
        (OPENS, True),
        (CLOSES - timedelta(seconds=1), True),
        (CLOSES, True),
        (CLOSES + timedelta(microseconds=1), False),
        (CLOSES + timedelta(seconds=1), False),
    ],
)
def test_the_deadline_goes_by_the_moment_of_receipt(received: datetime, is_open: bool) -> None:
    assert rules.is_open(opens_at=OPENS, closes_at=CLOSES, received_at=received) is is_open


@pytest.mark.parametrize(
    ("state", "to", "leads"),
    [
        ("draft", "sent", True),
        ("draft", "accepted", False),
        ("sent", "sent", True),
        ("sent", "taken", True),
        ("taken", "asked", True),
        ("asked", "sent", True),
        ("asked", "accepted", True),
        ("accepted", "refused", False),
        ("accepted", "sent", False),
        ("refused", "accepted", False),
        ("withdrawn", "sent", False),
        ("sent", "draft", False),
    ],
)
def test_an_application_goes_step_by_step(state: str, to: str, leads: bool) -> None:
    assert rules.leads(state=state, to=to) is leads


@pytest.mark.parametrize(
    ("state", "in_time", "by_office", "may"),
    [
        ("draft", True, False, True),
        ("draft", False, False, False),
        ("draft", False, True, True),
        ("sent", False, False, False),
        ("asked", False, False, True),
        ("accepted", True, False, False),
    ],
)
def test_after_the_deadline_only_what_was_asked_for_is_sent(state: str, in_time: bool, by_office: bool, may: bool) -> None:
    assert rules.may_send(state=state, in_time=in_time, by_office=by_office) is may


def test_what_must_be_there_and_is_not() -> None:
    parts = [
        Asked(1, "text", is_required=True),
        Asked(2, "text", is_required=False),
        Asked(3, "document", is_required=True),
        Asked(4, "health", is_required=True),
        Asked(5, "notice", is_required=True),
    ]
    assert rules.missing(parts=parts, answers={"1": ""}, files={4}) == [1, 3]
    assert rules.missing(parts=parts, answers={"1": "sì"}, files={3, 4}) == []


def test_a_consent_may_be_denied_and_a_notice_must_be_read() -> None:
    parts = [Asked(1, "notice", True), Asked(2, "declaration", True), Asked(3, "consent", True)]
    assert rules.unticked(parts=parts, ticked={2}) == [1]
    assert rules.unticked(parts=parts, ticked={1, 2}) == []


@pytest.mark.parametrize(("places", "before", "at"), [(None, 900, 0), (2, 1, 0), (2, 2, 1), (2, 3, 2)])
def test_places_go_in_the_order_of_arrival(places: int | None, before: int, at: int) -> None:
    assert rules.place_in_line(places=places, before=before) == at


def test_a_protocol_number() -> None:
    assert rules.written(year=2026, number=12) == "I-2026-00012"
