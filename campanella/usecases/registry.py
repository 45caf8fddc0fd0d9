"""The office keeps the register of families: new children, new adults, who answers for whom and who pays."""

from datetime import date, datetime

from campanella.domains.accounts import giving
from campanella.domains.people import mending, tax_codes
from campanella.domains.people import operations as people
from campanella.domains.people import queries as persons
from campanella.domains.people.models import Child, Guardian
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import use_case

audit.sentences(
    {
        "child.registered": "ha inserito il bambino",
        "guardian.registered": "ha inserito l’adulto",
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
        )  # fmt: skip
    except people.TaxCodeTaken:
        raise TaxCodeKnown
    audit.record(by=by, action="child.registered", subjects=[f"child:{child.pk}"], at=now)
    return child


@use_case
def register_guardian(
    *, by: Actor, child_id: int, given_name: str, family_name: str, tax_code: str, email: str, phone: str,
    kind: str, is_payer: bool, now: datetime,
) -> Guardian:  # fmt: skip
    """
    Register one adult and tie it to a child.

    :raises NotFound: the town has no such child
    :raises TaxCodeKnown: the town has an adult with this tax code
    :raises OthersTaxCode: the tax code is a child's
    """
    child = persons.child(child_id=child_id)
    if tax_code:
        tax_code = tax_codes.for_adult(tax_code=tax_code, given_name=given_name)
    try:
        guardian = people.register_guardian(
            given_name=given_name, family_name=family_name, tax_code=tax_code, email=email, phone=phone
        )  # fmt: skip
    except people.TaxCodeTaken:
        raise TaxCodeKnown
    audit.record(by=by, action="guardian.registered", subjects=[f"guardian:{guardian.pk}"], at=now)
    _tie(by=by, child=child, guardian=guardian, kind=kind, is_payer=is_payer, now=now)
    return guardian


@use_case
def tie(*, by: Actor, child_id: int, guardian_id: int, kind: str, is_payer: bool, now: datetime) -> None:
    """
    Tie an adult of the register to a child.

    :raises NotFound: the town has no such child or adult
    :raises TiedAlready: they are tied
    """
    child, guardian = persons.child(child_id=child_id), persons.guardian(guardian_id=guardian_id)
    if any(one.guardian_id == guardian_id for one in persons.guardians_of(child_id=child_id)):
        raise TiedAlready
    _tie(by=by, child=child, guardian=guardian, kind=kind, is_payer=is_payer, now=now)


@use_case
def choose_payer(*, by: Actor, child_id: int, guardian_id: int, now: datetime) -> None:
    """
    Let another adult of a child be the one who is billed from now on; notices already made keep their name.

    :raises NotFound: this adult does not answer for the child
    """
    guardian = _of_child(child_id, guardian_id)
    people.make_payer(child_id=child_id, guardian_id=guardian_id)
    _note("tie.payer", by=by, child_id=child_id, guardian=guardian, now=now)


@use_case
def untie(*, by: Actor, child_id: int, guardian_id: int, why: str, now: datetime) -> None:
    """
    Take an adult away from a child: from now on it sees nothing of the child, and gets no letters about it.

    :raises NotFound: this adult does not answer for the child
    :raises PaysForChild: it is the payer
    """
    payer = persons.payer_of(child_id=child_id)
    guardian = _of_child(child_id, guardian_id)
    if payer and payer.pk == guardian_id and len(persons.guardians_of(child_id=child_id)) > 1:
        raise PaysForChild
    people.untie(child_id=child_id, guardian_id=guardian_id)
    _note("tie.ended", by=by, child_id=child_id, guardian=guardian, now=now, why=why)


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


def _tie(*, by: Actor, child: Child, guardian: Guardian, kind: str, is_payer: bool, now: datetime) -> None:
    people.tie(child=child, guardian=guardian, is_payer=False, kind=kind)
    if is_payer:
        people.make_payer(child_id=child.pk, guardian_id=guardian.pk)
    _note("tie.made", by=by, child_id=child.pk, guardian=guardian, now=now, kind=KINDS[kind])


def _of_child(child_id: int, guardian_id: int) -> Guardian:
    tied = {one.guardian_id: one.guardian for one in persons.guardians_of(child_id=child_id)}
    if guardian_id not in tied:
        raise NotFound
    return tied[guardian_id]


def _note(
    action: str, *, by: Actor, child_id: int, guardian: Guardian, now: datetime, why: str = "", kind: str = ""
) -> None:  # fmt: skip
    data = {"adult": guardian.full_name} | ({"kind": kind} if kind else {})
    subjects = [f"child:{child_id}", f"guardian:{guardian.pk}"]
    audit.record(by=by, action=action, subjects=subjects, at=now, why=why, data=data)
