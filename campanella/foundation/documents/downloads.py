"""Files handed to a browser: always to be kept, never to be shown as a page of ours."""

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
