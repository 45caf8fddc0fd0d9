"""``campanella town create`` and ``campanella town list``: the register of towns."""

from typing import Any

from django.core.management import CommandError
from django.core.management.base import CommandParser

from campanella.config.command import OperatorCommand
from campanella.domains.payments.rules import SEGREGATION
from campanella.foundation.core import clock
from campanella.foundation.tenants import queries as tenants
from campanella.usecases import new_town
from campanella.usecases.new_town import NewTown

SEGREGATION_HELP = "pagoPA segregation code, {} to {}".format(*SEGREGATION)


class Command(OperatorCommand):
    help = "Make a town with its office's first access, or list the towns."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="create|list")
        words.add_parser("list", help="print every town with its address")
        create = words.add_parser("create", help="make a town and print the office's first password")
        create.add_argument("slug", metavar="SLUG", help="short name: lower-case letters, digits, hyphens")
        create.add_argument("--name", required=True, help="such as “Comune di Bra”")
        create.add_argument("--tax-code", required=True, help="11 digits")
        create.add_argument("--province", required=True, help="two letters")
        create.add_argument(
            "--host", action="append", help="address it answers at (SLUG.localhost otherwise); may be repeated"
        )
        create.add_argument("--iban", required=True, help="account that pagoPA pays into")
        create.add_argument("--segregation", required=True, type=int, metavar="N", help=SEGREGATION_HELP)
        create.add_argument("--office-email", required=True)
        create.add_argument("--admin-user", default="ufficio", metavar="NAME", help="the office's first user (ufficio)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["word"] == "list":
            towns = tenants.all_towns()
            for known in towns:
                self.stdout.write(f"{known.slug:20}  {known.tax_code}  {known.host:30}  {known.name}")
            if not towns:
                self.stdout.write("No towns yet: “campanella town create” makes one.")
            return
        order = NewTown(
            slug=options["slug"],
            name=options["name"],
            tax_code=options["tax_code"],
            province=options["province"],
            hosts=tuple(options["host"] or [f"{options['slug']}.localhost"]),
            iban=options["iban"],
            segregation=options["segregation"],
            office_email=options["office_email"],
            admin_user=options["admin_user"],
        )
        try:
            made = new_town.create(order=order, now=clock.now())
        except new_town.WrongAnswer as wrong:
            raise CommandError(wrong.message)
        self.stdout.write(f"{made.town.name} answers at {made.town.host}.")
        self.stdout.write(f"The office signs in with user name “{made.username}” and password “{made.password}”,")
        self.stdout.write("valid until the first sign-in: the page asks for a new one at once.")
