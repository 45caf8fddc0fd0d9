"""``campanella year``: every class moves up into the next school year, and back."""

import json
from datetime import timedelta
from fractions import Fraction
from typing import Any

from django.core.management import CommandError
from django.core.management.base import CommandParser

from campanella.config.command import TownCommand, add_town, count
from campanella.domains.services.shifted import Season
from campanella.domains.services.tariff_files import nodes
from campanella.foundation.core import clock
from campanella.foundation.core.amounts import Wrong
from campanella.foundation.core.audit import Software
from campanella.foundation.tenants.queries import Town
from campanella.usecases.yearly import calendars, planning, rolling
from campanella.usecases.yearly.planning import POLICIES, Policy, RollPlan

BY = Software("Installazione")


class Command(TownCommand):
    help = "Move every class up into the next school year, or take the last time back."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="roll|undo")
        roll = words.add_parser("roll", help="move up; a second time does nothing")
        roll.add_argument("--dry-run", action="store_true", help="say what it would do; write nothing")
        roll.add_argument(
            "--service",
            action="append",
            default=[],
            metavar="CODE=HOW",
            help="renew, carry (with this year's tariff), ask or none; renew where the new year has prices, else ask",
        )
        roll.add_argument(
            "--raise", dest="raise_by", default="0", metavar="PERCENT", help="on the tariffs that are carried, as 1.4"
        )
        roll.add_argument("--json", action="store_true", help="as JSON, each child by its code")
        undo = words.add_parser("undo", help="take the last roll-over back, while nobody has built on it")
        for one in (roll, undo):
            add_town(one)

    def work(self, *, town: Town, **options: Any) -> None:
        """Do what the word says."""
        getattr(self, f"_{options['word']}")(**options)

    def _roll(self, *, dry_run: bool, service: list[str], raise_by: str, json: bool, **options: Any) -> None:
        policies, percent, now = dict(map(_policy, service)), _percent(raise_by), clock.now()
        if dry_run:
            plan, is_new = planning.plan(today=clock.day_of(now), policies=policies, raise_by=percent), False
            shifted = calendars.plan(plan)
        else:
            done = rolling.roll(by=BY, policies=policies, raise_by=percent, now=now)
            plan, is_new, shifted = done.plan, done.is_new, done.calendars
        said = _said(plan, dry_run=dry_run, is_new=is_new) | {"calendars": [_season(one) for one in shifted.seasons]}
        if json:
            self.stdout.write(_as_json(said))
            return
        if plan.done:
            self.stdout.write(f"The roll-over into {plan.name} was done before: nothing to do.")
            return
        self.stdout.write(
            f"{plan.name}: {count(plan.promoted, 'child')} in {count(plan.classes, 'class')}, {plan.leaving} leave,"
            f" {plan.unclear} for a person to place."
        )
        self.stdout.write(f"{count(len(shifted.seasons), 'season')} carried from the year before, for a person to look at.")
        for one in plan.services:
            self.stdout.write(
                f"{one.service.code}: {one.policy}; {one.going_on} go on, {one.to_ask} to ask anew, {one.ending} end"
            )
        for made in plan.carried:
            self.stdout.write(f"{made.before.code} goes on as {made.scheme.code}, from {made.scheme.first}")

    def _undo(self, **options: Any) -> None:
        made = rolling.undo(by=BY, now=clock.now())
        self.stdout.write(f"The roll-over into the year that begins on {made.first} is undone.")


def _policy(text: str) -> tuple[str, Policy]:
    code, _, how = text.partition("=")
    for known in POLICIES:
        if how == known:
            return code, known
    raise CommandError(f"“{text}” is no CODE=HOW: HOW is {', '.join(POLICIES)}.")


def _percent(text: str) -> Fraction:
    try:
        return nodes.share(text)
    except Wrong:
        raise CommandError(f"“{text}” is no percentage from 0 to 100.") from None


def _said(plan: RollPlan, *, dry_run: bool, is_new: bool) -> dict[str, Any]:
    return {
        "year": plan.name,
        "first": plan.first.isoformat(),
        "end": plan.end.isoformat(),
        "dry_run": dry_run,
        "done": is_new,
        "done_before": bool(plan.done) and not is_new,
        "promoted": plan.promoted,
        "leaving": plan.leaving,
        "unclear": plan.unclear,
        "classes": plan.classes,
        "services": [
            {
                "service": one.service.code,
                "policy": one.policy,
                "has_prices": one.has_prices,
                "going_on": one.going_on,
                "to_ask": one.to_ask,
                "ending": one.ending,
            }
            for one in plan.services
        ],
        "tariffs": [
            {
                "from": one.before.code,
                "code": one.scheme.code,
                "name": one.scheme.name,
                "first": one.scheme.first.isoformat(),
                "last": one.scheme.last.isoformat(),
                "left_out": list(one.left_out),
            }
            for one in plan.carried
        ],
        "children": [
            {
                "id": step.seat.child_id,
                "from": step.seat.class_name,
                "school": step.seat.school_name,
                "to": step.class_name,
                "unclear": step.is_unclear,
            }
            for step in plan.steps
        ],
    }


def _season(one: Season) -> dict[str, Any]:
    return {
        "service": one.service_code,
        "school": one.school_code,
        "first": one.first.isoformat(),
        "last": (one.end - timedelta(days=1)).isoformat(),
        "weekdays": one.weekdays,
    }


def _as_json(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, indent=1)
