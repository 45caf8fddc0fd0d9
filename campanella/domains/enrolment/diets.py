"""
What a child is served in the place of what everybody eats: written by one member of the office, confirmed by another.

A diet changes on a plate what a certificate says, so nobody writes one alone (docs/decisions/0031-diets-are-read-twice.md).
"""

from collections.abc import Mapping
from datetime import date, datetime

from django.core.files.storage import default_storage
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Value

from campanella.domains.accounts.models import User
from campanella.domains.enrolment import rules
from campanella.domains.enrolment.models import Diet, DietCertificate, DietCode, DietProposal, DietRead
from campanella.domains.people.models import Child
from campanella.foundation.core import audit, files
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.scope import operation

audit.sentences(
    {
        "diet.proposed": "ha scritto una dieta dal {day}, da confermare",
        "diet.written": "ha scritto la dieta dal {day}",
        "diet.ended": "ha tolto la dieta dal {day}",
        "diet.dropped": "ha scartato la dieta da confermare",
        "diet.read_twice": "ha aperto la dieta da confermare, con il motivo",
        "diet.certificate_read": "ha aperto il certificato della dieta",
    }
)


class UnknownCode(Refusal):
    """The town's kitchens know no such diet: nobody would know what to serve."""

    message = "Questa sigla non è tra le diete del Comune: scegline una dall’elenco, o prima aggiungila."


class CertificateMissing(Refusal):
    """A doctor must have asked for such a diet, and no certificate is on file."""

    message = "Per questa dieta serve il certificato del medico: allegalo, senza non arriva in cucina."


class ProposalWaits(Refusal):
    """Something written before about this child's diet still waits for its second reader."""

    message = "Per questo bambino c’è già una dieta da confermare: prima confermala o scartala, in Diete."


class OwnProposal(Refusal):
    """Whoever wrote the diet cannot confirm it."""

    message = "L’hai scritta tu: la conferma un collega dell’ufficio, dal suo accesso, con il certificato davanti."


class CertificateRefused(Refusal):
    """The file is too large, or is none that a certificate comes as."""

    message = "Il certificato va bene in PDF, PNG o JPG, al massimo 5 MB."


@operation
def set_diets(*, diets: Mapping[int, tuple[str, str]], first: date, end: date | None) -> None:
    """
    Give many children a special menu at once; the reason is health data or belief and stays behind its own door.

    :param diets: code and reason by child
    :raises UnknownCode: the town has no such diet
    """
    menus = dict(DietCode.objects.values_list("code", "menu"))
    unknown = sorted({code for code, _ in diets.values()} - menus.keys())
    if unknown:
        raise UnknownCode(f"{', '.join(unknown)}: nessuna dieta del Comune ha questa sigla. Prima aggiungila all’elenco.")
    Diet.objects.bulk_create(
        Diet(child_id=child_id, code=code, menu=menus[code], reason=reason, days=DateRange(first, end))
        for child_id, (code, reason) in diets.items()
    )


@operation
def propose(
    *,
    by: User,
    child: Child,
    code: str,
    reason: str,
    first: date,
    expires_on: date | None,
    certificate: bytes | None,
    now: datetime,
) -> DietProposal:
    """
    Write what a child is to be served from a day on; nobody is served it before a colleague has confirmed it.

    A diet that is written again keeps the certificate it has, while that is good.

    :param code: one of the town's; empty when the child is to eat like everybody
    :param expires_on: the last day of the certificate, None while it lasts for good
    :param certificate: the file as it was handed in
    :raises UnknownCode: the town has no such diet
    :raises CertificateMissing: it needs a certificate, and none that is good on the first day is on file
    :raises ProposalWaits: something written before waits for its second reader
    :raises CertificateRefused: over 5 MB, or neither PDF nor picture
    """
    known = _known(code)
    if DietProposal.objects.filter(child=child, decided_at=None).exists():
        raise ProposalWaits
    kept = _kept(child, certificate, now) if certificate else None
    if known and not kept and (served := _still_good(child=child, code=code, first=first)):
        kept, expires_on = served.certificate, served.expires_on
    if known and known.needs_certificate and not kept:
        raise CertificateMissing
    proposal = DietProposal.objects.create(
        child=child,
        code=known.code if known else None,
        menu=known.menu if known else None,
        reason=reason,
        first=first,
        expires_on=expires_on,
        certificate=kept,
        written_at=now,
        written_by_id=by.pk,
    )
    data = {"day": day_figures(first)}
    audit.record(by=by, action="diet.proposed", subjects=[f"child:{child.pk}"], at=now, data=data)
    return proposal


@operation
def confirm(*, by: User, proposal_id: int, now: datetime, today: date) -> None:
    """
    Confirm, as a second reader, what a colleague has written: from its day on, never before today, it is served.

    The code is held: what it means now is served, and whoever asks for a certificate for it waits, or is waited for.

    The history says that, never which or why.

    :raises NotFound: it was confirmed or dropped, or never was
    :raises OwnProposal: it is one's own
    :raises UnknownCode: the town has no such diet
    :raises CertificateMissing: it needs a certificate, and none is on file
    """
    proposal = _waiting(proposal_id)
    if proposal.written_by_id == by.pk:
        raise OwnProposal
    known = _known(proposal.code, is_held=True)
    if known and known.needs_certificate and not proposal.certificate_id:
        raise CertificateMissing
    first, child = max(proposal.first, today), proposal.child
    _decide(proposal, by=by, now=now, is_confirmed=True)
    diets = Diet.objects.filter(child=child)
    # A reading that was written down keeps its diet, so one that would begin later ends before it begins.
    coming = diets.filter(days__startswith__gte=first)
    coming.exclude(pk__in=DietRead.objects.values("diet_id")).delete()
    coming.update(days=DateRange(empty=True))
    running = diets.filter(days__contains=first)
    running.update(days=Func(Func(F("days"), function="lower"), Value(first), function="daterange"))
    if known:
        Diet.objects.create(
            child=child,
            code=known.code,
            menu=known.menu,
            reason=proposal.reason,
            days=DateRange(first, None),
            expires_on=proposal.expires_on,
            certificate=proposal.certificate,
        )
    action = "diet.written" if known else "diet.ended"
    audit.record(by=by, action=action, subjects=[f"child:{child.pk}"], at=now, data={"day": day_figures(first)})


@operation
def drop(*, by: User, proposal_id: int, now: datetime) -> None:
    """
    Drop what waits for its second reader; what is served stays as it is.

    :raises NotFound: it was confirmed or dropped, or never was
    """
    proposal = _waiting(proposal_id)
    _decide(proposal, by=by, now=now, is_confirmed=False)
    audit.record(by=by, action="diet.dropped", subjects=[f"child:{proposal.child_id}"], at=now)


@operation
def read_proposal(*, by: User, proposal_id: int, now: datetime) -> DietProposal:
    """
    Open what waits for its second reader, with its reason; the reading is written down.

    :raises NotFound: it was confirmed or dropped, or never was
    """
    proposal = _waiting(proposal_id)
    audit.record(by=by, action="diet.read_twice", subjects=[f"child:{proposal.child_id}"], at=now)
    return proposal


@operation
def read_certificate(*, by: User, certificate_id: int, now: datetime) -> tuple[DietCertificate, bytes]:
    """
    Open a certificate; the reading is written down.

    :raises NotFound: the town has no such certificate, or the storage has lost it
    """
    found = DietCertificate.objects.filter(pk=certificate_id).first()
    if found is None:
        raise NotFound
    audit.record(by=by, action="diet.certificate_read", subjects=[f"child:{found.child_id}"], at=now)
    try:
        with default_storage.open(found.stored_as, "rb") as stored:
            return found, bytes(stored.read())
    except FileNotFoundError:
        raise NotFound("Questo certificato non c’è più: chiedilo di nuovo alla famiglia.")


@operation
def read_diet(*, by: User, child_id: int, day: date, now: datetime) -> Diet | None:
    """Open a child's diet with its reason; the reading is written down."""
    diet = Diet.objects.filter(child_id=child_id, days__contains=day).first()
    if diet:
        DietRead.objects.create(diet=diet, user_id=by.pk, at=now)
    return diet


def _waiting(proposal_id: int) -> DietProposal:
    """Hold a proposal that waits, so that two readers do not decide it at once."""
    waiting = DietProposal.objects.filter(pk=proposal_id, decided_at=None).select_related("child")
    found = waiting.select_for_update(no_key=True, of=("self",)).first()
    if found is None:
        raise NotFound("Questa dieta non aspetta più: un collega l’ha già confermata o scartata.")
    return found


def _decide(proposal: DietProposal, *, by: User, now: datetime, is_confirmed: bool) -> None:
    proposal.decided_at, proposal.decided_by_id, proposal.is_confirmed = now, by.pk, is_confirmed
    proposal.save(update_fields=["decided_at", "decided_by_id", "is_confirmed"])


def _known(code: str | None, *, is_held: bool = False) -> DietCode | None:
    """Return the diet of the town that a code means, None for none; :raises UnknownCode: there is no such diet"""
    codes = DietCode.objects.select_for_update(no_key=True) if is_held else DietCode.objects
    known = codes.filter(code=code).first() if code else None
    if code and known is None:
        raise UnknownCode
    return known


def _still_good(*, child: Child, code: str, first: date) -> Diet | None:
    """Return the child's diet of this code whose certificate is good on a day."""
    same = Diet.objects.filter(child=child, code=code, days__contains=first, certificate__isnull=False)
    return same.exclude(expires_on__lt=first).select_related("certificate").first()


def _kept(child: Child, content: bytes, now: datetime) -> DietCertificate:
    kind = rules.certificate_kind(content)
    if kind is None:
        raise CertificateRefused
    stored_as = files.keep(folder="diets", content=content)
    return DietCertificate.objects.create(
        child=child, content_type=kind, size=len(content), stored_as=stored_as, kept_at=now
    )
