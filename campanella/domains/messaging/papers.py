"""
What goes with a letter: PDFs, made when it leaves.

Higher floors register who makes them (``register``), as reactions are installed: a letter only says ``invoice:12``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Paper:
    """A PDF that goes with a letter; its name holds no personal data."""

    name: str
    content: bytes


Maker = Callable[[int], Sequence[Paper]]

_makers: dict[str, Maker] = {}


def register(kind: str, maker: Maker) -> None:
    """Say who makes the papers of a kind; it runs outside any transaction, and opens its own to read."""
    _makers[kind] = maker


def made(papers: str) -> Sequence[Paper]:
    """
    Make the papers of a letter; nothing for a letter without.

    :param papers: kind and id, such as ``invoice:12``
    """
    kind, _, key = papers.partition(":")
    return _makers[kind](int(key)) if papers else ()
