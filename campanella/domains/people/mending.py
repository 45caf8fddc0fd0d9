"""Mending what is known of persons: tax codes, names, contacts, the office's note."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeVar

from django.db import IntegrityError, transaction

from campanella.domains.people import tax_codes
from campanella.domains.people.models import Child, Guardian
from campanella.domains.people.operations import TaxCodeTaken
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.scope import operation

P = TypeVar("P", Child, Guardian)

audit.sentences(
    {
        "child.tax_code": "ha scritto il codice fiscale del bambino",
        "guardian.tax_code": "ha scritto il codice fiscale del genitore",
        "child.tax_code_replaced": "ha corretto il codice fiscale del bambino: era {before}",
        "guardian.tax_code_replaced": "ha corretto il codice fiscale del genitore: era {before}",
        "guardian.contacts": "ha aggiornato i recapiti",
        "guardian.news_by_mail": "{choice} le news per e-mail",
        "child.renamed": "ha corretto i dati: prima {before}",
        "guardian.renamed": "ha corretto il nome: prima {before}",
        "child.note": "ha cambiato la nota dell’ufficio",
    }
)


@operation
def write_child_tax_code(*, by: Actor, child_id: int, tax_code: str, now: datetime) -> None:
    """
    Write a missing tax code; one that is there is never replaced from the portal.

    :raises WrongTaxCode: its check letter is wrong
    :raises OthersTaxCode: it is an adult's, or tells another day of birth
    :raises TaxCodeTaken: another child has it
    """
    _write_tax_code(Child, child_id, _code_for_child(child_id, tax_code))
    audit.record(by=by, action="child.tax_code", subjects=[f"child:{child_id}"], at=now)


@operation
def write_guardian_tax_code(*, by: Actor, guardian_id: int, tax_code: str, now: datetime) -> None:
    """
    Write a missing tax code of an adult.

    :raises WrongTaxCode: its check letter is wrong
    :raises OthersTaxCode: it is a child's
    :raises TaxCodeTaken: another adult has it
    """
    _write_tax_code(Guardian, guardian_id, _code_for_adult(guardian_id, tax_code))
    audit.record(by=by, action="guardian.tax_code", subjects=[f"guardian:{guardian_id}"], at=now)


@operation
def replace_child_tax_code(*, by: Actor, child_id: int, tax_code: str, why: str, now: datetime) -> None:
    """
    Replace a wrong tax code of a child, for the office only.

    :raises WrongTaxCode: its check letter is wrong
    :raises OthersTaxCode: it is an adult's, or tells another day of birth
    :raises TaxCodeTaken: another child has it
    """
    before = _replace_tax_code(Child, child_id, _code_for_child(child_id, tax_code))
    data = {"before": before or "vuoto"}
    audit.record(by=by, action="child.tax_code_replaced", subjects=[f"child:{child_id}"], at=now, why=why, data=data)


@operation
def replace_guardian_tax_code(*, by: Actor, guardian_id: int, tax_code: str, why: str, now: datetime) -> None:
    """
    Replace a wrong tax code of an adult, for the office only.

    :raises WrongTaxCode: its check letter is wrong
    :raises OthersTaxCode: it is a child's
    :raises TaxCodeTaken: another adult has it
    """
    before = _replace_tax_code(Guardian, guardian_id, _code_for_adult(guardian_id, tax_code))
    data = {"before": before or "vuoto"}
    audit.record(
        by=by, action="guardian.tax_code_replaced", subjects=[f"guardian:{guardian_id}"], at=now, why=why, data=data
    )


@operation
def change_contacts(*, by: Actor, guardian_id: int, email: str, phone: str, now: datetime) -> None:
    """Write the e-mail address and telephone of an adult; a blank leaves the old one."""
    changes = {name: value for name, value in {"email": email, "phone": phone}.items() if value}
    if changes:
        Guardian.objects.filter(pk=guardian_id).update(**changes)
        audit.record(by=by, action="guardian.contacts", subjects=[f"guardian:{guardian_id}"], at=now)


@operation
def choose_news_by_mail(*, by: Actor, guardian_id: int, wants: bool, now: datetime) -> None:
    """Turn news by mail on or off for an adult; letters about money and answers leave all the same."""
    Guardian.objects.filter(pk=guardian_id).update(wants_news_by_mail=wants)
    data = {"choice": "vuole" if wants else "non vuole"}
    audit.record(by=by, action="guardian.news_by_mail", subjects=[f"guardian:{guardian_id}"], at=now, data=data)


@operation
def replace_contacts(*, by: Actor, guardian_id: int, email: str, phone: str, address: str, now: datetime) -> None:
    """Write how to reach an adult as the office knows it now; a blank takes the old one away."""
    Guardian.objects.filter(pk=guardian_id).update(email=email, phone=phone, address=address)
    audit.record(by=by, action="guardian.contacts", subjects=[f"guardian:{guardian_id}"], at=now)


@operation
def rename_child(
    *, by: Actor, child_id: int, given_name: str, family_name: str, birth_date: date | None, now: datetime
) -> None:
    """Correct a child's names and birthday."""
    child = Child.objects.select_for_update(no_key=True, of=("self",)).get(pk=child_id)
    before = f"{child.full_name}, {day_figures(child.birth_date)}" if child.birth_date else child.full_name
    Child.objects.filter(pk=child_id).update(given_name=given_name, family_name=family_name, birth_date=birth_date)
    audit.record(by=by, action="child.renamed", subjects=[f"child:{child_id}"], at=now, data={"before": before})


@operation
def rename_guardian(*, by: Actor, guardian_id: int, given_name: str, family_name: str, now: datetime) -> None:
    """Correct an adult's names."""
    guardian = Guardian.objects.select_for_update(no_key=True, of=("self",)).get(pk=guardian_id)
    before = guardian.full_name
    Guardian.objects.filter(pk=guardian_id).update(given_name=given_name, family_name=family_name)
    audit.record(by=by, action="guardian.renamed", subjects=[f"guardian:{guardian_id}"], at=now, data={"before": before})


@operation
def write_note(*, by: Actor, child_id: int, note: str, now: datetime) -> None:
    """Write what the office wants to remember about a child."""
    Child.objects.filter(pk=child_id).update(office_note=note)
    audit.record(by=by, action="child.note", subjects=[f"child:{child_id}"], at=now)


@operation
def mend_many(
    *, children: Mapping[int, Mapping[str, str | date]], guardians: Mapping[int, Mapping[str, str | date]]
) -> None:
    """
    Write what an import knows better, by field's name.

    :raises TaxCodeTaken: another person has one of these tax codes
    """
    _mend(Child, children)
    _mend(Guardian, guardians)


def _mend(model: type[P], changes: Mapping[int, Mapping[str, str | date]]) -> None:
    rows = list(model.objects.filter(pk__in=list(changes)))
    names = {name for change in changes.values() for name in change}
    for row in rows:
        for name, value in changes[row.pk].items():
            setattr(row, name, value)
    if not rows:
        return
    try:
        with transaction.atomic():
            # Each row of a statement is compared with all of them: small statements are quicker together than a large one.
            model.objects.bulk_update(rows, sorted(names), batch_size=100)
    except IntegrityError:
        raise TaxCodeTaken


def _code_for_child(child_id: int, tax_code: str) -> str:
    child = Child.objects.get(pk=child_id)
    return tax_codes.for_child(tax_code=tax_code, given_name=child.given_name, birth_date=child.birth_date)


def _code_for_adult(guardian_id: int, tax_code: str) -> str:
    return tax_codes.for_adult(tax_code=tax_code, given_name=Guardian.objects.get(pk=guardian_id).given_name)


def _write_tax_code(model: type[Child] | type[Guardian], person_id: int, code: str) -> None:
    try:
        with transaction.atomic():
            model.objects.filter(pk=person_id, tax_code="").update(tax_code=code)
    except IntegrityError:
        raise TaxCodeTaken


def _replace_tax_code(model: type[Child] | type[Guardian], person_id: int, code: str) -> str:
    person = model.objects.select_for_update(no_key=True, of=("self",)).get(pk=person_id)
    before = person.tax_code
    try:
        with transaction.atomic():
            model.objects.filter(pk=person_id).update(tax_code=code)
    except IntegrityError:
        raise TaxCodeTaken
    return before
