"""
The codes that were dictated at a counter, kept in its session by the key of their form.

A code is somebody's: it stands in no address, where a browser, a proxy and a log would keep it.
"""

import secrets

from campanella.interfaces.doors import PersonRequest

CODES = "counter_codes"
# Whoever goes back finds the last pages; those before ask for the code again.
MOST = 40


def keep(request: PersonRequest, code: str) -> str:
    """Keep a code, and return the key of the form for one top-up with it."""
    key = secrets.token_urlsafe(16)
    known = list(request.session.get(CODES, {}).items())[-MOST + 1 :]
    request.session[CODES] = {**dict(known), key: code}
    return key


def of(request: PersonRequest, key: str) -> str | None:
    """Return the code that was dictated for a form; None where this session knows of none."""
    code = request.session.get(CODES, {}).get(key)
    return code if isinstance(code, str) else None
