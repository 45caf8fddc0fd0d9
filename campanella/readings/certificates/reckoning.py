"""
The certificates of a year, reckoned: who paid what for which child, what of it may be certified, and why there is none.

One piece of children costs the same number of queries whatever its size.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from campanella.domains.certifying import queries as certificates
from campanella.domains.certifying import rules
from campanella.domains.certifying.choices import CertificateChoices
from campanella.domains.certifying.content import Content, Draft, Line, Part
from campanella.domains.certifying.rules import Payer, Pools, Share
from campanella.domains.certifying.years import FIRST_YEAR, TaxYear, rules_of
from campanella.domains.people import queries as people
from campanella.domains.people.models import Child, Guardian
from campanella.domains.schools import queries as schools
from campanella.domains.schools.queries import Place
from campanella.domains.services import queries as services
from campanella.domains.services.models import Service
from campanella.domains.services.taxation import Taxation
from campanella.foundation.tenants.queries import Town, active_town
from campanella.readings.certificates.money import Money, WalletYear, money_of, years_paid

# Why a child has no certificate, or one that does not say all: in the words of the office.
REASONS = {
    "child_code": "manca il codice fiscale del bambino",
    "payer_code": "manca il codice fiscale di chi ha pagato",
    "only_cash": "solo pagamenti in contanti",
    "refunded": "tutto rimborsato",
    "not_deductible": "solo servizi non detraibili",
    "nothing": "nessun pagamento nell’anno",
}


@dataclass(frozen=True)
class Reckoned:
    """
    What came of one child's year; amounts in cents.

    :ivar contents: a certificate for each payer that may have one
    :ivar cash: paid in cash, left out
    :ivar nameless: paid traceably by somebody without a tax code, left out
    :ivar alone: refunded of what was paid in earlier years by somebody who has no certificate of this one
    :ivar reason: why there is none, a key of ``REASONS``; empty when there is one
    """

    child: Child
    place: str
    contents: tuple[Content, ...]
    wallets: tuple[WalletYear, ...]
    cash: int
    nameless: int
    alone: int
    reason: str

    @property
    def certified(self) -> int:
        """What its certificates say in all."""
        return sum(content.cents for content in self.contents)

    @property
    def note(self) -> dict[str, str | int]:
        """What a run says of it: why there is none, though the child has moved money; and what was left out."""
        moved = any(wallet.paid or wallet.used for wallet in self.wallets)
        said: dict[str, str | int] = {"reason": self.reason} if self.reason and moved else {}
        left_out = {"cash": self.cash, "nameless": self.nameless, "alone": self.alone}
        return {**said, **{name: cents for name, cents in left_out.items() if cents > 0}}

    def drafts(self) -> list[Draft]:
        """Return its certificates as they may be issued."""
        return [
            Draft("year", one.year, 0, self.child.pk, one.payer_tax_code, one.cents, one.as_json(), one.facts)
            for one in self.contents
        ]


# Of what was paid in a year for a kind of expense (``school``, ``nursery``), cents that were given back in a later one.
Refunds = dict[tuple[int, str], int]


@dataclass(frozen=True)
class _Year:
    """What is the same for every child of a year."""

    town: Town
    law: TaxYear
    is_on_use: bool
    services: Mapping[int, Service]
    by_code: Mapping[str, int]
    taxations: Mapping[int, Taxation]


@dataclass(frozen=True)
class _Family:
    """What is known of the children of a piece."""

    children: Mapping[int, Child]
    places: Mapping[int, Place]
    parents: Mapping[int, list[Guardian]]
    written: Mapping[int, dict[str, int]]
    names: Mapping[str, str]


def reckon(*, child_ids: Sequence[int], year: int) -> list[Reckoned]:
    """
    Reckon the certificates of these children: at most fourteen queries, whatever their number.

    :raises NoSuchTaxYear: the law of the year is not on record
    """
    law = rules_of(year)
    wanted = list(child_ids)
    first, last = date(year, 1, 1), date(year, 12, 31)
    money = money_of(child_ids=wanted, first=first, last=last)
    known = _known(wanted, year, last)
    pools = _pooled(money, law, known)
    about = _about(law, year)
    refunds = _of_earlier(pools, money, about, known)
    return [_reckoned(child_id, about, known, money, pools, refunds) for child_id in wanted if child_id in known.children]


def _pooled(money: Money, law: TaxYear, known: "_Family") -> rules.Year:
    paid = [replace(one, payer=_named(one.payer, known.names)) for one in money.paid]
    back = [replace(one, payer=_named(one.payer, known.names) if one.payer else None) for one in money.back]
    return rules.pools_of(paid=paid, passages=money.passages, back=back, needs_trace=law.needs_trace, before=money.before)


def _of_earlier(pools: rules.Year, money: Money, about: "_Year", known: "_Family") -> dict[tuple[int, Payer], Refunds]:
    """
    Say by child and payer which earlier years' payments were refunded in this one: none without such a refund.

    Three queries for each year back to the first payment, of the children concerned alone.
    """
    if about.is_on_use:
        # Credit that nobody has used was certified nowhere.
        return {}
    child_ids = sorted({one.child_id for one in money.wallets.values() if one.wallet_id in pools.earlier})
    paid_in = [year for _, year in years_paid(child_ids=child_ids)] if child_ids else []
    years: list[tuple[int, rules.Year]] = []
    used: dict[tuple[int, int], WalletYear] = {}
    for year in range(max(min(paid_in, default=about.law.year), FIRST_YEAR), about.law.year):
        before = money_of(child_ids=child_ids, first=date(year, 1, 1), last=date(year, 12, 31))
        years.append((year, _pooled(before, rules_of(year), known)))
        used |= {(year, one.wallet_id): one for one in before.wallets.values()}
    found: dict[tuple[int, Payer], Refunds] = {}
    for one in rules.of_earlier_years([*years, (about.law.year, pools)]) if years else []:
        wallet = used[one.year, one.wallet_id]
        mine = {about.by_code[code]: cents for code, cents in wallet.used.items() if code in about.by_code}
        for service_id, cents in _by_service(one.cents, wallet, mine, about).items():
            deduction = about.taxations[service_id].deduction
            if deduction != "none" and cents:
                sums = found.setdefault((wallet.child_id, one.payer), {})
                sums[one.year, deduction] = sums.get((one.year, deduction), 0) + cents
    return found


def _about(law: TaxYear, year: int) -> _Year:
    found = services.services()
    return _Year(
        town=active_town(),
        law=law,
        is_on_use=active_town().chosen(CertificateChoices).certificates_on_use,
        services={service.pk: service for service in found},
        by_code={service.code: service.pk for service in found},
        taxations=services.taxations(year=year),
    )


def _known(child_ids: Sequence[int], year: int, last: date) -> _Family:
    children = people.children(child_ids=child_ids)
    places = schools.places_of(child_ids=child_ids, day=date(year, 5, 31))
    ties = people.guardians_by_child(child_ids=child_ids)
    adults = [tie.guardian for found in ties.values() for tie in found]
    return _Family(
        children=children,
        places=places | schools.places_of(child_ids=child_ids, day=last),
        parents={
            child_id: [tie.guardian for tie in found if tie.kind == "parent" and tie.guardian.tax_code]
            for child_id, found in ties.items()
        },
        written=certificates.written_shares(child_ids=child_ids, year=year),
        names={adult.tax_code: adult.full_name for adult in adults if adult.tax_code},
    )


def _named(payer: Payer, names: Mapping[str, str]) -> Payer:
    """Call a payer by the name of the register: one person is one payer, however a bank spells it."""
    return Payer(payer.tax_code, names.get(payer.tax_code, payer.name)) if payer.tax_code else Payer("", "")


def _reckoned(
    child_id: int, about: _Year, known: _Family, money: Money, year: rules.Year, refunds: Mapping[tuple[int, Payer], Refunds]
) -> Reckoned:
    child = known.children[child_id]
    mine = [wallet for wallet in money.wallets.values() if wallet.child_id == child_id]
    payers = _payers(mine, year.pools)
    place = known.places.get(child_id)
    contents = []
    if child.tax_code:
        for payer in payers:
            lines = [line for wallet in mine for line in _lines(wallet, payer, about, year.pools)]
            if payer.tax_code and sum(line.certified for line in lines) > 0:
                back = refunds.get((child_id, payer), {})
                about_payer = _Paying(payer, tuple(lines), back, len([one for one in payers if one.tax_code]))
                contents.append(_content(child, place, about_payer, about, known))
    pools = [year.pools.get(wallet.wallet_id, {}) for wallet in mine]
    nameless = sum(share.certified for pool in pools for payer, share in pool.items() if not payer.tax_code)
    cash = sum(share.cash_left for pool in pools for share in pool.values())
    reason = "" if contents else _reason(child, payers, mine, about, year.pools, cash)
    told = {content.payer_tax_code for content in contents}
    alone = sum(
        sum(back.values()) for (whose, payer), back in refunds.items() if whose == child_id and payer.tax_code not in told
    )
    label = place.label if place else ""
    return Reckoned(child, label, tuple(contents), tuple(mine), cash, max(0, nameless), alone, reason)


def _payers(wallets: Sequence[WalletYear], pools: Pools) -> list[Payer]:
    return sorted({payer for wallet in wallets for payer in pools.get(wallet.wallet_id, {})})


def _reason(
    child: Child, payers: Sequence[Payer], wallets: Sequence[WalletYear], about: _Year, pools: Pools, cash: int
) -> str:
    """Say why nothing is certified: the first reason that holds, in the order in which the office can mend it."""
    shares = [share for wallet in wallets for share in pools.get(wallet.wallet_id, {}).values()]
    if not any(share.paid or share.cash or share.moved > 0 for share in shares):
        return "nothing"
    if not any(share.paid or share.moved > 0 for share in shares):
        return "only_cash"
    if sum(share.certified for share in shares) <= 0:
        return "refunded"
    if not any(line.certified for w in wallets for payer in payers for line in _lines(w, payer, about, pools)):
        return "not_deductible"
    if not child.tax_code:
        return "child_code"
    return "payer_code"


def _lines(wallet: WalletYear, payer: Payer, about: _Year, pools: Pools) -> Iterator[Line]:
    """Tell what one payer may certify of one wallet, service by service; what may not be deducted is left out."""
    pool = pools.get(wallet.wallet_id, {})
    share = pool.get(payer)
    if share is None:
        return
    used = {about.by_code[code]: cents for code, cents in wallet.used.items() if code in about.by_code}
    if about.is_on_use:
        covered = rules.by_use(pool=pool, used=sum(used.values()), opening=wallet.opening, closing=wallet.closing)
        share = Share(paid=covered.get(payer, 0), means=share.means)
    certified = _by_service(share.certified, wallet, used, about)
    moved, refunded = (_by_service(cents, wallet, used, about) for cents in (share.moved, share.refunded))
    for service_id, cents in certified.items():
        deduction = about.taxations[service_id].deduction
        if deduction != "none" and (cents or moved.get(service_id) or refunded.get(service_id)):
            out, back = moved.get(service_id, 0), refunded.get(service_id, 0)
            name = about.services[service_id].name
            yield Line(name, deduction, cents - out + back, out, back, cents, tuple(sorted(share.means)))


def _by_service(cents: int, wallet: WalletYear, used: Mapping[int, int], about: _Year) -> dict[int, int]:
    """Split an amount of a wallet among services: all is of its own; of a common one, what was used of each decides."""
    if wallet.service_id is not None:
        return {wallet.service_id: cents}
    return rules.by_service(cents=cents, used=used or {min(about.services): 0}) if about.services else {}


@dataclass(frozen=True)
class _Paying:
    """One payer of a child's year."""

    payer: Payer
    lines: tuple[Line, ...]
    refunds: Refunds
    payers: int


def _content(child: Child, place: Place | None, paying: _Paying, about: _Year, known: _Family) -> Content:
    town, law = about.town, about.law
    return Content(
        year=law.year,
        town_name=town.name,
        town_tax_code=town.tax_code,
        office=town.choices.office_name,
        child_name=child.full_name,
        child_tax_code=child.tax_code,
        school=place.label if place else "",
        payer_name=paying.payer.name,
        payer_tax_code=paying.payer.tax_code,
        basis="used" if about.is_on_use else "paid",
        lines=paying.lines,
        parts=_parts(child, paying, known),
        earlier=sum(paying.refunds.values()),
        earlier_years=tuple((year, kind, cents) for (year, kind), cents in sorted(paying.refunds.items())),
        percent=law.percent,
        school_ceiling=law.school_ceiling.cents,
        nursery_ceiling=law.nursery_ceiling.cents,
        needs_trace=law.needs_trace,
        laws=law.laws,
    )


def _parts(child: Child, paying: _Paying, known: _Family) -> tuple[Part, ...]:
    """Divide what is certified between the parents, each kind of expense by itself and to the cent."""
    percents = rules.percents_of(
        payer=paying.payer.tax_code,
        parents=[parent.tax_code for parent in known.parents.get(child.pk, [])],
        written=known.written.get(child.pk, {}),
        payers=paying.payers,
    )
    sums = [sum(line.certified for line in paying.lines if line.deduction == kind) for kind in ("school", "nursery")]
    school, nursery = (rules.shared_between(cents=cents, percents=list(percents.values())) for cents in sums)
    return tuple(
        Part(known.names.get(code, paying.payer.name), code, percent, school[place], nursery[place])
        for place, (code, percent) in enumerate(percents.items())
    )
