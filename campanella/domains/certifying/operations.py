"""Issuing certificates, version by version; what parents have written; runs of the office."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campanella.domains.certifying import rules
from campanella.domains.certifying.content import Draft
from campanella.domains.certifying.models import Certificate, CertificateRun, Opposition, WrittenShares
from campanella.domains.people.models import Child, Guardian
from campanella.foundation.core import audit, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences(
    {
        "certificate.shares": "ha scritto come i genitori dividono le spese del {year}: {percent}% e {rest}%",
        "certificate.shares_cleared": "ha tolto la divisione scritta delle spese del {year}",
        "certificate.opposed": "ha segnato l’opposizione all’invio delle spese del {year}",
        "certificate.unopposed": "ha tolto l’opposizione all’invio delle spese del {year}",
        "certificate.run": "ha preparato le attestazioni del {year}",
        "certificate.run_stopped": "ha fermato la preparazione delle attestazioni del {year}",
    }
)


class RunUnderWay(Refusal):
    """The office makes certificates already."""

    message = "Le attestazioni sono già in preparazione: aspetta che finisca, o fermala."


class NotTheirParents(Refusal):
    """The two are not the child's parents."""

    message = "Scegli due genitori diversi di questo bambino."


@dataclass(frozen=True)
class Issued:
    """What became of drafts: how many are new, how many replace an earlier version, how many say what was said."""

    issued: int
    superseded: int
    unchanged: int


@operation
def issue(
    *,
    kind: str,
    year: int,
    drafts: Sequence[Draft],
    child_ids: Sequence[int],
    by_id: int | None,
    now: datetime,
    is_dry: bool = False,
) -> Issued:
    """
    Issue what is new or has changed of these children's certificates of a year; what says the same stays as it is.

    A certificate whose payer has nothing left is superseded by a void one. A second call changes nothing.

    :param child_ids: every child that was reckoned, also those without a draft
    :param is_dry: only say what would be issued
    """
    sql.take_turns(f"certificates {kind} {year}", active_town_id())
    last = _last_versions(kind, year, child_ids)
    wanted = [*drafts, *_voided(kind, year, drafts, last)]
    fresh = [draft for draft in wanted if not (row := last.get(draft.key)) or row.facts != draft.facts]
    superseded = sum(draft.key in last for draft in fresh)
    done = Issued(len(fresh) - superseded, superseded, len(wanted) - len(fresh))
    if is_dry or not fresh:
        return done
    number = _last_number(kind, year)
    Certificate.objects.bulk_create(
        Certificate(
            kind=kind,
            year=year,
            month=draft.month,
            child_id=draft.child_id,
            payer_tax_code=draft.payer_tax_code,
            version=last[draft.key].version + 1 if draft.key in last else 1,
            number=number + place,
            code=rules.new_code(),
            cents=draft.cents,
            content=dict(draft.content),
            facts=draft.facts,
            issued_at=now,
            by_id=by_id,
        )
        for place, draft in enumerate(fresh, 1)
    )
    return done


def _last_versions(kind: str, year: int, child_ids: Sequence[int]) -> dict[tuple[int, int, str], Certificate]:
    rows = Certificate.objects.filter(kind=kind, year=year, child_id__in=list(child_ids)).order_by("version")
    return {(row.month, row.child_id, row.payer_tax_code): row for row in rows}


def _voided(kind: str, year: int, drafts: Iterable[Draft], last: Mapping[tuple[int, int, str], Certificate]) -> list[Draft]:
    """Return a void draft for each certificate that has nothing left to say."""
    kept = {draft.key for draft in drafts}
    return [
        Draft(kind, year, row.month, row.child_id, row.payer_tax_code, 0, _void(row.content), f"void {row.facts}"[:64])
        if row.cents
        else Draft(kind, year, row.month, row.child_id, row.payer_tax_code, 0, row.content, row.facts)
        for key, row in last.items()
        if key not in kept
    ]


def _void(content: Mapping[str, Any]) -> dict[str, Any]:
    nothing: dict[str, Any] = {"is_void": True}
    return {**content, **nothing, **({"lines": [], "parts": []} if "lines" in content else {"cents": 0, "proofs": []})}


def _last_number(kind: str, year: int) -> int:
    return Certificate.objects.filter(kind=kind, year=year).order_by("-number").values_list("number", flat=True).first() or 0


@operation
def write_shares(
    *, by: Actor, child: Child, year: int, guardian: Guardian, percent: int, other: Guardian, now: datetime
) -> None:
    """
    Write how two parents divide a child's expenses of a year.

    :param percent: of the first one, 0 to 100
    :raises NotTheirParents: the two are one
    """
    if guardian.pk == other.pk:
        raise NotTheirParents
    said = {"guardian": guardian, "percent": percent, "other": other}
    WrittenShares.objects.update_or_create(child=child, year=year, defaults=said)
    data = {"year": str(year), "percent": str(percent), "rest": str(100 - percent)}
    audit.record(by=by, action="certificate.shares", subjects=[f"child:{child.pk}"], at=now, data=data)


@operation
def clear_shares(*, by: Actor, child: Child, year: int, now: datetime) -> None:
    """Take back what was written: half each again."""
    if WrittenShares.objects.filter(child=child, year=year).delete()[0]:
        subjects, data = [f"child:{child.pk}"], {"year": str(year)}
        audit.record(by=by, action="certificate.shares_cleared", subjects=subjects, at=now, data=data)


@operation
def oppose(*, by: Actor, child: Child, year: int, is_opposed: bool, now: datetime) -> None:
    """Note that a family does not want a child's expenses of a year sent to the tax agency, or that it does after all."""
    known = Opposition.objects.filter(child=child, year=year)
    if known.exists() == is_opposed:
        return
    if is_opposed:
        Opposition.objects.create(child=child, year=year, at=now, by_id=by.actor_id)
    else:
        known.delete()
    action = "certificate.opposed" if is_opposed else "certificate.unopposed"
    audit.record(by=by, action=action, subjects=[f"child:{child.pk}"], at=now, data={"year": str(year)})


@operation
def begin_run(*, by: Actor, year: int, child_ids: Sequence[int], is_dry: bool, now: datetime) -> CertificateRun:
    """
    Begin to make a year's certificates, or to look what would be made; the job takes the children a few at a time.

    :raises RunUnderWay: there is one already
    """
    sql.take_turns("runs of certificates", active_town_id())
    if CertificateRun.objects.filter(ended_at=None).exists():
        raise RunUnderWay
    run = CertificateRun.objects.create(
        year=year, begun_at=now, by_id=by.actor_id, waiting=sorted(child_ids), total=len(child_ids), is_dry=is_dry
    )
    if is_dry:
        return run
    audit.record(by=by, action="certificate.run", subjects=[f"certificates:{year}"], at=now, data={"year": str(year)})
    return run


@operation
def stop_run(*, by: Actor, run_id: int, now: datetime) -> None:
    """Stop a run that goes on; what it has issued stays, and another run goes on from there."""
    run = CertificateRun.objects.select_for_update().filter(pk=run_id, ended_at=None).first()
    if run is None:
        return
    run.stopped_at = run.ended_at = now
    run.save(update_fields=["stopped_at", "ended_at"])
    data = {"year": str(run.year)}
    audit.record(by=by, action="certificate.run_stopped", subjects=[f"certificates:{run.year}"], at=now, data=data)


@operation
def take_some(*, run_id: int, most: int) -> tuple[CertificateRun, list[int]] | None:
    """Hold a run and return its next children; None when it is over."""
    run = CertificateRun.objects.select_for_update().filter(pk=run_id, ended_at=None).first()
    return (run, run.waiting[:most]) if run else None


@operation
def note_done(
    *,
    run: CertificateRun,
    done: Sequence[int],
    issued: Issued,
    cents: int,
    notes: Mapping[int, Mapping[str, str | int]],
    now: datetime,
) -> None:
    """
    Note what became of some children of a run that is held, and its end after the last ones.

    :param cents: certified of these children
    :param notes: by child, why there is none (``reason``) and what was left out (``cash``, ``nameless``, in cents)
    """
    finished = set(done)
    run.waiting = [child_id for child_id in run.waiting if child_id not in finished]
    run.issued += issued.issued
    run.superseded += issued.superseded
    run.unchanged += issued.unchanged
    run.certified_cents += cents
    run.notes = {**run.notes, **{str(child_id): dict(said) for child_id, said in notes.items()}}
    run.ended_at = None if run.waiting else now
    run.save(
        update_fields=["waiting", "issued", "superseded", "unchanged", "certified_cents", "notes", "ended_at"],
    )
