"""What every page of ours passes: the headers that keep it to itself, and the words that no line breaks."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from campanella.foundation.design.whole import kept_whole

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action {form_action}"
)


def content_security_policy() -> str:
    """
    Write the policy: only our own files, no inline script or style, ``data:`` for pictures alone.

    Browsers apply ``form-action`` to the redirects that follow a POST as well, so every outside address to
    which a form may lead (the pagoPA checkout, an identity provider) stands in the setting
    ``CSP_FORM_ACTION``, a list of origins.
    """
    allowed = ["'self'", *getattr(settings, "CSP_FORM_ACTION", ())]
    return POLICY.format(form_action=" ".join(allowed))


class SecurityHeaders:
    """Set the security headers; a view that has set one of them keeps its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.headers = {
            "Content-Security-Policy": content_security_policy(),
            "Cross-Origin-Opener-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then add what is missing."""
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        return response


class WholeWords:
    """Keep whole on every page the words that no line breaks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and look at what is written there."""
        response = self.get_response(request)
        if not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
            response.content = kept_whole(response.content)
        return response
