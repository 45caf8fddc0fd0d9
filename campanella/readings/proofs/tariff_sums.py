"""What one day costs by the text of a tariff: decimals of euro, written for the auditor alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
Rule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """What the price of one day is made of; ``isee`` None where none counts."""

    day: date
    isee: Decimal | None
    household: int | None
    place: int
    is_resident: bool
    words: frozenset[str]
    weekdays: int
    since: date | None
    is_enrolled: bool = True


def day(said: Any) -> date:
    """Read a day, which YAML may have read already."""
    return said if isinstance(said, date) else date.fromisoformat(str(said))


def euro(said: Any) -> Decimal:
    """Read an amount as a file of tariffs writes it back."""
    plain = str(said)
    return Decimal(plain.replace(".", "").replace(",", ".") if "," in plain else plain)


def counts(rule: Rule, received: date, until: date, asked: date, first: date) -> bool:
    """Tell whether an ISEE counts on a day, from the day backwards."""
    how = rule.get("isee") or {}
    if until < first or (how.get("expired", "keeps") == "ends" and asked > until):
        return False
    if how.get("until") and received > day(how["until"]):
        return False
    kind = how.get("counts", "at_once")
    if kind == "at_once":
        return received <= asked
    if kind == "deadlines":
        return any(received <= day(one["by"]) and day(one["from"]) <= asked for one in how["deadlines"])
    if kind == "fixed":
        return not how.get("fixed_on") or received <= day(how["fixed_on"])
    # What was received in an earlier month counts, and in this one what came by its day.
    if (received.year, received.month) != (asked.year, asked.month):
        return received < asked
    months = {int(month): int(by) for month, by in (how.get("months") or {}).items()}
    return received.day <= months.get(received.month, int(how.get("by_day", 31)))


def price(rule: Rule, case: Case) -> Decimal | None:
    """Return what a day costs; None where the tariff has no answer."""
    bands = [band for band in rule["prices"] if _is_of(band, case.household)]
    open_ones = [band for band in bands if "isee_up_to" not in band]
    if not open_ones:
        return None
    full = _shaped(open_ones[0], case, None, Decimal(0))
    changes_hold, isee = True, case.isee
    cost: Decimal | None = full
    outside = _outside(rule, case)
    if outside is not None and outside != "as_others":
        cost = euro(outside["price"]) if outside != "full" and "price" in outside else full
        changes_hold = outside != "full" and str(outside.get("reductions", "no")).lower() in ("yes", "true", "si", "sì")
    elif isee is not None:
        fits = [band for band in bands if "isee_up_to" not in band or isee <= euro(band["isee_up_to"])]
        cost = _shaped(fits[0], case, isee, full or Decimal(0))
    if cost is None:
        return None
    return _changed(rule, case, cost) if changes_hold else cost


def _outside(rule: Rule, case: Case) -> Any:
    """Return the rule that stands before all bands, None where none does."""
    if not case.is_enrolled and rule.get("not_enrolled", "as_others") != "as_others":
        return rule["not_enrolled"]
    if not case.is_resident:
        said = rule.get("non_resident", "full")
        if said != "as_others":
            return said
    if case.isee is None and isinstance(rule.get("without_isee"), Mapping):
        return rule["without_isee"]
    return None


def _is_of(band: Rule, household: int | None) -> bool:
    if "household_from" not in band and "household_up_to" not in band:
        return True
    return household is not None and int(band.get("household_from", 1)) <= household <= int(band.get("household_up_to", 99))


def _shaped(band: Rule, case: Case, isee: Decimal | None, full: Decimal) -> Decimal | None:
    if "price" in band:
        prices = band["price"] if isinstance(band["price"], list) else [band["price"]]
        return euro(prices[min(case.place, len(prices)) - 1])
    if "weekdays" in band:
        said = {int(days): euro(cost) for days, cost in band["weekdays"].items()}
        return said.get(case.weekdays)
    if "line" in band:
        low, high = euro(band["line"]["from_isee"]), euro(band["line"]["to_isee"])
        least, most = euro(band["line"]["from_price"]), euro(band["line"]["to_price"])
        if isee is None or isee >= high:
            return most
        return least if isee <= low else _rounded((least * (high - isee) + most * (isee - low)) / (high - low))
    if "percent_of_isee" in band:
        limit = euro(band["at_most"]) if "at_most" in band else None
        if isee is None:
            return limit
        over = max(isee - euro(band.get("above", 0)), Decimal(0))
        cost = _rounded(euro(band.get("base", 0)) + over * _share(band["percent_of_isee"]) / 100)
        cost = max(cost, euro(band["at_least"])) if "at_least" in band else cost
        return cost if limit is None else min(cost, limit)
    return _rounded(full * (100 - _share(band["percent_off"])) / 100)


def _changed(rule: Rule, case: Case, cost: Decimal) -> Decimal:
    holding = [one for one in rule.get("reductions") or () if _holds(one, case)]
    if rule.get("reductions_are", "added_up") == "best_only":
        falls = [one for one in holding if _after(one, cost) <= cost]
        best = sorted(falls, key=lambda one: _after(one, cost))[:1]
        holding = [one for one in holding if one not in falls or one in best]
    for one in holding:
        cost = _after(one, cost)
    return cost


def _holds(one: Rule, case: Case) -> bool:
    least, most = int(one.get("from_child", 1)), int(one.get("to_child", 10**6))
    asked = one.get("if") or []
    words = {asked} if isinstance(asked, str) else set(asked)
    return (
        least <= case.place <= most
        and (case.is_resident or str(one.get("residents", "no")).lower() in ("no", "false"))
        and ("isee_up_to" not in one or (case.isee is not None and case.isee <= euro(one["isee_up_to"])))
        and words <= case.words
        and ("from" not in one or day(one["from"]) <= case.day)
        and ("to" not in one or case.day < day(one["to"]) + timedelta(days=1))
        and ("enrolled_after" not in one or (case.since is not None and case.since > day(one["enrolled_after"])))
    )


def _after(one: Rule, cost: Decimal) -> Decimal:
    for key, sign in (("percent", -1), ("surcharge_percent", 1)):
        if key in one:
            return max(_rounded(cost * (100 + sign * _share(one[key])) / 100), Decimal(0))
    for key, sign in (("amount", -1), ("surcharge", 1)):
        if key in one:
            return max(cost + sign * euro(one[key]), Decimal(0))
    return cost


def _share(said: Any) -> Decimal:
    return Decimal(str(said).rstrip("%").strip().replace(",", "."))


def _rounded(exact: Decimal) -> Decimal:
    return exact.quantize(CENT, ROUND_HALF_UP)
