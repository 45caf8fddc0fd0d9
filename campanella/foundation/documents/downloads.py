"""Files handed to a browser: our own papers may be read there, what others gave us is only ever kept."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def as_download(*, content: bytes, name: str, content_type: str) -> HttpResponse:
    """Answer with a file under its own name; the browser is told not to guess what it is, and to run nothing in it."""
    answer = HttpResponse(content, content_type=content_type)
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def as_paper(content: bytes, *, filename: str, kind: str = "application/pdf") -> HttpResponse:
    """
    Hand out a paper we made, for whoever asked for it alone.

    :param filename: without personal data: it ends in folders and mails; it may hold what the town calls a line
    """
    named = content_disposition_header(as_attachment=False, filename=filename) or "inline"
    headers = {"Content-Disposition": named, "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)
