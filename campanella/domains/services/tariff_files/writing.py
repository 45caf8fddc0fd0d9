"""Schemes become a file again: what is read of it is the same."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import yaml

from campanella.domains.services.tariffs.pricing import percent
from campanella.domains.services.tariffs.shapes import (
    NOTHING,
    Band,
    ByWeekdays,
    Change,
    Flat,
    IseeRule,
    Linear,
    Off,
    Other,
    Scheme,
    Share,
)
from campanella.foundation.core.money import Euro

Plain = dict[str, Any]


def text(schemes: Sequence[Scheme]) -> str:
    """Return the file of some tariffs."""
    return yaml.safe_dump(
        {"tariffs": [_plain(scheme) for scheme in schemes]}, allow_unicode=True, sort_keys=False, width=120
    )


def _plain(scheme: Scheme) -> Plain:
    other = {"non_resident": scheme.non_resident, "without_isee": scheme.without_isee, "not_enrolled": scheme.not_enrolled}
    usual = {"non_resident": Other(), "without_isee": Other(), "not_enrolled": Other(is_as_others=True)}
    return _said(
        code=scheme.code,
        name=scheme.name,
        service=scheme.service,
        level=scheme.level,
        **{"from": scheme.first, "to": scheme.last},
        season_from=scheme.season,
        replaces=scheme.replaces,
        reckoned="" if scheme.is_reckoned else "no",
        unit=scheme.unit,
        isee=_isee(scheme.isee),
        first_child=scheme.eldest if scheme.eldest != "oldest" else "",
        siblings=scheme.siblings if scheme.siblings != "same_service" else "",
        reductions_are="" if scheme.adds_up else "best_only",
        **{key: _other(value) for key, value in other.items() if value != usual[key]},
        prices=[_band(band) for band in scheme.bands],
        reductions=[_change(change) for change in scheme.changes],
    )


def _isee(rule: IseeRule) -> Plain:
    return _said(
        counts=rule.counting if rule.counting != "at_once" else "",
        by_day=rule.by_day if rule.by_day != 31 else None,
        months=dict(rule.months),
        deadlines=[{"by": by, "from": begins} for by, begins in rule.deadlines],
        fixed_on=rule.fixed_on,
        until=rule.until,
        expired="" if rule.keeps else "ends",
    )


def _band(band: Band) -> Plain:
    least, most = band.household or (None, None)
    return _said(
        name=band.name,
        isee_up_to=_money(band.isee_up_to),
        household_from=least,
        household_up_to=most,
        **_shape(band),
    )


def _shape(band: Band) -> Plain:
    shape = band.shape
    if isinstance(shape, Flat):
        prices = [_money(price) for price in shape.prices]
        return {"price": prices if len(prices) > 1 else prices[0]}
    if isinstance(shape, ByWeekdays):
        return {"weekdays": {days: _money(price) for days, price in sorted(shape.prices.items())}}
    if isinstance(shape, Linear):
        return {
            "line": {
                "from_isee": _money(shape.low),
                "from_price": _money(shape.low_price),
                "to_isee": _money(shape.high),
                "to_price": _money(shape.high_price),
            }
        }
    if isinstance(shape, Share):
        return _said(
            percent_of_isee=_share(shape.percent),
            above=_money(shape.above) if shape.above.cents else "",
            base=_money(shape.base) if shape.base.cents else "",
            at_least=_money(shape.at_least),
            at_most=_money(shape.at_most),
        )
    assert isinstance(shape, Off)
    return {"percent_off": _share(shape.percent)}


def _change(change: Change) -> Plain:
    least, most = change.children or (None, None)
    if change.amount != NOTHING:
        by = {"amount" if change.amount > NOTHING else "surcharge": _money(Euro(abs(change.amount.cents)))}
    else:
        by = {"percent" if change.percent >= 0 else "surcharge_percent": _share(abs(change.percent))}
    return _said(
        name=change.name,
        **by,
        from_child=least,
        to_child=most,
        residents="yes" if change.residents else "",
        isee_up_to=_money(change.isee_up_to),
        **{"if": sorted(change.needs), "from": change.first, "to": change.last},
        enrolled_after=change.enrolled_after,
    )


def _other(rule: Other) -> str | Plain:
    if rule.is_as_others:
        return "as_others"
    if rule.price is None and not rule.keeps_changes:
        return "full"
    return _said(price=_money(rule.price), reductions="yes" if rule.keeps_changes else "")


def _money(amount: Euro | None) -> str:
    return f"{amount.cents // 100}.{amount.cents % 100:02}" if amount is not None else ""


def _share(share: Fraction) -> str:
    return percent(share)


def _said(**values: Any) -> Plain:
    """Leave out what is empty, and write days as they are read."""
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in values.items()
        if value is not None and value != "" and value not in ([], {})
    }
