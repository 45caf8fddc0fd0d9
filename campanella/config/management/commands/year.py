"""``campanella year``: every class moves up into the next school year, and back."""

import json
from typing import Any

from django.core.management import CommandError
from django.core.management.base import CommandParser

from campanella.config.command import TownCommand, add_town, count
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.tenants.queries import Town
from campanella.usecases.yearly import planning, rolling
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
            help="what becomes of a service: renew, ask or none (renew where the new year has prices, else ask)",
        )
        roll.add_argument("--json", action="store_true", help="as JSON, each child by its code")
        undo = words.add_parser("undo", help="take the last roll-over back, while nobody has built on it")
        for one in (roll, undo):
            add_town(one)

    def work(self, *, town: Town, **options: Any) -> None:
        """Do what the word says."""
        getattr(self, f"_{options['word']}")(**options)

    def _roll(self, *, dry_run: bool, service: list[str], json: bool, **options: Any) -> None:
        policies, now = dict(map(_policy, service)), clock.now()
        if dry_run:
            plan, is_new = planning.plan(today=clock.day_of(now), policies=policies), False
        else:
            done = rolling.roll(by=BY, policies=policies, now=now)
            plan, is_new = done.plan, done.is_new
        said = _said(plan, dry_run=dry_run, is_new=is_new)
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
        for one in plan.services:
            self.stdout.write(
                f"{one.service.code}: {one.policy}; {one.going_on} go on, {one.to_ask} to ask anew, {one.ending} end"
            )

    def _undo(self, **options: Any) -> None:
        made = rolling.undo(by=BY, now=clock.now())
        self.stdout.write(f"The roll-over into the year that begins on {made.first} is undone.")


def _policy(text: str) -> tuple[str, Policy]:
    code, _, how = text.partition("=")
    for known in POLICIES:
        if how == known:
            return code, known
    raise CommandError(f"“{text}” is no CODE=HOW: HOW is {', '.join(POLICIES)}.")


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


def _as_json(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, indent=1)
