"""
What the office seeks by name waits in the session.

So a person's name, tax code or telephone stands in no address, and with it in no browser's history and no proxy's log; and
going back from what was found does not ask to send a form again.
"""

from campanella.interfaces.doors import PersonRequest

LONGEST = 80


def asked(request: PersonRequest) -> str | None:
    """Return what this request asks to seek, None when it brings nothing new (an address with ``q`` is understood too)."""
    text = request.POST.get("q", request.GET.get("q"))
    return None if text is None else _clean(text)


def keep(request: PersonRequest, text: str) -> None:
    """Keep what is sought on this page; another page's is forgotten."""
    request.session["sought"] = [request.path, text]


def kept(request: PersonRequest) -> str:
    """Return what was sought on this page last."""
    path, text = request.session.get("sought", ["", ""])
    return text if path == request.path else ""


def sought(request: PersonRequest) -> str | None:
    """
    Return what was sought on the page that is sent, whatever another tab has sought since; else what was sought on it last.

    None where nothing ever was.
    """
    text = request.POST.get("sought")
    return _clean(text) if text is not None else kept(request) or None


def _clean(text: str) -> str:
    return text.replace("\0", "").strip()[:LONGEST]
