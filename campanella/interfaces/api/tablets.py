"""``/api/v1/devices``: a tablet pairs itself, and a teacher takes it by a PIN."""

from http import HTTPStatus

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from campanella.domains.accounts.devices import CodeExpired, WrongKey
from campanella.domains.accounts.entering import TooManyTries, WrongPin
from campanella.foundation.core import clock
from campanella.interfaces.api.answers import answered, refused
from campanella.interfaces.api.doors import Sent, anybody, tablet
from campanella.interfaces.api.reading import body_of, read
from campanella.interfaces.doors import TownRequest
from campanella.usecases import tablets

LONGEST_CODE = 100
PIN_DIGITS = 6


@require_POST
@anybody
def pair(request: TownRequest) -> HttpResponse:
    """Pair a tablet by the code that the office shows."""
    sent = read(body_of(request))
    code, key = sent.text("code", most=LONGEST_CODE), sent.fields("public_key").found
    try:
        paired = tablets.pair(
            code=code, public_key=key, app_version=sent.text("app_version", least=0, most=40), now=clock.now()
        )
    except CodeExpired as refusal:
        return refused(HTTPStatus.FORBIDDEN, "code_expired", refusal.message)
    except WrongKey as refusal:
        return refused(HTTPStatus.BAD_REQUEST, "wrong_key", refusal.message)
    return answered(
        {
            "device_id": paired.device.pk,
            "name": paired.device.name,
            "town": request.town.name,
            "schools": [{"id": school.pk, "name": school.name} for school in paired.schools],
        }
    )


@require_POST
@tablet
def take(request: TownRequest, sent: Sent) -> HttpResponse:
    """Let a teacher take the tablet: the right PIN opens what is stored there, now and on mornings without network."""
    asked = read(sent.body)
    operator_id, pin = asked.whole("operator_id"), asked.text("pin", least=PIN_DIGITS, most=PIN_DIGITS)
    try:
        key = tablets.take(device=sent.device, operator_id=operator_id, pin=pin, now=clock.now())
    except WrongPin as refusal:
        return refused(HTTPStatus.FORBIDDEN, "wrong_pin", refusal.message)
    except TooManyTries as refusal:
        answer = refused(HTTPStatus.TOO_MANY_REQUESTS, "too_many_tries", refusal.message)
        answer.headers["Retry-After"] = str(refusal.seconds)
        return answer
    return answered({"data_key": key})
