"""Who pays when, and what an invoice asks for: plain decisions, amounts in cents."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

# How a service is paid: from the credit, by an invoice after the month, by an invoice that the bank is asked for.
Kind = Literal["prepaid", "postpaid", "debit"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Method = Literal["notice", "debit"]
METHODS: tuple[Method, ...] = get_args(Method)
RunState = Literal["prepared", "issuing", "stopped", "issued", "recalled"]
RUN_STATES: tuple[RunState, ...] = get_args(RunState)
State = Literal["paid", "unpaid", "partial", "cancelled"]

STATES: dict[State, str] = {
    "paid": "Pagato",
    "unpaid": "Non pagato",
    "partial": "Pagato in parte",
    "cancelled": "Annullata",
}

END = date(9999, 12, 31)
# Of other ones no month is billed: no page can count days from there.
YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class Policy:
    """
    A rule as it was written; ``child_id`` None is for all who have none of their own.

    :ivar made_on: when it was written, None where nobody asks
    """

    child_id: int | None
    kind: str
    first: date
    made_on: date | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """
    From a day until another (not included) somebody pays so; ``child_id`` None is the rule of all.

    :ivar decided_on: when that was written, where its days would else be paid from the credit: what was there before has
        taken from the credit already
    """

    child_id: int | None
    kind: Kind
    first: date
    end: date
    decided_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether it holds on a day."""
        return self.first <= day < self.end


def spans(policies: Iterable[Policy]) -> list[Span]:
    """
    Return from when until when each rule holds.

    :param policies: of one service, in the order in which they were written
    """
    by_child: dict[int | None, dict[date, Policy]] = {}
    for policy in policies:
        begun = by_child.setdefault(policy.child_id, {})
        before = begun.get(policy.first)
        # Written once more, it holds since it was written first.
        if before is None or before.kind != policy.kind:
            begun[policy.first] = policy
    common = _spans_of(by_child.pop(None, {}), common=[])
    return [*common, *(span for begun in by_child.values() for span in _spans_of(begun, common=common))]


def _spans_of(begun: Mapping[date, Policy], *, common: Sequence[Span]) -> list[Span]:
    """Return the spans of one child, or of all, the earliest first."""
    found: list[Span] = []
    firsts = sorted(begun)
    for first, end in zip(firsts, [*firsts, END][1:], strict=True):
        policy = begun[first]
        kind = next((kind for kind in KINDS if kind == policy.kind), None)
        if kind is None:
            continue
        before = found[-1] if found and found[-1].end == first else None
        before = before or next((span for span in common if span.holds_on(first)), None)
        # From one way of paying after the month to another nothing changes for what was there already.
        is_after = before is not None and before.kind != "prepaid"
        decided_on = before.decided_on if before and is_after else policy.made_on
        found.append(Span(policy.child_id, kind, first, end, None if kind == "prepaid" else decided_on))
    return found


def kind_on(*, spans: Iterable[Span], child_id: int, day: date) -> Kind:
    """Return how a child pays on a day: by its own rule, else by that of all, else from its credit."""
    found: dict[bool, Kind] = {
        one.child_id is None: one.kind for one in spans if one.holds_on(day) and one.child_id in (child_id, None)
    }
    return found.get(False) or found.get(True) or "prepaid"


def month_of(period: str) -> tuple[date, date]:
    """
    Return first and last day of a month.

    :param period: ``2026-10``
    :raises ValueError: it is no month, or of another century
    """
    first = date.fromisoformat(f"{period}-01")
    if first.year not in YEARS:
        raise ValueError(f"no month: {period}")
    return first, (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Purse:
    """
    A wallet as a run finds it, amounts in cents.

    :ivar balance: below zero is a debt
    :ivar lines: charged, on no invoice yet, of the service and until the end of the month
    :ivar later: charged, on no invoice yet, but of days after it or of another service that is paid after the month
    :ivar unpaid: what earlier invoices still ask for it
    :ivar kind: how it is paid on the last day of the month
    :ivar stamp: stamp duty of its invoice, where the family bears it and it is this wallet that pays it
    """

    wallet_id: int
    child_id: int
    payer_id: int | None
    balance: int
    lines: int
    later: int
    unpaid: int
    kind: Kind
    stamp: int = 0

    @property
    def billed(self) -> int:
        """Return what the invoice says that it costs: the lines, and the stamp duty that comes with them."""
        return self.lines + self.stamp

    @property
    def carried(self) -> int:
        """
        Return the credit that is consumed (above zero, no more than the lines), or the debt that is carried over (below).

        What is left of the balance once all that is or will be on an invoice is put back. A debt is no matter of an
        invoice for who pays from the credit again.
        """
        free = self.balance + self.unpaid + self.lines + self.later
        if free >= 0:
            return min(free, max(self.lines, 0) + self.stamp)
        return 0 if self.kind == "prepaid" else free

    @property
    def due(self) -> int:
        """Return what is asked for it; below zero it has credit to come, and waits for the next month."""
        return self.billed - self.carried


@dataclass(frozen=True, slots=True)
class Draft:
    """An invoice to be: for a payer, or for one child."""

    payer_id: int | None
    child_id: int | None
    method: Method
    purses: tuple[Purse, ...]

    @property
    def total(self) -> int:
        """Return what it asks for."""
        return sum(purse.due for purse in self.purses)


def drafts(purses: Iterable[Purse], *, per_payer: bool, least: int) -> list[Draft]:
    """
    Put wallets together into invoices; who has less to pay than the town's least waits for the next month.

    :param per_payer: one for all of a payer's children, else one for each child
    :param least: under this sum nothing is asked; an invoice that the credit has paid already is told
    :returns: by payer and child, each in the order of wallets
    """
    groups: dict[tuple[int | None, int | None, Method], list[Purse]] = {}
    for purse in sorted(purses, key=lambda one: one.wallet_id):
        if purse.lines == 0 or purse.due < 0:
            continue
        method: Method = "debit" if purse.kind == "debit" else "notice"
        child_id = None if per_payer and purse.payer_id is not None else purse.child_id
        groups.setdefault((purse.payer_id, child_id, method), []).append(purse)
    made = [Draft(payer, child, method, tuple(found)) for (payer, child, method), found in groups.items()]
    return [one for one in made if one.total == 0 or one.total >= least]


def state_of(*, total: int, paid: int, is_cancelled: bool) -> State:
    """Return the state of an invoice; one that the credit has paid at its issue is paid."""
    if is_cancelled:
        return "cancelled"
    if paid >= total:
        return "paid"
    return "partial" if paid > 0 else "unpaid"


def refund_due(*, cents: int, least: int) -> bool:
    """Tell whether what is left is paid back: the sum counts, and the least itself is paid."""
    return cents >= least


def written(*, series: str, year: int, number: int) -> str:
    """Write a number as it is printed: ``FT/2026/17``."""
    return f"{series}/{year}/{number}"


def number_in(text: str) -> tuple[str, int, int] | None:
    """Read a number as it is printed, ``FT/2026/17``, in capitals or not: series, year, number; None where it is none."""
    found = re.fullmatch(r"([A-Za-z0-9]{1,12})\s*/\s*(\d{4})\s*/\s*(\d{1,9})", text.strip(), re.ASCII)
    return (found[1].upper(), int(found[2]), int(found[3])) if found else None


def series_faults(series: Mapping[str, str]) -> dict[str, str]:
    """
    Return what is wrong with the series that a town writes before its numbers, by name, each as a sentence.

    Each paper counts by itself: of one series two papers would take each other's numbers, and leave gaps.

    :param series: by name what is written, of every paper that has a number
    """
    found = {}
    seen: set[str] = set()
    for name, text in series.items():
        if not re.fullmatch(r"[A-Za-z0-9]{1,12}", text):
            found[name] = "Scrivi al massimo 12 lettere e cifre, senza spazi né segni: la serie sta davanti al numero."
        elif text.upper() in seen:
            found[name] = "Questa serie è già di altre carte: fatture, note di credito e solleciti contano ognuno per sé."
        seen.add(text.upper())
    return found


def needs_another(*, total: int, above: int, prepared_by: int | None, confirmed_by: int | None) -> bool:
    """Tell whether somebody else must confirm; who works at the console of the house (None) is on record as such."""
    return total > above and prepared_by is not None and prepared_by == confirmed_by
