"""The monthly receipts of the nursery, reckoned from the whole book of a wallet: what was used, and what pays for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from campanella.domains.certifying.choices import CertificateChoices
from campanella.domains.certifying.content import Draft, MonthContent, Proof
from campanella.domains.certifying.months import Covered, Credit, Use, covered
from campanella.domains.certifying.rules import address_of
from campanella.domains.people import queries as people
from campanella.domains.people.models import Child, Guardian
from campanella.domains.schools import queries as schools
from campanella.domains.schools.queries import Place
from campanella.domains.services import queries as services
from campanella.domains.services.models import Service
from campanella.domains.services.taxation import STAMP_DUTY, STAMP_DUTY_LAW, STAMP_DUTY_OVER, VatTreatment, stamp_duty
from campanella.foundation.core.italian import month_name
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import Town, active_town
from campanella.readings.certificates.money import MonthUse, moved_until, used_by_month

MIDDLE = timedelta(days=14)
STAMPED = f"Imposta di bollo di {STAMP_DUTY}: importo oltre {STAMP_DUTY_OVER} non soggetto a IVA ({STAMP_DUTY_LAW})."


@dataclass(frozen=True)
class _About:
    """What is the same for every receipt of a year."""

    town: Town
    chosen: CertificateChoices
    nursery: Service
    vat: VatTreatment
    children: Mapping[int, Child]
    guardians: Mapping[str, Guardian]
    places: Mapping[date, Mapping[int, Place]]


def month_drafts(*, child_ids: Sequence[int], year: int, today: date) -> list[Draft]:
    """
    Reckon the receipts of the months of a year that are over, for each child at the nursery and each payer with a tax code.

    Some ten queries and one for each month, whatever the number of children; two where nobody is at the nursery.
    """
    nurseries = [one for one in services.services() if one.kind == "nursery"]
    last = min(date(year, 12, 31), today.replace(day=1) - timedelta(days=1))
    if not nurseries or last.year < year:
        return []
    used = used_by_month(child_ids=child_ids, last=last)
    codes = {one.code for one in nurseries}
    mine = {
        (one.wallet_id, one.month): one for one in used if one.code in codes and one.month.year == year and one.cents > 0
    }
    if not mine:
        return []
    about = _about(nurseries[0], [one.child_id for one in mine.values()], sorted({month for _, month in mine}), year)
    found: dict[tuple[int, date, str], list[Covered]] = {}
    for part in _covered(used, codes, child_ids, today):
        if use := mine.get((part.wallet_id, part.month)):
            found.setdefault((use.child_id, part.month, part.paid.payer.tax_code), []).append(part)
    days: dict[tuple[int, date], int] = {}
    for use in mine.values():
        days[use.child_id, use.month] = days.get((use.child_id, use.month), 0) + use.days
    return [
        _draft(about, child_id, month, code, parts, days[child_id, month])
        for (child_id, month, code), parts in sorted(found.items())
        if code and about.children[child_id].tax_code
    ]


def _covered(used: Sequence[MonthUse], codes: set[str], child_ids: Sequence[int], today: date) -> list[Covered]:
    """Match everything that has moved these wallets until today; what is no nursery only uses its credit up."""
    moved = moved_until(child_ids=child_ids, last=today)
    uses = [Use(one.wallet_id, one.month, one.cents, one.month if one.code in codes else None) for one in used]
    uses += [Use(row.wallet_id, row.day, -row.cents) for row in moved if row.cents < 0]
    credits = [
        Credit(row.wallet_id, row.day, row.cents, row.paid if row.kind == "in" else None) for row in moved if row.cents > 0
    ]
    return covered(uses=uses, credits=credits)


def _about(nursery: Service, child_ids: Sequence[int], months: Sequence[date], year: int) -> _About:
    town = active_town()
    ties = people.guardians_by_child(child_ids=child_ids)
    return _About(
        town=town,
        chosen=town.chosen(CertificateChoices),
        nursery=nursery,
        vat=services.taxations(year=year)[nursery.pk].treatment,
        children=people.children(child_ids=child_ids),
        guardians={tie.guardian.tax_code: tie.guardian for found in ties.values() for tie in found},
        places={month: schools.places_of(child_ids=child_ids, day=month + MIDDLE) for month in months},
    )


def _draft(about: _About, child_id: int, month: date, code: str, parts: Sequence[Covered], days: int) -> Draft:
    child, place = about.children[child_id], about.places[month].get(child_id)
    nursery = place.school_name if place else about.nursery.name
    payer, cents = about.guardians.get(code), sum(part.cents for part in parts)
    said = MonthContent(
        year=month.year,
        month=month.month,
        town_name=about.town.name,
        town_tax_code=about.town.tax_code,
        nursery=nursery,
        nursery_address=address_of(nursery=nursery, said=about.chosen.nursery_address),
        child_name=child.full_name,
        child_tax_code=child.tax_code,
        payer_name=payer.full_name if payer else parts[0].paid.payer.name,
        payer_tax_code=code,
        payer_address=payer.address if payer else "",
        description=f"Frequenza del nido, {month_name(month)}",
        vat=f"{about.vat.label} ({about.vat.law})",
        days=days,
        cents=cents,
        proofs=tuple(_proofs(parts)),
        stamp=_stamp(about, Euro(cents)),
    )
    return Draft("month", month.year, month.month, child_id, code, said.cents, said.as_json(), said.facts)


def _stamp(about: _About, amount: Euro) -> str:
    """Say the stamp duty of a receipt, where the town's receipts bear it: never beside VAT."""
    not_subject = Euro(0) if about.vat.is_subject else amount
    return STAMPED if about.chosen.nursery_receipt_bears_stamp and stamp_duty(not_subject=not_subject).cents else ""


def _proofs(parts: Sequence[Covered]) -> Iterator[Proof]:
    for part in sorted(parts, key=lambda one: (one.paid.day, one.paid.reference)):
        yield Proof(part.paid.day.isoformat(), part.paid.means, part.paid.reference, part.cents)
