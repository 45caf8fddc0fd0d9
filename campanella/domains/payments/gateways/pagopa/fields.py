"""
Typed reading of the elements of a request.

Children are found by local name, whatever the prefix and order, so that callers of every habit and fields
added later are understood; a missing, doubled or unreadable value is told, never guessed.
"""

import base64
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lxml import etree

from campanella.domains.payments.gateways.pagopa.messages import MAX_CENTS

MESSAGES = "http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd"

_ROME = ZoneInfo("Europe/Rome")
_ZONE = r"(?:Z|[+-][0-9]{2}:[0-9]{2})?"
_DAY = r"(-?[0-9]{4,})(-[0-9]{2}-[0-9]{2})"
_DATE = re.compile(rf"{_DAY}{_ZONE}")
_MOMENT = re.compile(rf"{_DAY}T([0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}})(?:\.[0-9]+)?({_ZONE})")
# pagoPA is of this century. The schema allows any year; one that cannot be meant is taken as not said.
_YEARS = range(2000, 2101)


class BadField(ValueError):
    """An element is missing, doubled or unreadable; the text names the element, never its value."""


class Fields:
    """The children of one element, read by name."""

    def __init__(self, element: etree._Element) -> None:
        self._name = etree.QName(element).localname
        self._children: dict[str, list[etree._Element]] = {}
        for child in element:
            qualified = etree.QName(child)
            # The schema wants unqualified children; a default namespace on the message qualifies them all.
            if qualified.namespace in (None, MESSAGES):
                self._children.setdefault(qualified.localname, []).append(child)

    def section(self, name: str) -> "Fields":
        """Give the children of a child that must be there."""
        return Fields(self._only(name))

    def optional_section(self, name: str) -> "Fields | None":
        return Fields(self._only(name)) if name in self._children else None

    def sections(self, name: str, *, at_most: int) -> "Sequence[Fields]":
        found = self._children.get(name, [])
        if not 1 <= len(found) <= at_most:
            raise BadField(f"{self._name}: from 1 to {at_most} {name}")
        return [Fields(element) for element in found]

    def has(self, name: str) -> bool:
        return name in self._children

    def text(self, name: str, *, longest: int, pattern: str = "") -> str:
        """
        Give the text of a child, without spaces around it.

        :raises BadField: missing, empty, too long, or not of this regular expression
        """
        value = (self._only(name).text or "").strip() if self._is_plain(name) else ""
        if not value or len(value) > longest or (pattern and not re.fullmatch(pattern, value)):
            raise BadField(f"{self._name}/{name}")
        return value

    def told(self, name: str, *, longest: int, least: int = 1) -> str:
        """
        Give the text of a child that says something to people: blanks alone, which the schema allows, say nothing.

        :raises BadField: missing, empty or too long
        """
        value = (self._only(name).text or "") if self._is_plain(name) else ""
        if len(value) < least or len(value.strip()) > longest:
            raise BadField(f"{self._name}/{name}")
        return value.strip()

    def optional_text(self, name: str, *, longest: int) -> str:
        return self.told(name, longest=longest) if self.has(name) else ""

    def cents(self, name: str, *, least: int = 0) -> int:
        """Give an amount written in euro with a point and two decimals, as cents."""
        value = int(self.text(name, longest=32, pattern=r"[0-9]+\.[0-9]{2}").replace(".", ""))
        if not least <= value <= MAX_CENTS:
            raise BadField(f"{self._name}/{name}")
        return value

    def optional_cents(self, name: str) -> int | None:
        return self.cents(name) if self.has(name) else None

    def optional_date(self, name: str) -> date | None:
        """Give a date; a time zone, which the schema allows, says nothing about a day and is left out."""
        if not self.has(name):
            return None
        match = _DATE.fullmatch(self.text(name, longest=40))
        if match and int(match[1]) not in _YEARS:
            return None
        try:
            return date.fromisoformat(match[1] + match[2] if match else "")
        except ValueError as unreadable:
            raise BadField(f"{self._name}/{name}") from unreadable

    def optional_moment(self, name: str) -> datetime | None:
        """Give an instant; without a time zone it is Italian time, as the Node means it."""
        if not self.has(name):
            return None
        match = _MOMENT.fullmatch(self.text(name, longest=60))
        if match and int(match[1]) not in _YEARS:
            return None
        try:
            moment = _moment(match[1] + match[2], match[3], match[4]) if match else datetime.fromisoformat("")
        except ValueError as unreadable:
            raise BadField(f"{self._name}/{name}") from unreadable
        return moment if moment.tzinfo else moment.replace(tzinfo=_ROME)

    def flag(self, name: str) -> bool:
        """Give a boolean that is false when absent."""
        return self.has(name) and self.text(name, longest=5, pattern="true|false|0|1") in ("true", "1")

    def base64(self, name: str) -> bytes:
        compact = "".join(self.text(name, longest=1_000_000).split())
        try:
            return base64.b64decode(compact, validate=True)
        except ValueError as unreadable:
            raise BadField(f"{self._name}/{name}") from unreadable

    def _only(self, name: str) -> etree._Element:
        found = self._children.get(name, [])
        if len(found) != 1:
            raise BadField(f"{self._name}/{name}: {'missing' if not found else 'given more than once'}")
        return found[0]

    def _is_plain(self, name: str) -> bool:
        return len(self._only(name)) == 0


def _moment(day: str, time: str, zone: str) -> datetime:
    """Read an instant; the schema knows 24:00:00, the end of a day."""
    if time == "24:00:00":
        return datetime.fromisoformat(f"{day}T00:00:00{zone}") + timedelta(days=1)
    return datetime.fromisoformat(f"{day}T{time}{zone}")
