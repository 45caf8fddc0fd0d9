"""What a JSON body says, field by field; whatever is not as described is refused with a sentence that says where and why."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from campanella.foundation.core import clock
from campanella.interfaces.doors import number

# 500 marks with every field at its longest fit twice.
LONGEST_BODY = 512 * 1024
BIGGEST = (1 << 63) - 1
AN_INSTANT = "un istante come 2026-10-14T07:12:00Z"
# What a clock may show, as ``accounts.proofs`` says of the one that signs.
EPOCH, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
# A year of more than four figures, as scripts write it (ECMA-262, expanded years).
FAR_OFF = re.compile(r"[+-]\d{6}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z")


class NotUnderstood(ValueError):
    """The body is not as described; the message says what and where, in Italian."""


class TooLong(NotUnderstood):
    """The body is longer than any that a tablet of ours sends."""


def body_of(request: HttpRequest) -> bytes:
    """
    Read a body, up to what is allowed.

    :raises TooLong: it is longer
    """
    said = number(request.META.get("CONTENT_LENGTH") or "0")
    if said is None or said > LONGEST_BODY:
        raise TooLong("Il messaggio è troppo lungo: manda meno segni alla volta.")
    return request.body


def read(body: bytes) -> "Fields":
    """
    Read a body that is one JSON object.

    :raises NotUnderstood: it is none
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as failure:
        raise NotUnderstood("Il messaggio non è JSON.") from failure
    if not isinstance(found, dict):
        raise NotUnderstood("Il messaggio deve essere un oggetto JSON.")
    return Fields(found)


class Fields:
    """The fields of one object; each is asked for by its kind."""

    def __init__(self, found: Mapping[str, Any], place: str = "") -> None:
        self.found, self.place = found, place

    def text(self, name: str, *, most: int, least: int = 1) -> str:
        """Return a text."""
        value = self.found.get(name)
        if not isinstance(value, str) or not least <= len(value) <= most or "\0" in value or not _is_unicode(value):
            raise self._wrong(name, f"un testo, da {least} a {most} lettere")
        return value

    def whole(self, name: str, *, least: int = 1, most: int = BIGGEST) -> int:
        """Return a whole number."""
        value = self.found.get(name)
        if type(value) is not int or not least <= value <= most:
            bounds = "" if most == BIGGEST else f", da {least} a {most}"
            raise self._wrong(name, f"un numero intero{bounds}")
        return value

    def whole_or_none(self, name: str) -> int | None:
        """Return a whole number; null, or the field left out, is None."""
        return None if self.found.get(name) is None else self.whole(name)

    def instant(self, name: str) -> datetime:
        """Return an instant; a clock may be wrong by decades, not so far that nobody can count from there."""
        value = self.moment(name)
        if value is None:
            raise self._wrong(name, AN_INSTANT)
        return value

    def moment(self, name: str) -> datetime | None:
        """
        Return what a clock showed; None where it was so wrong that nobody can count from there.

        :raises NotUnderstood: it is no instant at all
        """
        text = self.text(name, most=40)
        if FAR_OFF.fullmatch(text):
            return None
        try:
            value = datetime.fromisoformat(text)
        except ValueError as failure:
            raise self._wrong(name, AN_INSTANT) from failure
        if value.tzinfo is None:
            raise self._wrong(name, AN_INSTANT)
        # Compared as it is: the first and the last day of all years cannot be turned into UTC.
        return value.astimezone(UTC) if EPOCH <= value < LAST else None

    def day(self, name: str) -> date:
        """Return a day of this century."""
        value = clock.read_day(self.text(name, most=10))
        if value is None:
            raise self._wrong(name, "un giorno come 2026-10-14")
        return value

    def uuid(self, name: str) -> UUID:
        """Return a UUID in its usual writing."""
        text = self.text(name, most=36)
        try:
            value = UUID(text)
        except ValueError as failure:
            raise self._wrong(name, "un UUID") from failure
        if str(value) != text.lower():
            raise self._wrong(name, "un UUID")
        return value

    def fields(self, name: str) -> "Fields":
        """Return an object inside."""
        value = self.found.get(name)
        if not isinstance(value, dict):
            raise self._wrong(name, "un oggetto")
        return Fields(value, f"{self.place}{name}.")

    def list_of(self, name: str, *, least: int, most: int) -> list[Any]:
        """Return a list, whatever is in it."""
        value = self.found.get(name)
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise self._wrong(name, f"una lista, da {least} a {most} elementi")
        return value

    def _wrong(self, name: str, wanted: str) -> NotUnderstood:
        return NotUnderstood(f"{self.place}{name} deve essere {wanted}.")


def _is_unicode(text: str) -> bool:
    """Tell whether every letter can be written down: JSON lets half a surrogate pair through."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
