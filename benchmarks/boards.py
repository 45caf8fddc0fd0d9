"""
Three hundred open boards in one process of its own, as cheap as can be: a socket each, a timer, two searches in an answer.

Run by ``benchmarks/kitchen.py``: reads what to do as JSON from its input and writes, as JSON, when which board showed how
many meals. It asks as the page does: as long after its part was last replaced as the page says, and not while a question is
open.
"""

import asyncio
import json
import re
import sys
import time
from typing import Any

_MEALS = re.compile(rb'cp-hero">(\d+)')
_ASKED = re.compile(rb'hx-get="([^"]+)"')
_PAUSE = re.compile(rb'hx-trigger="every (\d+)ms"')


class Board(asyncio.Protocol):
    """
    One page.

    :ivar seen: (moment, meals) of each answer that shows another number than the one before
    """

    def __init__(self, head: bytes, asked: bytes, meals: int, pause: float) -> None:
        self.head, self.asked, self.meals, self.pause = head, asked, meals, pause
        self.seen: list[tuple[float, int]] = []
        self.answers = {"200": 0, "204": 0}
        self.bytes = 0
        self.is_waiting = False
        self.buffer = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def ask(self) -> None:
        """Ask, and ask again after a while; a page whose question is open keeps silent."""
        self.timer = asyncio.get_running_loop().call_later(self.pause, self.ask)
        if not self.is_waiting:
            self.is_waiting = True
            self.transport.write(b"GET " + self.asked + b" HTTP/1.1\r\n" + self.head)

    def data_received(self, data: bytes) -> None:
        """Take an answer in once it is whole."""
        self.buffer += data
        head, end, body = self.buffer.partition(b"\r\n\r\n")
        if not end:
            return
        length = re.search(rb"content-length: (\d+)", head, re.I)
        if length and len(body) < int(length[1]):
            return
        self.is_waiting, self.buffer = False, b""
        status = head[9:12].decode()
        self.answers[status] = self.answers.get(status, 0) + 1
        if status == "200":
            self._swap(body)

    def _swap(self, body: bytes) -> None:
        now = time.time()
        self.bytes += len(body)
        meals, asked = _MEALS.search(body), _ASKED.search(body)
        if asked:
            self.asked = asked[1].replace(b"&amp;", b"&")
            pause = _PAUSE.search(body)
            self.pause = int(pause[1]) / 1000 if pause else self.pause
            self.timer.cancel()
            self.timer = asyncio.get_running_loop().call_later(self.pause, self.ask)
        if meals and int(meals[1]) != self.meals:
            self.meals = int(meals[1])
            self.seen.append((now, self.meals))


async def watch(said: dict[str, Any]) -> dict[str, Any]:
    """Open the boards, spread over one interval, and let them ask until the time is over."""
    loop, boards = asyncio.get_running_loop(), []
    for cookie in said["cookies"]:
        head = f"Host: {said['host']}\r\nCookie: {cookie}\r\nHX-Request: true\r\nAccept-Encoding: identity\r\n\r\n".encode()
        board = Board(head, said["asked"].encode(), said["meals"], said["pause"])
        await loop.create_connection(lambda board=board: board, "127.0.0.1", said["port"])
        boards.append(board)
    for number, board in enumerate(boards):
        loop.call_later(said["pause"] * number / len(boards), board.ask)
    print("open", flush=True)
    await asyncio.sleep(said["seconds"])
    answers: dict[str, int] = {}
    for board in boards:
        for status, count in board.answers.items():
            answers[status] = answers.get(status, 0) + count
    return {
        "seen": [board.seen for board in boards],
        "answers": answers,
        "bytes": sum(board.bytes for board in boards),
        "cpu": time.process_time(),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(watch(json.loads(sys.stdin.readline())))), flush=True)
