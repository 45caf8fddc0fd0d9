"""
Questions that the web server keeps until there is an answer (``interfaces/waiting.py``).

An open board of the kitchen asks again as soon as it was answered. Its question comes to the door once, whole, through every
wall; the next one that is the same to the byte, but for what the page shows, waits here, without a thread or a connection.
Twice a second one thread asks for all of them who is still signed in and what is new: three hundred boards at rest cost
no more than one, and a change is drawn and written once.
"""

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any
from urllib.parse import parse_qsl

from django.db import connection

from campanella.foundation.core import clock
from campanella.foundation.design.whole import kept_whole
from campanella.interfaces import waiting
from campanella.interfaces.waiting import Again, Outcome, Question

logger = logging.getLogger(__name__)

# Seconds between two looks, and for which a question waits: less than a proxy's or a browser's patience.
EVERY, PATIENCE = 0.5, 5.0
MOST = 2000
# What the page of somebody who was let in answers.
LET_IN = (200, 204)
# What a page says that it shows: all the rest of a question is the same the next time.
SHOWN = b"visto"

Headers = list[tuple[bytes, bytes]]
Answer = tuple[int, Headers, bytes]
InAThread = Callable[[Callable[[], list[Outcome]]], Awaitable[list[Outcome]]]


@dataclass(frozen=True)
class Known:
    """A question that the door has let in, with the headers of its empty answer."""

    question: Question
    headers: Headers


@dataclass
class _Kept:
    question: Question
    shown: str
    until: float
    told: "asyncio.Future[Outcome]"


class Keeper:
    """
    The questions of one process.

    :param in_a_thread: runs what asks the database, when a thread is free
    """

    def __init__(self, in_a_thread: InAThread) -> None:
        self.in_a_thread = in_a_thread
        self.known: OrderedDict[tuple[Any, ...], Known] = OrderedDict()
        self.kept: list[_Kept] = []
        self.looking: asyncio.Task[None] | None = None

    def may_wait(self) -> bool:
        """Tell whether there is room for one more."""
        return len(self.kept) < MOST

    def find(self, scope: Any) -> Known | None:
        """Return what is known of a request's question, None for any other request."""
        return self.known.get(_whole(scope)) if self.known and SHOWN in scope["query_string"] else None

    def learn(self, scope: Any, question: Question, answer: Answer) -> Known:
        """Remember a question that was let in just now; with a failure, or news for its session, it comes in again."""
        known = Known(question, [one for one in answer[1] if one[0] not in _OF_ONE_ANSWER])
        if answer[0] in LET_IN and all(name != b"set-cookie" for name, _ in answer[1]):
            self.known[_whole(scope)] = known
            while len(self.known) > MOST:
                self.known.popitem(last=False)
        return known

    def forget(self, scope: Any) -> None:
        """Let the next one come to the door."""
        self.known.pop(_whole(scope), None)

    async def answer(self, scope: Any, known: Known) -> Answer | None:
        """Wait for something to tell; None where the page is to be asked itself."""
        loop = asyncio.get_running_loop()
        one = _Kept(known.question, _shown(scope), loop.time() + PATIENCE, loop.create_future())
        self.kept.append(one)
        if self.looking is None or self.looking.done():
            self.looking = loop.create_task(self._look())
        told = await one.told
        if isinstance(told, Again):
            self.forget(scope)
            return None
        now = [
            (b"x-request-id", secrets.token_hex(4).encode()),
            (b"x-moment", clock.now().isoformat(timespec="seconds").encode()),
        ]
        if told is None:
            return 204, [*known.headers, *now], b""
        body = _kept_whole(told)
        length = (b"content-length", str(len(body)).encode())
        return 200, [*known.headers, *now, (b"content-type", b"text/html; charset=utf-8"), length], body

    async def _look(self) -> None:
        """Look as long as somebody waits."""
        loop, begun = asyncio.get_running_loop(), 0.0
        while self.kept:
            await asyncio.sleep(max(0.0, begun + EVERY - loop.time()) if begun else EVERY)
            begun = loop.time()
            kept, self.kept = self.kept, []
            try:
                told = await self.in_a_thread(partial(_outcomes, kept))
            except Exception:  # what has failed for all of them is told by each one's own page
                logger.exception("open questions could not be looked at")
                told = [Again.AGAIN] * len(kept)
            for one, outcome in zip(kept, told, strict=True):
                if outcome is None and loop.time() < one.until:
                    self.kept.append(one)
                elif not one.told.done():
                    one.told.set_result(outcome)


def _outcomes(kept: list[_Kept]) -> list[Outcome]:
    """Ask, in a thread, and give the connection back."""
    try:
        return waiting.outcomes([(one.question, one.shown) for one in kept])
    finally:
        connection.close()


def _whole(scope: Any) -> tuple[Any, ...]:
    """Return a request to the byte, but for what its page shows."""
    said = b"&".join(part for part in scope["query_string"].split(b"&") if not part.startswith(SHOWN + b"="))
    return scope["method"], scope["scheme"], scope["path"], said, tuple(scope["headers"])


def _shown(scope: Any) -> str:
    """Return what the page shows, the last it says, as a view reads it."""
    said = [text for name, text in parse_qsl(scope["query_string"]) if name == SHOWN]
    return said[-1].decode(errors="replace") if said else ""


# Of one answer alone: its number, its moment, its length.
_OF_ONE_ANSWER = {b"x-request-id", b"x-moment", b"content-length", b"content-type"}
_kept_whole = lru_cache(maxsize=64)(kept_whole)
