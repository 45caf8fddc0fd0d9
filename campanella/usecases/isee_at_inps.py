"""
What families have declared, looked up at INPS: by the office with a button, and by night.

A question is written down before it leaves, with who asks and under which number; INPS is called with no transaction held.
By night a value that is the same counts by itself; with the button the office reads what it moves before it decides.
"""

from datetime import datetime, timedelta
from threading import BoundedSemaphore
from time import monotonic
from typing import TYPE_CHECKING

from django.conf import settings

from campanella.domains.enrolment import declared, looked_up, looking_up, rules
from campanella.domains.enrolment.choices import IseeChoices
from campanella.domains.enrolment.declared import Declaration
from campanella.domains.enrolment.gateways.base import IseeAsked, IseeFound, LookupRefused, LookupUnavailable
from campanella.domains.enrolment.gateways.inps import consultation
from campanella.domains.enrolment.rules import Verdict
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor, Software
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.later import Later
from campanella.foundation.core.scope import let_go, use_case
from campanella.foundation.tenants.queries import active_town
from campanella.usecases import isee as declaring

if TYPE_CHECKING:
    import httpx
else:
    httpx = Later("httpx")

INPS = Software("Controllo all’INPS")
CONNECT_SECONDS, ANSWER_SECONDS = 3.0, 10.0
# What INPS did not know of is asked again after a week; so many a night, for it has a limit of its own.
AGAIN_AFTER, MOST_A_NIGHT = timedelta(days=7), 200
# The worker has few hands, and other work waits for them: where INPS is slow, the next night goes on.
SECONDS_A_NIGHT = 300.0
# A silent INPS may hold one thread of a process, never the others.
_calls = BoundedSemaphore(1)


class InpsNotAsked(Refusal):
    """It cannot be asked; the message says why."""


class InpsFails(Refusal):
    """Nothing came back that says anything: nothing has changed."""


def ask(*, by: Actor, declaration_id: int, now: datetime) -> Verdict:
    """
    Ask INPS about one declaration, and write down what it says; nothing is decided by it. Call it outside any transaction.

    :raises NotFound: the town has no such declaration
    :raises InpsNotAsked: the town does not ask, the payer has no tax code, or a colleague is asking at this moment
    :raises InpsFails: INPS is silent, or refuses to answer
    """
    if not _calls.acquire(blocking=False):
        raise InpsNotAsked("In questo momento un collega sta già chiedendo all’INPS: riprova tra qualche secondo.")
    try:
        return _ask(by=by, declaration_id=declaration_id, now=now)
    finally:
        _calls.release()


def ask_all(*, now: datetime) -> int:
    """
    Ask INPS about what waits for the office; what is the same there counts from now on.

    Stops at the first silence, and after five minutes.

    :returns: how many it has confirmed
    """
    same, until = 0, monotonic() + SECONDS_A_NIGHT
    for one in _to_ask(now=now):
        if monotonic() >= until:
            break
        try:
            found = _ask(by=INPS, declaration_id=one.id, now=now)
        except InpsFails:
            break
        except InpsNotAsked:
            continue
        # How many persons a household has INPS is not asked, and a price may follow from it: somebody looks.
        if found == "same" and one.household is None and _confirm(declaration_id=one.id, now=now):
            same += 1
    return same


@use_case
def _to_ask(*, now: datetime) -> list[Declaration]:
    if not active_town().chosen(IseeChoices).asks_inps:
        return []
    return looked_up.to_look_up(since=now - AGAIN_AFTER, limit=MOST_A_NIGHT)


def _confirm(*, declaration_id: int, now: datetime) -> bool:
    try:
        declaring.check(by=INPS, declaration_id=declaration_id, told=None, now=now, is_first=True)
    except Refusal:
        # A colleague has decided meanwhile, so or otherwise.
        return False
    return True


def _ask(*, by: Actor, declaration_id: int, now: datetime) -> Verdict:
    asked, one = _write_down(by=by, declaration_id=declaration_id, now=now)
    let_go()
    timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
    found: IseeFound | None = None
    try:
        with httpx.Client() as client:
            found = consultation.ask(
                asked, url=settings.INPS_ISEE_URL, key=settings.INPS_ISEE_KEY, client=client, timeout=timeout
            )
    except LookupUnavailable as failure:
        looking_up.note_answer(protocol=asked.protocol, verdict="silent", found=None, now=clock.now())
        raise InpsFails("L’INPS non ha risposto: riprova più tardi. Non è cambiato nulla.") from failure
    except LookupRefused as failure:
        looking_up.note_answer(protocol=asked.protocol, verdict="refused", found=None, now=clock.now())
        raise InpsFails(
            "L’INPS ha rifiutato la richiesta: controlla i suoi codici in Impostazioni. Non è cambiato nulla."
        ) from failure
    verdict = _compare(one, found)
    looking_up.note_answer(protocol=asked.protocol, verdict=verdict, found=found, now=clock.now())
    return verdict


@use_case
def _write_down(*, by: Actor, declaration_id: int, now: datetime) -> tuple[IseeAsked, Declaration]:
    choices = active_town().chosen(IseeChoices)
    one = declared.one(declaration_id=declaration_id)
    if not choices.asks_inps:
        raise InpsNotAsked("Questo Comune non controlla gli ISEE all’INPS, o mancano i codici in Impostazioni.")
    payer = people.guardian(guardian_id=one.payer_id)
    if not payer.tax_code:
        raise InpsNotAsked("Di chi paga manca il codice fiscale: senza, l’INPS non risponde.")
    asked = IseeAsked(
        tax_code=payer.tax_code,
        kind=one.kind,
        valid_on=one.received_on,
        benefit=choices.isee_inps_benefit,
        protocol=looking_up.note_question(by=by, declaration=one, benefit=choices.isee_inps_benefit, now=now),
        body=choices.isee_inps_body,
        office=choices.isee_inps_office,
        operator=choices.isee_inps_operator,
    )
    return asked, one


def _compare(one: Declaration, found: IseeFound | None) -> Verdict:
    if found is None:
        return "none"
    return rules.verdict(
        said_cents=one.amount.cents,
        said_on=one.issued_on,
        said_omissions=one.has_omissions,
        found_cents=found.cents,
        found_on=found.issued_on,
        found_omissions=found.has_omissions,
    )
