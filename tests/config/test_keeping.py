"""The questions that the server keeps: each comes to the door once, and waits with the others."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from campanella.config import keeping
from campanella.config.keeping import Keeper
from campanella.interfaces.waiting import Again, Outcome, Question

AT_THE_DOOR = (204, [(b"x-person", b"anna"), (b"x-request-id", b"1"), (b"x-moment", b"then")], b"")
QUESTION = Question(1, "key", ("row",), "topic", lambda asked: [None for _ in asked])


def request(shown: bytes = b"a", cookie: bytes = b"session=1") -> dict[str, Any]:
    head = {"method": "GET", "scheme": "http", "path": "/cucina/tabella/"}
    return {**head, "query_string": b"servizio=mensa&visto=" + shown, "headers": [(b"cookie", cookie)]}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Ask some requests at the same time, after one has come to the door; looks give what is said, one after the other."""
    monkeypatch.setattr(keeping, "EVERY", 0)

    def ask(*requests: dict[str, Any], looks: list[list[Outcome] | Exception]) -> tuple[Keeper, list[Any]]:
        seen: list[list[str]] = []

        def look(kept: Any) -> list[Outcome]:
            seen.append([one.shown for one in kept])
            outcome = looks.pop(0)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        async def in_a_thread(work: Callable[[], list[Outcome]]) -> list[Outcome]:
            return work()

        async def answered() -> tuple[Keeper, list[Any]]:
            keeper = Keeper(in_a_thread)
            keeper.learn(request(), QUESTION, AT_THE_DOOR)
            known = [keeper.find(one) for one in requests]
            return keeper, [
                await one
                for one in [asyncio.create_task(keeper.answer(r, k)) for r, k in zip(requests, known) if k]  # noqa: B905
            ]

        monkeypatch.setattr(keeping, "_outcomes", look)
        return asyncio.run(answered())

    return ask


def test_boards_that_wait_are_looked_for_together_and_hear_each_its_own(told: Any) -> None:
    looks = [[None, None], [b"<p>b</p>", None], [b"<p>c</p>"]]
    _, answers = told(request(b"b"), request(b"c"), looks=looks)
    assert [(status, body) for status, _, body in answers] == [(200, b"<p>b</p>"), (200, b"<p>c</p>")]
    headers = dict(answers[0][1])
    assert headers[b"x-person"] == b"anna"
    assert headers[b"content-type"] == b"text/html; charset=utf-8"
    assert headers[b"content-length"] == b"8"
    assert headers[b"x-request-id"] != b"1"
    assert headers[b"x-moment"] != b"then"


def test_who_is_to_come_to_the_door_again_is_known_no_more(told: Any) -> None:
    keeper, answers = told(request(b"b"), looks=[[Again.AGAIN]])
    assert answers == [None]
    assert keeper.find(request(b"b")) is None


def test_a_look_that_fails_leaves_each_to_its_own_page(told: Any) -> None:
    _, answers = told(request(b"b"), request(b"c"), looks=[RuntimeError("the database is away")])
    assert answers == [None, None]


def test_a_question_with_nothing_new_is_answered_after_a_while(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "PATIENCE", 0)
    _, answers = told(request(b"b"), looks=[[None]])
    assert answers[0][0] == 204
    assert answers[0][2] == b""


@pytest.mark.parametrize(
    "other",
    [
        request(cookie=b"session=2"),
        {**request(), "path": "/cucina/"},
        {**request(), "scheme": "https"},
        {**request(), "query_string": b"servizio=merenda&visto=a"},
        {**request(), "headers": [*request()["headers"], (b"host", b"borgo.localhost")]},
    ],
)
def test_another_question_comes_to_the_door(other: dict[str, Any]) -> None:
    async def no_thread(_: Any) -> list[Outcome]:
        return []

    keeper = Keeper(no_thread)
    keeper.learn(request(), QUESTION, AT_THE_DOOR)
    assert keeper.find(request(b"other")) is not None
    assert keeper.find(other) is None


@pytest.mark.parametrize("answer", [(204, [(b"set-cookie", b"person=x")], b""), (500, [], b"")])
def test_a_page_that_failed_or_gives_a_cookie_is_asked_again(answer: keeping.Answer) -> None:
    async def no_thread(_: Any) -> list[Outcome]:
        return []

    keeper = Keeper(no_thread)
    keeper.learn(request(), QUESTION, answer)
    assert keeper.find(request()) is None
