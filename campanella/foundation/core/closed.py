"""Closed lists of words: what a column, an option or a message says, as the word that types know."""

from collections.abc import Iterable
from typing import TypeVar

W = TypeVar("W", bound=str)


class NotOneOf(ValueError):
    """A fault of whoever wrote the word down: it is none of the list."""


def one_of(words: Iterable[W], said: str) -> W:
    """
    Return the word of a closed list that was said.

    :raises NotOneOf: it is not in the list
    """
    for word in words:
        if word == said:
            return word
    raise NotOneOf(said)
