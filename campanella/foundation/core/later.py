"""Libraries that are heavy and that most processes never need: loaded by whoever first asks for something of them."""

from importlib import import_module
from types import ModuleType
from typing import Any


class Later(ModuleType):
    """
    A library that stands at the head of a module like every other and is loaded at its first use, once, by whichever thread.

    For the type checker it is imported as usual: ``if TYPE_CHECKING: import httpx``, ``else: httpx = Later("httpx")``.
    """

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)
