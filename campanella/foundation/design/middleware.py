"""The headers that keep every page to itself: content security policy and its neighbours."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

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
