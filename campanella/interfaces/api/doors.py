"""
The door of the tablets: no session, no cookie; each request is signed with the key of the tablet (``accounts/proofs.py``).

Who is not known is 401 ``unknown_device``, and keeps what it has. Only a tablet that has proved to be itself and was revoked
hears ``revoked_device``, on which it forgets everything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from campanella.domains.accounts import devices
from campanella.domains.accounts.devices import CopiedRequest, UnknownDevice
from campanella.domains.accounts.proofs import SignedRequest
from campanella.domains.accounts.queries import Device
from campanella.foundation.core import audit, clock
from campanella.interfaces.api.answers import refused
from campanella.interfaces.api.reading import NotUnderstood, TooLong, body_of
from campanella.interfaces.doors import TownRequest

P = ParamSpec("P")
REVOKED = "L’ufficio ha revocato questo tablet: i dati che ci sono sopra si cancellano."


@dataclass(frozen=True)
class Sent:
    """What a tablet has sent, and which tablet it is."""

    device: Device
    body: bytes


View = Callable[Concatenate[TownRequest, Sent, P], HttpResponse]


def anybody(view: Callable[Concatenate[TownRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Let every program in: whoever pairs a tablet proves to be allowed by the code."""

    @csrf_exempt
    @wraps(view)
    def door(request: TownRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        audit.set_origin("tablet")
        return understood(lambda: view(request, *args, **kwargs))

    door.access = "public"  # type: ignore[attr-defined]  # read by the access test
    return door


def tablet(view: View[P]) -> Callable[..., HttpResponse]:
    """Let the tablets of the town in that were not revoked; the view opens its own transactions."""
    return _for_tablets(view, also_revoked=False)


def tablet_even_revoked(view: View[P]) -> Callable[..., HttpResponse]:
    """Let revoked tablets in too: what they hand in last is answered, and kept for the office."""
    return _for_tablets(view, also_revoked=True)


def understood(answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer; a body that is not as described becomes its sentence."""
    try:
        return answer()
    except TooLong as wrong:
        return refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_long", str(wrong))
    except NotUnderstood as wrong:
        return refused(HTTPStatus.BAD_REQUEST, "not_understood", str(wrong))


def _for_tablets(view: View[P], *, also_revoked: bool) -> Callable[..., HttpResponse]:
    @csrf_exempt
    @wraps(view)
    def door(request: TownRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        audit.set_origin("tablet")
        return understood(lambda: _admitted(request, *args, **kwargs))

    def _admitted(request: TownRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        body = body_of(request)
        signed = SignedRequest(_proof(request), str(request.method), request.get_full_path(), body)
        try:
            device = devices.admit(signed=signed, now=clock.now())
        except UnknownDevice as refusal:
            return refused(HTTPStatus.UNAUTHORIZED, "unknown_device", refusal.message)
        except CopiedRequest as refusal:
            return refused(HTTPStatus.CONFLICT, "copied_request", refusal.message)
        if device.revoked_at and not also_revoked:
            return refused(HTTPStatus.UNAUTHORIZED, "revoked_device", REVOKED)
        return view(request, Sent(device, body), *args, **kwargs)

    door.access = "tablet"  # type: ignore[attr-defined]  # read by the access test
    return door


def _proof(request: TownRequest) -> str:
    kind, _, proof = request.headers.get("Authorization", "").partition(" ")
    return proof.strip() if kind.lower() == "bearer" else ""
