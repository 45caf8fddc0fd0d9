"""
The pages as granian calls them: one event loop takes requests whole, a few threads answer them.

A thread is taken once a request's body is there, so that whoever sends slowly, or sends too much, holds nothing but itself.
What a monitor asks is answered by the loop, which waits for no thread and no database: also when every page waits for one.
"""

import asyncio
import gc
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any, TypeVar

from django.core.wsgi import get_wsgi_application

from campanella.config.processes import WITH_PARENT, end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campanella.config.settings")
# A page that asks for longer than this has lost its reader.
os.environ.setdefault("DATABASE_STATEMENT_SECONDS", "30")
# At once: a process that sleeps in its loop hears nothing milder, and its parent ends it in peace when it can.
end_with_parent(signal.SIGKILL)

# What is imported stays, as in a command (``config/cli``): the collector goes on after it, and never looks through it.
gc.disable()
pages = get_wsgi_application()
gc.enable()

from django.conf import settings  # noqa: E402  # after the application is set up
from django.db import connection  # noqa: E402

from campanella.config import health  # noqa: E402
from campanella.config.keeping import Keeper  # noqa: E402
from campanella.foundation.core import clock, heartbeats  # noqa: E402
from campanella.interfaces.doors import RECEIVED_AT  # noqa: E402
from campanella.interfaces.waiting import LEFT, MAY_WAIT, Question  # noqa: E402

MOST_BYTES = 25 * 1024 * 1024
# All bodies that one process holds at a time; small ones stay in memory, larger ones lie on the disk.
MOST_BYTES_TOGETHER, IN_MEMORY = 8 * MOST_BYTES, 256 * 1024
# Seconds between two parts of a body, for a whole body, in the queue for a thread, for a reader to take a part.
PART_SECONDS, BODY_SECONDS, QUEUE_SECONDS, READER_SECONDS = 10.0, 180.0, 20.0, 60.0
PART = 64 * 1024
NOTHING_NEW = 204
# What a request's head says of its body; as granian gives it, in lower case.
OF_A_BODY, EMPTY = (b"content-length", b"transfer-encoding"), (b"content-length", b"0")

TOO_LARGE = "Il file o il messaggio è troppo grande: il massimo sono 25 MB. Non è stato salvato nulla."
TOO_SLOW = "La connessione è troppo lenta o si è interrotta: non è arrivato tutto e non è stato salvato nulla. Riprova."
BUSY = "In questo momento il servizio è molto occupato. Non è stato salvato nulla: riprova tra un minuto."

T = TypeVar("T")
Headers = list[tuple[bytes, bytes]]
Answer = tuple[int, Headers, bytes]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Coroutine[Any, Any, None]]


def witness() -> None:
    """Say every few seconds that this process lives and reaches the database; a clock that was moved witnesses nothing."""
    if not clock.OFFSET:
        beating = {"now": clock.now, "wait": threading.Event().wait, "after": _give_back}
        threading.Thread(target=heartbeats.go_on, kwargs=beating, name="heartbeat", daemon=True).start()


def _give_back() -> None:
    """Close this thread's own connection."""
    connection.close()


class Refused(Exception):
    """The request is not taken: a status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


class Gone(Exception):
    """Whoever asked is not there any more."""


class Front:
    """What granian calls, once for each request."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self.application = application
        self.threads = ThreadPoolExecutor(settings.WEB_THREADS, thread_name_prefix="page")
        self.seats = asyncio.Semaphore(settings.WEB_THREADS)
        self.bytes_held = 0
        self.keeper = Keeper(self._in_a_thread)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if told := await _of_the_monitor(scope):
            await _send(send, told)
            return
        try:
            if _has_no_body(scope):
                await self._asked(scope, send)
                return
            with SpooledTemporaryFile(IN_MEMORY) as body:
                held = 0
                try:
                    async for part in _parts(scope, receive):
                        held += len(part)
                        self.bytes_held += len(part)
                        if held > MOST_BYTES:
                            raise Refused(413, TOO_LARGE)
                        if self.bytes_held > MOST_BYTES_TOGETHER:
                            raise Refused(503, BUSY)
                        body.write(part)
                    body.seek(0)
                    if answer := await self._seated(_environ(scope, body, held), send):
                        await _send(send, answer)
                finally:
                    self.bytes_held -= held
        except Refused as refused:
            await _send(send, _page(refused.status, refused.sentence))
        except Gone:
            return

    async def _asked(self, scope: Any, send: Send) -> None:
        """Answer who only asks; a question whose page has nothing new to tell is kept a while."""

        async def of_the_page() -> tuple[Answer | None, Question | None]:
            environ = _environ(scope, BytesIO(), 0)
            environ[MAY_WAIT] = self.keeper.may_wait()
            return await self._seated(environ, send), environ.get(LEFT)

        answer, known = None, self.keeper.find(scope)
        if known is None:
            answer, question = await of_the_page()
            known = self.keeper.learn(scope, question, answer) if question and answer else None
        if known and (answer is None or answer[0] == NOTHING_NEW):
            answer = await self.keeper.answer(scope, known) or (await of_the_page())[0]
        if answer:
            await _send(send, answer)

    async def _seated(self, environ: dict[str, Any], send: Send) -> Answer | None:
        """Answer from a seat; None where a long answer is sent already."""
        loop = asyncio.get_running_loop()

        def send_part(*messages: Message) -> None:
            """Send a part of a long answer, from the thread that makes it."""
            for message in messages:
                asyncio.run_coroutine_threadsafe(send(message), loop).result(READER_SECONDS)

        return await self._in_a_thread(lambda: _called(self.application, environ, send_part))

    async def _in_a_thread(self, work: Callable[[], T]) -> T:
        """Wait for a seat, if none is free, and work there."""
        if not self.seats.locked():
            await self.seats.acquire()
        else:
            try:
                async with asyncio.timeout(QUEUE_SECONDS):
                    await self.seats.acquire()
            except TimeoutError:
                raise Refused(503, BUSY)
        try:
            return await asyncio.get_running_loop().run_in_executor(self.threads, work)
        finally:
            self.seats.release()


def _has_no_body(scope: Any) -> bool:
    """Tell whether a request is whole with its head, as most are: nothing is to be waited for, and no clock to be set."""
    is_reading = scope["method"] in ("GET", "HEAD")
    return is_reading and all(name not in OF_A_BODY or (name, value) == EMPTY for name, value in scope["headers"])


async def _parts(scope: Any, receive: Receive) -> AsyncIterator[bytes]:
    """Give a body as it arrives."""
    said = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if not said.isdigit() or int(said) > MOST_BYTES:
        raise Refused(413, TOO_LARGE)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            has_more = True
            while has_more:
                async with asyncio.timeout(PART_SECONDS):
                    message = await receive()
                if message["type"] == "http.disconnect":
                    raise Gone
                yield message.get("body", b"")
                has_more = message.get("more_body", False)
    except TimeoutError:
        raise Refused(408, TOO_SLOW)


def _called(application: Callable[..., Any], environ: dict[str, Any], send_part: Callable[..., None]) -> Answer | None:
    """Let the application answer in this thread; a short answer is returned, a long one sent part by part."""
    begun: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], failure: Any = None) -> None:
        latin = [(name.lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers]
        begun[:] = [int(status[:3]), latin]

    answer = application(environ, start)
    try:
        whole, is_long = bytearray(), False
        for part in answer:
            whole += part
            if len(whole) >= PART and getattr(answer, "streaming", True):
                send_part(*([] if is_long else [_start(*begun)]), _part(bytes(whole), has_more=True))
                whole.clear()
                is_long = True
        if not is_long:
            return begun[0], begun[1], bytes(whole)
        send_part(_part(bytes(whole), has_more=False))
        return None
    finally:
        answer.close()


def _environ(scope: Any, body: IO[bytes], size: int) -> dict[str, Any]:
    """Describe a request as PEP 3333 wishes it."""
    environ = {
        # The whole of it is here: this instant counts, however long it waits for a thread. No header has such a name.
        RECEIVED_AT: clock.now(),
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": settings.WEB_HOST,
        "SERVER_PORT": str(settings.WEB_PORT),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0] if scope["client"] else "",
        "CONTENT_LENGTH": str(size),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for written, value in scope["headers"]:
        name = written.decode("latin-1")
        # Two spellings would become one name: only the one that proxies write counts.
        if "_" in name or name in ("content-length", "transfer-encoding"):
            continue
        key = "CONTENT_TYPE" if name == "content-type" else "HTTP_" + name.upper().replace("-", "_")
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]}{'; ' if name == 'cookie' else ','}{text}" if key in environ else text
    return environ


async def _of_the_monitor(scope: Any) -> Answer | None:
    asked = {"/health/live": health.told_live, "/health/ready": health.told_ready}
    if scope["path"] not in asked or scope["method"] not in ("GET", "HEAD"):
        return None
    status, words = await asked[scope["path"]]()
    return status, [(b"content-type", b"application/json"), (b"cache-control", b"no-store")], words


async def _send(send: Send, answer: Answer) -> None:
    status, headers, body = answer
    await send(_start(status, headers))
    await send(_part(body, has_more=False))


def _start(status: int, headers: Headers) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


def _part(body: bytes, *, has_more: bool) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": has_more}


def _page(status: int, sentence: str) -> Answer:
    words = f'<!doctype html><html lang="it"><meta charset="utf-8"><title>Campanella</title><p>{sentence}</p></html>'
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"retry-after", b"60"), (b"cache-control", b"no-store")]
    return status, headers, words.encode()


application = Front(pages)
if WITH_PARENT in os.environ:
    witness()
