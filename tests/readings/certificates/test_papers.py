"""The certificate on paper and from the command line."""

import json
from datetime import date
from io import BytesIO

import pikepdf
import pytest
from django.core.management import CommandError

from campanella.domains.certifying import queries as certificates
from campanella.domains.people import mending
from campanella.foundation.core import clock
from campanella.readings.certificates.papers import pdf_of
from campanella.usecases.certificates import issue_for
from tests.config.commands.running import said
from tests.paying import TAX_CODES
from tests.readings.certificates.paying import MOTHER, move_outside, pay
from tests.towns import OFFICE, Cast

OCTOBER = date(2026, 10, 20)


@pytest.fixture
def issued(valle: Cast) -> Cast:
    """Anna's certificate of 2026, and what Luca has in cash only."""
    for name, code in TAX_CODES.items():
        mending.write_child_tax_code(by=OFFICE, child_id=valle.child(name).pk, tax_code=code, now=clock.now())
    pay(valle, "Anna", 5000, OCTOBER)
    move_outside(valle, "Luca", 1000, OCTOBER, account="cash")
    everybody = [valle.child(name).pk for name in TAX_CODES]
    issue_for(by_id=None, child_ids=everybody, year=2026, now=clock.now())
    return valle


def test_the_paper_is_tagged_and_the_same_every_time(issued: Cast) -> None:
    found = certificates.issued_in(year=2026)
    paper = pdf_of(found, site="valle.example")
    assert paper == pdf_of(found, site="valle.example")
    with pikepdf.open(BytesIO(paper)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "it-IT"
        assert pdf.docinfo["/Title"] == "Attestazione delle spese 2026"
        assert len(pdf.pages) == 1
    with pikepdf.open(BytesIO(pdf_of(found * 3, site="valle.example"))) as pdf:
        assert len(pdf.pages) == 3


def test_the_command_tells_certificates_and_reasons(issued: Cast) -> None:
    told = json.loads(said("certificate", "--town", "valle", "--year", "2026", "--json"))
    anna, luca = (next(one for one in told if one["child_tax_code"] == TAX_CODES[name]) for name in ("Anna", "Luca"))
    (mine,) = anna["certificates"]
    assert (mine["payer_tax_code"], mine["total_cents"], mine["issued"]["number"]) == (MOTHER, 5000, "1/2026")
    assert (luca["certificates"], luca["reason"], luca["excluded"]["cash_cents"]) == ([], "only_cash", 1000)
    for one in told:
        for wallet in one["wallets"]:
            parts = [wallet[f"{name}_cents"] for name in ("opening", "paid", "used", "refunded", "other", "closing")]
            assert parts[0] + parts[1] - parts[2] - parts[3] + parts[4] == parts[5]
    (alone,) = json.loads(said("certificate", "--town", "valle", "--year", "2026", "--child", TAX_CODES["Anna"], "--json"))
    assert alone == anna
    assert "1 certificate, 50,00\xa0€ together" in said("certificate", "--town", "valle", "--year", "2026")
    with pytest.raises(CommandError, match="no year"):
        said("certificate", "--town", "valle", "--year", "99999")


@pytest.mark.usefixtures("issued")
def test_a_year_without_law_on_record_is_refused() -> None:
    with pytest.raises(CommandError, match="2014 are not on record"):
        said("certificate", "--town", "valle", "--year", "2014")


def test_a_paper_of_many_words_is_still_printed(issued: Cast) -> None:
    anna = issued.child("Anna")
    type(anna).objects.filter(pk=anna.pk).update(given_name="Šárka-Żaneta 李 #let x = 1", family_name="D’Àvalos$")
    pay(issued, "Anna", 100, OCTOBER)
    issue_for(by_id=None, child_ids=[anna.pk], year=2026, now=clock.now())
    assert pdf_of(certificates.issued_in(year=2026), site="valle.example").startswith(b"%PDF")
