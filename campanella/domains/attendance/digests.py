"""Telling a repeat from something else that came under the same id or key."""

import hashlib
import json
from uuid import UUID

LONGEST = 2_000


def digest_of(content: object) -> UUID:
    """Return what tells a content from any other: the same for the same fields, whatever their order."""
    try:
        text = json.dumps(content, sort_keys=True, default=str)
    except (ValueError, RecursionError):
        text = repr(content)[:LONGEST]
    return UUID(bytes=hashlib.sha256(text.encode()).digest()[:16])
