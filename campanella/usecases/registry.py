"""
The office keeps the register of families: new children, new adults, who answers for whom and who pays.

Who pays for a child goes the way of its money: its wallets are held first, so that two clerks come one after the other.
"""

from datetime import date, datetime

from campanella.domains.accounts import giving
from campanella.domains.billing import queries as billing
from campanella.domains.enrolment import isee
from campanella.domains.messaging import operations as messaging
from campanella.domains.people import mending, registering, tax_codes
from campanella.domains.people import operations as people
from campanella.domains.people import queries as persons
from campanella.domains.people.models import Child, Guardian
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import use_case
from campanella.readings import addressees
from campanella.usecases import reckoning
from campanella.usecases.access import handed
from campanella.usecases.messages import invoices as letters

audit.sentences(
    {
        "child.registered": "ha inserito il bambino",
        "guardian.registered": "ha inserito l’adulto",
        "child.told_apart": "ha controllato: non è lo stesso bambino di {other}",
        "tie.made": "ha collegato {adult} come {kind}",
        "tie.payer": "ha scelto {adult} come chi paga",
        "tie.ended": "ha scollegato {adult}",
    }
)

KINDS = {"parent": "genitore", "tutor": "tutore", "foster": "affidatario"}


class TaxCodeKnown(Refusal):
    """The town has this tax code already: most likely the person is in the register."""

    message = "Questo codice fiscale è già di un’altra persona: cercala nella casella in alto, forse è già in anagrafica."


class TiedAlready(Refusal):
    """The adult answers for the child already."""

    message = "È già tra gli adulti di questo bambino."


class PaysForChild(Refusal):
    """The adult is billed for the child, so somebody must take the place first."""

    message = "È chi paga per questo bambino: prima scegli un altro che paga, poi torna qui."


@use_case
def register_child(
    *, by: Actor, given_name: str, family_name: str, tax_code: str, birth_date: date | None, now: datetime
) -> Child:
    """
    Register one child.

    :raises TaxCodeKnown: the town has a child with this tax code
    :raises OthersTaxCode: the tax code is an adult's, or tells another day of birth
    """
    if tax_code:
        tax_code = tax_codes.for_child(tax_code=tax_code, given_name=given_name, birth_date=birth_date)
    try:
        child = people.register_child(
            given_name=given_name, family_name=family_name, tax_code=tax_code, birth_date=birth_date
        )
    except people.TaxCodeTaken:
        raise TaxCodeKnown
    audit.record(by=by, action="child.registered", subjects=[f"child:{child.pk}"], at=now)
    return child


@use_case
def tell_apart(*, by: Actor, child_id: int, other_id: int, now: datetime) -> tuple[str, str]:
    """
    Remember that two children whose data are alike are two, so that nobody is asked again.

    :returns: their names
    :raises NotFound: the town has no such child, or they are one
    """
    if child_id == other_id:
        raise NotFound
    one, other = persons.child(child_id=child_id), persons.child(child_id=other_id)
    people.tell_apart(child_id=child_id, other_id=other_id)
    for child, second in ((one, other), (other, one)):
        data = {"other": f"{second.full_name} ({second.code})"}
        audit.record(by=by, action="child.told_apart", subjects=[f"child:{child.pk}"], at=now, data=data)
    return one.full_name, other.full_name


@use_case
def register_guardian(
    *,
    by: Actor,
    child_id: int,
    given_name: str,
    family_name: str,
    tax_code: str,
    email: str,
    phone: str,
    kind: str,
    is_payer: bool,
    now: datetime,
) -> tuple[Guardian, list[str]]:
    """
    Register one adult and tie it to a child.

    :returns: the adult, and the accesses that ended, as ``choose_payer``
    :raises NotFound: the town has no such child
    :raises TaxCodeKnown: the town has an adult with this tax code
    :raises OthersTaxCode: the tax code is a child's
    """
    child = persons.child(child_id=child_id)
    _hold(child_id, None)
    if tax_code:
        tax_code = tax_codes.for_adult(tax_code=tax_code, given_name=given_name)
    try:
        guardian = people.register_guardian(
            given_name=given_name, family_name=family_name, tax_code=tax_code, email=email, phone=phone
        )
    except people.TaxCodeTaken:
        raise TaxCodeKnown
    audit.record(by=by, action="guardian.registered", subjects=[f"guardian:{guardian.pk}"], at=now)
    return guardian, _tie(by=by, child=child, guardian=guardian, kind=kind, is_payer=is_payer, now=now)


@use_case
def tie(*, by: Actor, child_id: int, guardian_id: int, kind: str, is_payer: bool, now: datetime) -> list[str]:
    """
    Tie an adult of the register to a child.

    :returns: the accesses that ended, as ``choose_payer``
    :raises NotFound: the town has no such child or adult
    :raises TiedAlready: they are tied
    """
    child, guardian = persons.child(child_id=child_id), persons.guardian(guardian_id=guardian_id)
    _hold(child_id, guardian_id)
    if any(one.guardian_id == guardian_id for one in persons.guardians_of(child_id=child_id)):
        raise TiedAlready
    return _tie(by=by, child=child, guardian=guardian, kind=kind, is_payer=is_payer, now=now)


@use_case
def choose_payer(*, by: Actor, child_id: int, guardian_id: int, now: datetime) -> list[str]:
    """
    Let another adult of a child be the one who is billed from now on; notices already made keep their name.

    What the one before was handed for this child is closed: the office opens it again for a parent who goes on seeing it.

    :returns: the user names of the accesses that ended
    :raises NotFound: this adult does not answer for the child
    """
    _hold(persons.child(child_id=child_id).pk, guardian_id)
    guardian = _of_child(child_id, guardian_id)
    _note("tie.payer", by=by, child_id=child_id, guardian=guardian, now=now)
    return _let_pay(by=by, child_id=child_id, guardian_id=guardian_id, now=now)


@use_case
def untie(*, by: Actor, child_id: int, guardian_id: int, why: str, now: datetime) -> list[str]:
    """
    Take an adult away from a child: from now on it sees nothing of the child, and gets no letters about it.

    What it was handed for this child is closed, with its sessions and all that waits for a link; codes printed for one more
    adult of the child hold no more.

    :returns: the user names of the accesses that ended
    :raises NotFound: this adult does not answer for the child
    :raises PaysForChild: it is the payer
    """
    # Codes before wallets, as who uses one holds them.
    registering.end_codes(child_id=persons.child(child_id=child_id).pk, now=now)
    _hold(child_id, guardian_id)
    payer, paid = persons.payer_of(child_id=child_id), _paying(child_id)
    guardian = _of_child(child_id, guardian_id)
    if payer and payer.pk == guardian_id and len(persons.guardians_of(child_id=child_id)) > 1:
        raise PaysForChild
    people.untie(child_id=child_id, guardian_id=guardian_id)
    if paid == guardian_id:
        isee.note_payer(child_id=child_id, before_id=guardian_id, payer_id=None, first=clock.day_of(now))
    _reckon_again(by, child_id, now)
    messaging.call_off_about_child(child_id=child_id, guardian_id=guardian_id, now=now)
    _call_off_invoices(child_id, guardian_id, now)
    _note("tie.ended", by=by, child_id=child_id, guardian=guardian, now=now, why=why)
    return handed.close_of(by=by, child_id=child_id, guardian_id=guardian_id, now=now)


@use_case
def write_contacts(*, by: Actor, guardian_id: int, email: str, phone: str, address: str, now: datetime) -> None:
    """
    Write how to reach an adult, as the office knows it now; the letters of its accesses go to the same address.

    :raises NotFound: the town has no such adult
    """
    guardian = persons.guardian(guardian_id=guardian_id)
    mending.replace_contacts(by=by, guardian_id=guardian_id, email=email, phone=phone, address=address, now=now)
    before = [guardian.email, *([guardian.user.email] if guardian.user else [])]
    accesses = persons.accesses_of(guardian=guardian)
    giving.move_address(by=by, user_ids=accesses, before=before, email=email, now=now)


def _call_off_invoices(child_id: int, guardian_id: int, now: datetime) -> None:
    """Let invoices of the child that had not left to its former adult stay here, those apart that are of a sibling too."""
    mine = [one for one in billing.invoices_of(payer_id=guardian_id) if child_id in one.child_ids]
    told = {one.id for one in addressees.told(invoices=mine)}
    messaging.call_off(keys=letters.keys_of(invoice_ids=[one.id for one in mine if one.id not in told]), now=now)


def _tie(*, by: Actor, child: Child, guardian: Guardian, kind: str, is_payer: bool, now: datetime) -> list[str]:
    people.tie(child=child, guardian=guardian, is_payer=False, kind=kind)
    _note("tie.made", by=by, child_id=child.pk, guardian=guardian, now=now, kind=KINDS[kind])
    return _let_pay(by=by, child_id=child.pk, guardian_id=guardian.pk, now=now) if is_payer else []


def _let_pay(*, by: Actor, child_id: int, guardian_id: int, now: datetime) -> list[str]:
    before = persons.payer_of(child_id=child_id)
    paid = _paying(child_id)
    people.make_payer(child_id=child_id, guardian_id=guardian_id)
    if paid not in (None, guardian_id):
        isee.note_payer(child_id=child_id, before_id=paid, payer_id=guardian_id, first=clock.day_of(now))
    _reckon_again(by, child_id, now)
    if before is None or before.pk == guardian_id:
        return []
    return handed.close_of(by=by, child_id=child_id, guardian_id=before.pk, now=now)


def _paying(child_id: int) -> int | None:
    return next((one.guardian_id for one in persons.guardians_of(child_id=child_id) if one.is_payer), None)


def _hold(child_id: int, guardian_id: int | None) -> None:
    """Hold the wallets of a child and of all whose price may follow from who pays for it: of both households."""
    theirs = persons.ties_of(guardian_ids=[guardian_id]) if guardian_id else []
    reckoning.hold(child_ids={child_id, *(one.child_id for one in theirs if one.is_payer)})


def _reckon_again(by: Actor, child_id: int, now: datetime) -> None:
    changed = reckoning.put_right(by=by, child_ids=[child_id], now=now)
    reckoning.charge_again(by=by, changed=changed, why="", now=now)


def _of_child(child_id: int, guardian_id: int) -> Guardian:
    tied = {one.guardian_id: one.guardian for one in persons.guardians_of(child_id=child_id)}
    if guardian_id not in tied:
        raise NotFound
    return tied[guardian_id]


def _note(
    action: str, *, by: Actor, child_id: int, guardian: Guardian, now: datetime, why: str = "", kind: str = ""
) -> None:
    data = {"adult": guardian.full_name} | ({"kind": kind} if kind else {})
    subjects = [f"child:{child_id}", f"guardian:{guardian.pk}"]
    audit.record(by=by, action=action, subjects=subjects, at=now, why=why, data=data)
