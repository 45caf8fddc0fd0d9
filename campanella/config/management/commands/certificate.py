"""``campanella certificate``: what is certified of a calendar year, child by child and payer by payer."""

import argparse
import json
import re
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandParser

from campanella.config.command import TownCommand, count
from campanella.domains.certifying import queries as certificates
from campanella.domains.certifying.content import Content
from campanella.domains.certifying.queries import CertificateView
from campanella.domains.certifying.years import NoSuchTaxYear
from campanella.domains.people import queries as people
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import Town
from campanella.readings.certificates.reckoning import REASONS, Reckoned, reckon

# Children reckoned in one go: memory does not grow with a city.
AT_ONCE = 500


class NoLaw(Refusal):
    """The law of the year is not on record."""


def _year(text: str) -> int:
    if not re.fullmatch(r"[12]\d{3}", text):
        raise argparse.ArgumentTypeError(f"“{text}” is no year; write four digits, such as 2026")
    return int(text)


class Command(TownCommand):
    help = "Print the tax certificates of a calendar year as they stand in the book; amounts in cents. Issues nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--year", required=True, type=_year, metavar="Y", help="calendar year of payment")
        parser.add_argument("--child", metavar="CF", help="one child, by its tax code")
        parser.add_argument("--json", action="store_true", help="as JSON")

    def work(self, *, town: Town, **options: Any) -> None:
        """Print one child's certificates, or everybody's."""
        year = options["year"]
        child_ids = [people.child_known_as(tax_code=options["child"]).pk] if options["child"] else people.child_ids()
        try:
            found = [one for one in _reckoned(child_ids, year) if one.wallets]
        except NoSuchTaxYear as unknown:
            raise NoLaw(str(unknown)) from unknown
        if options["json"]:
            self.stdout.write(json.dumps(list(_told(found, year)), ensure_ascii=False, indent=1))
            return
        for one in found:
            child = one.child.tax_code or one.child.code
            for content in one.contents:
                self.stdout.write(f"{child:16}  {content.payer_tax_code:16}  {Euro(content.cents)!s:>12}")
            if one.reason:
                self.stdout.write(f"{child:16}  {REASONS[one.reason]}")
        contents = [content for one in found for content in one.contents]
        self.stdout.write(f"{count(len(contents), 'certificate')}, {Euro(sum(one.cents for one in contents))} together")


def _reckoned(child_ids: list[int], year: int) -> Iterator[Reckoned]:
    for start in range(0, len(child_ids), AT_ONCE):
        yield from reckon(child_ids=child_ids[start : start + AT_ONCE], year=year)


def _told(found: list[Reckoned], year: int) -> Iterator[dict[str, Any]]:
    issued = {
        (one.child_id, one.payer_tax_code): one
        for one in certificates.certificates_of(child_ids=[one.child.pk for one in found], year=year)
        if one.is_current
    }
    for one in found:
        yield {
            "child_tax_code": one.child.tax_code,
            "child_code": one.child.code,
            "year": year,
            "certificates": [_content(said, issued.get((one.child.pk, said.payer_tax_code))) for said in one.contents],
            "excluded": {"cash_cents": one.cash, "without_payer_cents": one.nameless},
            "reason": one.reason,
            "wallets": [
                {
                    "wallet": str(wallet.wallet_id),
                    "opening_cents": wallet.opening,
                    "paid_cents": wallet.paid,
                    "used_cents": sum(wallet.used.values()),
                    "refunded_cents": wallet.refunded,
                    "other_cents": wallet.other,
                    "closing_cents": wallet.closing,
                }
                for wallet in one.wallets
            ],
        }


def _content(said: Content, issued: CertificateView | None) -> dict[str, Any]:
    return {
        "payer_tax_code": said.payer_tax_code,
        "basis": said.basis,
        "total_cents": said.cents,
        "school_cents": said.total("school"),
        "nursery_cents": said.total("nursery"),
        "refunds_of_earlier_years_cents": said.earlier,
        "lines": [
            {
                "service": line.service,
                "deduction": line.deduction,
                "paid_cents": line.paid,
                "moved_cents": line.moved,
                "refunded_cents": line.refunded,
                "certified_cents": line.certified,
                "means": list(line.means),
            }
            for line in said.lines
        ],
        "parts": [
            {"tax_code": p.tax_code, "percent": p.percent, "school_cents": p.school, "nursery_cents": p.nursery}
            for p in said.parts
        ],
        "issued": issued and {"number": issued.written_number, "version": issued.version, "code": issued.written_code},
    }
