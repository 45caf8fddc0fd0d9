"""What somebody hands in as a file: told by what is inside it, never by its name."""

MOST_BYTES = 5 * 1024 * 1024
_BEGINNINGS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
# How a file of each kind is called.
ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


def kind_of(content: bytes) -> str | None:
    """Tell what a paper is, None when it is over 5 MB or neither PDF nor picture."""
    if len(content) > MOST_BYTES:
        return None
    return next((kind for beginning, kind in _BEGINNINGS.items() if content.startswith(beginning)), None)
