"""``campanella town``: the register of towns, a town taken out into one file, and put in again as another."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import CommandParser

from campanella.config.command import OperatorCommand, add_town, count
from campanella.config.town_archive import putting, taking
from campanella.domains.payments.rules import SEGREGATION
from campanella.foundation.core import clock
from campanella.foundation.tenants import queries as tenants
from campanella.usecases import new_town
from campanella.usecases.new_town import NewTown

SEGREGATION_HELP = "pagoPA segregation code, {} to {}".format(*SEGREGATION)


class Command(OperatorCommand):
    help = "Make a town with its office's first access, list the towns, take one out into a file, put one in."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="create|list|export|import")
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

        export = words.add_parser("export", help="write all of a town to one archive")
        add_town(export)
        export.add_argument("--out", required=True, type=Path, metavar="FILE", help="a new file, such as pesaro.zip")
        export.add_argument(
            "--with-passwords", action="store_true", help="the hashes of passwords and PINs go along; keep the file safe"
        )
        put = words.add_parser("import", help="make a town of an archive")
        put.add_argument("file", type=Path, metavar="FILE", help="what “town export” has written")
        put.add_argument("--as", required=True, dest="slug", metavar="NEW", help="short name of the new town")
        put.add_argument("--tax-code", default="", help="11 digits, where the town's own is not free here")
        put.add_argument("--host", action="append", help="address it answers at (NEW.localhost otherwise); may be repeated")

    def handle(self, *args: Any, **options: Any) -> None:
        {"create": self.create, "list": self.list, "export": self.take_out, "import": self.put_in}[options["word"]](options)

    def take_out(self, options: dict[str, Any]) -> None:
        """Write the archive of a town."""
        town = tenants.town_by_slug(slug=options["town"])
        passwords = options["with_passwords"]
        made = taking.take(
            town=town, to=options["out"], files=settings.VAR / "files", with_passwords=passwords, now=clock.now()
        )
        rows = sum(table.rows for table in made.tables.values())
        self.stdout.write(f"{options['out']} holds {town.name}: {count(rows, 'row')}, {count(made.files, 'file')}.")
        self.stdout.write(f"Passwords are {'in it, hashed' if passwords else 'not in it'}; tablets are paired anew.")
        waiting = taking.waiting_jobs(town=town)
        if waiting:
            self.stdout.write(f"The worker still has {count(waiting, 'job')} to do for this town; they are not in it.")
        self.stdout.write("It holds everything about its families and children: keep it where only you can read it.")

    def put_in(self, options: dict[str, Any]) -> None:
        """Make a town of an archive."""
        slug, now = options["slug"], clock.now()
        done = putting.put(
            archive=options["file"],
            slug=slug,
            hosts=options["host"] or [f"{slug}.localhost"],
            tax_code=options["tax_code"],
            files=settings.VAR / "files",
            now=now,
        )
        town, rows = done.town, sum(table.rows for table in done.manifest.tables.values())
        self.stdout.write(f"{town.name} answers at {town.host}: {count(rows, 'row')}, {count(done.manifest.files, 'file')}.")
        if done.is_stand_in:
            self.stdout.write(
                f"Its tax code {done.manifest.town['tax_code']} is another town's here: {town.tax_code} stands in for it,"
                " and pagoPA does not know it."
            )
        if not done.manifest.with_passwords:
            made = new_town.let_office_in(town=town, now=now)
            self.stdout.write(f"The office signs in with user name “{made.username}” and password “{made.password}”, once;")
            self.stdout.write("everybody else by SPID or CIE, a new letter, or “Password dimenticata”.")
        self.stdout.write(f"“campanella ledger verify --town {slug}” proves the book.")

    def list(self, options: dict[str, Any]) -> None:
        """Print every town."""
        towns = tenants.all_towns()
        for known in towns:
            self.stdout.write(f"{known.slug:20}  {known.tax_code}  {known.host:30}  {known.name}")
        if not towns:
            self.stdout.write("No towns yet: “campanella town create” makes one.")

    def create(self, options: dict[str, Any]) -> None:
        """Make a town."""
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
