"""Addresses of pages that take no values: looked up once, for they stand around every page."""

from functools import lru_cache

from django.conf import settings
from django.urls import reverse


def fixed(name: str) -> str:
    """
    Return the address of a page by its name.

    :raises NoReverseMatch: this installation has no such page
    """
    return _fixed(name, settings.ROOT_URLCONF)


@lru_cache(maxsize=512)
def _fixed(name: str, addresses: str) -> str:
    """Addresses do not change while the process lives."""
    return reverse(name)
