"""
The office draws a list up, corrects what an appeal has shown, and draws it up again.

The call is held first, so that of two who draw up at once the second finds what the first has made.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from secrets import token_hex

from campanella.domains.applying import operations as applications
from campanella.domains.applying import queries as applying
from campanella.domains.applying.queries import EnrolmentCall, FormPart
from campanella.domains.applying.rules import OPEN
from campanella.domains.ranking import operations, queries
from campanella.domains.ranking.operations import Drawn
from campanella.domains.ranking.queries import RankList
from campanella.domains.ranking.rules.order import rank
from campanella.domains.ranking.rules.scheme import Scheme, faults, read
from campanella.domains.schools import queries as schools
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import elided, moment_full
from campanella.foundation.core.scope import use_case
from campanella.readings.ranking import applicants as gathering
from campanella.readings.ranking.applicants import Known
from campanella.usecases.ranking import offers

# The answers that can be counted for a question of these kinds; others give no points.
YES_NO = ("yes", "no")


class RulesMissing(Refusal):
    """By the rules as they are no list can be drawn up."""


class StillOpen(Refusal):
    """Families may still apply."""


class FinalAlready(Refusal):
    """The final list is published: what follows are offers."""

    message = "La graduatoria definitiva è pubblicata: non si rifà più, si offrono i posti."


class SameChild(Refusal):
    """Two applications of a call are for one child: it would be given two places."""


class ListsPublished(Refusal):
    """Families read a list: its places are given by it."""

    message = "Le famiglie leggono già una graduatoria: almeno una fascia d’età resta."


class ReasonMissing(Refusal):
    """Whoever corrects says why."""

    message = "Scrivi il motivo: resta nella storia della domanda, e la famiglia lo può leggere."


class NoSuchAnswer(Refusal):
    """The rules give this question no such answer."""

    message = "Scegli una domanda che dà punti e una delle sue risposte."


@use_case
def set_rules(*, by: Actor, call_id: int, scheme: Scheme, now: datetime) -> None:
    """
    Let other rules hold; lists that were drawn up keep theirs. Places that are added to the final list are offered at once.

    :raises NotFound: the town has no such call
    :raises FinalAlready: the final list is published, and the rules would have ordered it otherwise
    :raises ListsPublished: families read a list, and there would be none any more
    """
    call = applying.call(call_id=call_id)
    applications.hold_call(call_id=call_id)
    is_final = queries.final(call_id=call_id) is not None
    if is_final and _order(scheme) != _order(queries.scheme(call_id=call_id)):
        raise FinalAlready
    if not scheme.groups and queries.publications(call_id=call_id):
        raise ListsPublished
    operations.set_rules(by=by, call=call, scheme=scheme, now=now)
    if is_final:
        offers.go_on(call_id=call_id, now=now)


@use_case
def correct(*, by: Actor, application_id: int, part_id: int, answer: str, reason: str, now: datetime) -> None:
    """
    Count another answer than was sent, after an appeal or a check; the next list goes by it.

    :param answer: as a form keeps it; empty for none
    :raises NotFound: the town has no such application
    :raises ReasonMissing: nobody said why
    :raises NoSuchAnswer: the rules do not look at the question, or it has no such answer
    :raises DecidedMeanwhile: the application does not wait any more
    :raises FinalAlready: the final list is published
    """
    found = applying.application(application_id=application_id)
    if not reason.strip():
        raise ReasonMissing
    held_open(found.call_id)
    row = applications.hold(application_id=application_id)
    if row.state not in OPEN:
        raise applications.DecidedMeanwhile
    scheme = queries.scheme(call_id=row.call_id)
    part = correctable(call_id=row.call_id, scheme=scheme).get(part_id)
    if part is None or answer not in ("", *answers_to(part)):
        raise NoSuchAnswer
    operations.correct(by=by, application=row, part=part, answer=answer, reason=reason.strip(), now=now)


@use_case
def draw_up(*, by: Actor, call_id: int, seed: str, why: str, now: datetime) -> RankList:
    """
    Draw the list of a call up, and put it on record; from the same inputs with the same seed it is there already.

    :param seed: what was drawn in public; empty keeps that of the list before, or draws one
    :raises NotFound: the town has no such call
    :raises RulesMissing: no list can be drawn up by its rules
    :raises StillOpen: families may still apply
    :raises SameChild: two applications are for one child
    :raises FinalAlready: the final list is published
    """
    call = held_open(call_id)
    if now <= call.closes_at:
        raise StillOpen(
            elided(f"Le iscrizioni sono aperte fino al {moment_full(call.closes_at)}: la graduatoria si fa dopo.")
        )
    row = queries.scheme_row(call_id=call_id)
    scheme = read(row.content) if row else Scheme()
    wrong = faults(scheme)
    if row is None or wrong:
        raise RulesMissing(" ".join(wrong))
    last = queries.last_list(call_id=call_id)
    seed = seed.strip() or (last.seed if last else token_hex(8))
    known = gathering.applicants(call=call, scheme=scheme)
    _check_once(known)
    inputs = gathering.inputs_of(scheme=scheme, known=known)
    digest = gathering.digest_of(inputs)
    if last and (last.digest, last.seed) == (digest, seed):
        return last
    parts = {one.pk: one for one in applying.every_part(call_id=call_id)}
    names = {one.pk: one.name for one in schools.schools()}
    by_number = {one.application.number: one for one in known}
    ranked = rank(scheme=scheme, applicants=[one.applicant for one in known], seed=seed)
    lines = [
        (line, one.application.pk, gathering.facts_of(one=one, scheme=scheme, parts=parts, names=names))
        for line in ranked
        if (one := by_number[line.number])
    ]
    drawn = Drawn(seed=seed, digest=digest, inputs=inputs, lines=lines)
    return operations.keep_list(by=by, call=call, scheme=row, drawn=drawn, why=why.strip(), now=now)


def correctable(*, call_id: int, scheme: Scheme) -> dict[int, FormPart]:
    """Return the questions that the rules look at, by id: one query."""
    asked = {one.part_id for one in scheme.criteria} | set(scheme.preferences) | {scheme.residence}
    return {one.pk: one for one in applying.every_part(call_id=call_id) if one.pk in asked}


def answers_to(part: FormPart) -> tuple[str, ...]:
    """Return the answers that a question may have, as they are kept."""
    return YES_NO if part.kind == "yes_no" else tuple(part.options)


def _order(scheme: Scheme) -> Scheme:
    """Return what of the rules orders a list, without places, terms and what comes late."""
    return replace(scheme, seats=(), answer_days=0, counts_working_days=False, refusals=0, late="")


def _check_once(known: Sequence[Known]) -> None:
    first: dict[str, str] = {}
    for one in known:
        number = one.application.number
        other = first.setdefault(one.tax_code or number, number)
        if other != number:
            raise SameChild(
                f"Le domande n. {other} e n. {number} sono per lo stesso bambino: lascia quella che vale, "
                "ritira o non accettare l’altra, poi rifai la graduatoria."
            )


def held_open(call_id: int) -> EnrolmentCall:
    """
    Hold a call.

    :raises FinalAlready: its final list is published
    """
    call = applying.call(call_id=call_id)
    applications.hold_call(call_id=call_id)
    if queries.final(call_id=call_id):
        raise FinalAlready
    return call
