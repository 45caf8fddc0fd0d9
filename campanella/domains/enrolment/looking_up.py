"""Questions to INPS: each is written down before it leaves, and what came back beside it."""

import secrets
from datetime import datetime

from campanella.domains.enrolment.declared import Declaration
from campanella.domains.enrolment.gateways.base import IseeFound
from campanella.domains.enrolment.models import IseeLookup
from campanella.domains.enrolment.rules import Verdict
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.scope import operation

audit.sentences({"isee.asked": "ha chiesto all’INPS l’ISEE attestato il {day}"})


@operation
def note_question(*, by: Actor, declaration: Declaration, benefit: str, now: datetime) -> str:
    """Write down that INPS is asked about a declaration, before it is; return the protocol number of the question."""
    protocol = f"CAMP-{declaration.id}-{secrets.token_hex(6)}"
    IseeLookup.objects.create(
        declaration_id=declaration.id, protocol=protocol, benefit=benefit, asked_at=now, by_id=by.actor_id
    )
    data = {"day": day_figures(declaration.issued_on)}
    audit.record(by=by, action="isee.asked", subjects=[f"guardian:{declaration.payer_id}"], at=now, data=data)
    return protocol


@operation
def note_answer(*, protocol: str, verdict: Verdict, found: IseeFound | None, now: datetime) -> None:
    """Write down what came back for a question; the first answer holds."""
    said = {"cents": found.cents, "issued_on": found.issued_on, "dsu": found.dsu} if found else {}
    IseeLookup.objects.filter(protocol=protocol, verdict="").update(verdict=verdict, heard_at=now, **said)
