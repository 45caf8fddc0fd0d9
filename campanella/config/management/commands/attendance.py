"""``campanella attendance``: a family's cancellation played, and a day explained."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.core.management import CommandError
from django.core.management.base import CommandParser

from campanella.config.command import TownCommand, add_town, count
from campanella.domains.attendance import standing
from campanella.domains.attendance.answers import Answer
from campanella.domains.attendance.judging import Arrival
from campanella.domains.attendance.standing import Standing
from campanella.domains.people import queries as people
from campanella.domains.services import queries as services
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.tenants.queries import Town
from campanella.readings.day_report import DayReport, Ordered, day_report
from campanella.readings.explained import explained
from campanella.usecases import wishes


class Command(TownCommand):
    help = "Play a family's cancellation as it was received at a moment, or explain a day child by child."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="cancel|day")
        cancel = words.add_parser("cancel", help="cancel one day of a child; on record as played by a command")
        add_town(cancel)
        cancel.add_argument("--child", required=True, metavar="CODICE_FISCALE", help="tax code of the child")
        cancel.add_argument("--at", required=True, metavar="ISO-INSTANT", help="when it was received, with its zone")
        day = words.add_parser("day", help="print who was there, what was charged and why, and the kitchen's sheet")
        add_town(day)
        for word in (cancel, day):
            word.add_argument("--service", required=True, metavar="S", help="code of the service")
            word.add_argument("--day", required=True, metavar="YYYY-MM-DD")
            word.add_argument("--json", action="store_true", help="as JSON, amounts in cents")

    def work(self, *, town: Town, **options: Any) -> None:
        """Do one of the two."""
        service = services.service(code=options["service"])
        if service is None:
            known = ", ".join(one.code for one in services.services())
            raise CommandError(f"{town.slug} has no service “{options['service']}”. It has: {known or 'none yet'}.")
        day = clock.read_day(options["day"])
        if day is None:
            raise CommandError(f"--day is “{options['day']}”; it must be a day as 2026-10-14.")
        if options["word"] == "cancel":
            self.cancel(town, service, day, options)
        else:
            self.day(service, day, as_json=options["json"])

    def cancel(self, town: Town, service: Service, day: date, options: dict[str, Any]) -> None:
        """Play a cancellation; the same again is told the same."""
        child = people.child_known_as(tax_code=options["child"])
        # An instant to come is played too: a cut-off is tried on the day before it.
        received_at, now = _instant(options["at"]), clock.now()
        key = uuid5(NAMESPACE_URL, f"{town.slug}/{child.pk}/{service.code}/{day}/{received_at.isoformat()}")
        answer = wishes.ask(
            by=Software("riga di comando"),
            lines=[(child.pk, service.pk)],
            days=[day],
            action="cancel",
            key=key,
            arrival=Arrival(received_at, channel="command"),
            now=now,
        )
        (why,) = explained(lines=[(child.pk, service.pk)], day=day, now=now)
        (stands,) = standing.standing(answer).values()
        told = {**_told(answer, stands), "state": why.state, "charged_cents": why.charged.cents if why.charged else 0}
        if options["json"]:
            self.stdout.write(json.dumps({**told, "because": why.because}, ensure_ascii=False, indent=1))
        else:
            outcome = answer.days[0].answer if told["holds"] or not answer.is_accepted else "accepted, but it does not hold"
            self.stdout.write(f"{answer.number}: {outcome}. {why.because}")

    def day(self, service: Service, day: date, *, as_json: bool) -> None:
        """Print a day."""
        report = day_report(service=service, day=day, now=clock.now())
        if as_json:
            self.stdout.write(json.dumps(_as_json(report), ensure_ascii=False, indent=1))
            return
        for child in report.children:
            self.stdout.write(f"{child.tax_code or child.code:16}  {child.class_name:8}  {child.state:12}  {child.because}")
        total = sum(child.charged_cents for child in report.children)
        self.stdout.write(f"{count(len(report.children), 'line')}, {total} cents charged")


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
        if not clock.FIRST_DAY < instant.date() < clock.LAST_DAY:
            raise ValueError
    except ValueError:
        raise CommandError(f"--at is “{text}”; it must be an instant as 2026-10-14T09:29:59.9+02:00.")
    if instant.tzinfo is None:
        in_italy = instant.replace(tzinfo=clock.ROME).isoformat()
        raise CommandError(f"--at is “{text}”, without its zone: of Italy it is {in_italy}.")
    return instant.astimezone(UTC)


def _told(answer: Answer, stands: Standing) -> dict[str, Any]:
    (day,) = answer.days
    other = stands.taken_back or (stands.decided_by if stands.is_overtaken else None)
    return {
        "number": answer.number,
        "accepted": answer.is_accepted,
        "answer": day.answer,
        # Whether the day says what was asked: another request may say otherwise, and is named then.
        "holds": answer.is_accepted and other is None,
        "instead": other.number if other else None,
        "received_at": answer.received_at.isoformat(),
        "cut_off": day.cut_off.isoformat(),
    }


def _as_json(report: DayReport) -> dict[str, Any]:
    children = [
        {
            "child_tax_code": child.tax_code,
            "class": child.class_name,
            "state": child.state,
            "charged_cents": child.charged_cents,
            "because": child.because,
        }
        for child in report.children
    ]
    return {"children": children, "sheet": _sheet(report.sheets)}


def _sheet(kitchens: Sequence[Ordered]) -> dict[str, Any] | None:
    """Tell the sheets of all kitchens as one; a town with one kitchen has one sheet."""
    if not kitchens:
        return None
    ordered = [order for kitchen in kitchens for order in kitchen.orders]
    added = [one for kitchen in kitchens for one in kitchen.additions]
    diets: Counter[str] = Counter()
    white = packed = 0
    for special in (one for order in ordered for one in order.special.values()):
        diets.update([special.code] if special.code and not special.is_white else [])
        white += special.is_white
        packed += special.is_packed
    children, adults = sum(len(order.child_ids) for order in ordered), sum(order.adults for order in ordered)
    return {
        "number": max(kitchen.sheet.number for kitchen in kitchens),
        "frozen_at": max(kitchen.sheet.frozen_at for kitchen in kitchens).isoformat(),
        "totals": {
            "meals": children + adults,
            "children": children,
            "adults": adults,
            "white": white,
            "packed": packed,
            "diets": dict(diets),
            "with_additions": children + adults + sum(one.meals for one in added),
        },
        "additions": [
            {
                "kind": one.kind,
                "meals": one.meals,
                "class": one.class_name,
                "at": one.at.isoformat() if one.at else None,
            }
            for one in added
        ],
    }
