"""The town's list of diets: a code means one thing, so that label, menu and kitchen speak of the same plate."""

import re
from datetime import datetime

from campanella.domains.enrolment.models import DietCode
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import operation

SUBJECT = "diet_codes"
# Menus say it of every diet.
_NO_CODES = ("TUTTE",)

audit.sentences(
    {
        "diet_code.added": "ha aggiunto la dieta {code}, {menu}",
        "diet_code.with_certificate": "ha chiesto il certificato per la dieta {code}",
        "diet_code.without_certificate": "non chiede più il certificato per la dieta {code}",
    }
)


class CodeTaken(Refusal):
    """The town has a diet under this code."""


class NotACode(Refusal):
    """It cannot be written on a menu."""

    message = "Una sigla ha da una a sei lettere o cifre, per esempio D1; «tutte» non è una sigla."


def codes() -> list[DietCode]:
    """Return the town's diets by their code: one query."""
    return list(DietCode.objects.order_by("code"))


@operation
def add_code(*, by: Actor, code: str, menu: str, needs_certificate: bool, now: datetime) -> DietCode:
    """
    Add a diet to the town's list.

    :raises NotACode: it is not of one to six letters and digits
    :raises CodeTaken: the code means a diet already
    """
    code = "".join(code.split()).upper()
    if not re.fullmatch(r"[A-Z0-9]{1,6}", code) or code in _NO_CODES:
        raise NotACode
    made, is_new = DietCode.objects.get_or_create(
        code=code, defaults={"menu": menu.strip(), "needs_certificate": needs_certificate}
    )
    if not is_new:
        raise CodeTaken(f"La sigla {code} vuol dire già «{made.menu}»: usa un’altra sigla.")
    audit.record(by=by, action="diet_code.added", subjects=[SUBJECT], at=now, data={"code": code, "menu": made.menu})
    return made


@operation
def ask_certificate(*, by: Actor, code_id: int, is_needed: bool, now: datetime) -> DietCode:
    """
    Say whether a diet that is written from now on needs a doctor's certificate; those that are served stay.

    :raises NotFound: the town has no such code
    """
    found = DietCode.objects.select_for_update(no_key=True).filter(pk=code_id).first()
    if found is None:
        raise NotFound
    if found.needs_certificate != is_needed:
        found.needs_certificate = is_needed
        found.save(update_fields=["needs_certificate"])
        action = "diet_code.with_certificate" if is_needed else "diet_code.without_certificate"
        audit.record(by=by, action=action, subjects=[SUBJECT], at=now, data={"code": found.code})
    return found
