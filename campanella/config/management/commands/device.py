"""``campanella device pair``: a pairing code for a tablet, made from the desk."""

import json
from typing import Any

from django.core.management import CommandError
from django.core.management.base import CommandParser

from campanella.config.command import TownCommand, add_town
from campanella.domains.schools import queries as schools
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.errors import NotFound
from campanella.foundation.tenants.queries import Town
from campanella.usecases import tablets


class Command(TownCommand):
    help = "Prepare a tablet for a school and print the code that pairs it, once, within ten minutes."

    def add_arguments(self, parser: CommandParser) -> None:
        pair = parser.add_subparsers(dest="word", required=True, metavar="pair").add_parser("pair")
        add_town(pair)
        pair.add_argument("--school", required=True, metavar="S", help="code or whole name of the school")
        pair.add_argument("--name", default="", metavar="NAME", help="what the office calls the tablet")
        pair.add_argument("--json", action="store_true", help="as JSON")

    def work(self, *, town: Town, **options: Any) -> None:
        """Prepare the tablet and print its code."""
        if len(options["name"]) > tablets.LONGEST_NAME:
            raise CommandError(f"--name has {len(options['name'])} letters, at most {tablets.LONGEST_NAME} are kept.")
        try:
            school = schools.school_known_as(text=options["school"])
        except NotFound:
            known = ", ".join(f"{school.code} ({school.name})" for school in schools.schools())
            raise CommandError(f"{town.slug} has no school “{options['school']}”. It has: {known or 'none yet'}.")
        pairing = tablets.prepare(by=Software("riga di comando"), name=options["name"], school_id=school.pk, now=clock.now())
        if options["json"]:
            told = {
                "device_id": pairing.device.pk,
                "pairing_code": pairing.code,
                "expires_at": pairing.expires_at.isoformat(),
            }
            self.stdout.write(json.dumps(told, indent=1))
        else:
            self.stdout.write(f"Tablet {pairing.device.pk}, “{pairing.device.name}”: its code holds for ten minutes, once:")
            self.stdout.write(pairing.code)
