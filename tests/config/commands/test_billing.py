"""``campanella billing run`` and ``campanella billing list``: the contract for who works with them from outside."""

import json

import pytest
from django.core.management import CommandError

from campanella.domains.billing.models import Invoice
from campanella.foundation.core import clock
from campanella.usecases.billing import policies
from tests.billing import eat, october
from tests.config.commands.running import said
from tests.towns import OFFICE, Cast, tell_again

RUN = ("billing", "run", "--town", "valle", "--service", "mensa", "--period", "2026-10", "--json")


@pytest.fixture
def eaten(valle: Cast) -> Cast:
    policies.set_for_all(
        by=OFFICE, service=valle.services["mensa"], kind="postpaid", first=october(1)[0], reason="", now=clock.now()
    )
    eat(valle, october(1, 2), absent=["Luca"])
    return valle


def test_a_month_is_previewed_then_billed_and_run_again_it_is_the_same(eaten: Cast) -> None:
    looked = json.loads(said(*RUN, "--preview"))
    assert (looked["invoices"], looked["total_cents"], Invoice.objects.count()) == (2, 1840, 0)
    # The month is not over, and it was decided today that its days are paid after it.
    assert {one["kind"] for one in looked["anomalies"]} == {"running", "decided", "tax_code"}

    done = json.loads(said(*RUN))
    again = json.loads(said(*RUN))

    assert (done["invoices"], done["total_cents"], done["state"]) == (2, 1840, "issued")
    assert again == done
    tell_again()
    assert Invoice.objects.count() == 2


def test_the_list_says_each_invoice_with_its_lines(eaten: Cast) -> None:
    said(*RUN)
    first, second = json.loads(said("billing", "list", "--town", "valle", "--period", "2026-10", "--json"))

    assert (first["number"], second["number"]) == ("FT/2026/1", "FT/2026/2")
    assert (first["payer_tax_code"], first["total_cents"], first["state"]) == ("RSSMRA85T10A562S", 920, "unpaid")
    assert len(first["notice_number"]) == 18
    assert first["lines"] == [
        {"child_tax_code": "", "day": "2026-10-01", "service": "mensa", "cents": 460},
        {"child_tax_code": "", "day": "2026-10-02", "service": "mensa", "cents": 460},
    ]
    assert json.loads(said("billing", "list", "--town", "valle", "--period", "2026-09", "--json")) == []


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (("--service", "x", "--period", "2026-10"), "has no service"),
        (("--service", "mensa", "--period", "10/2026"), "a month"),
    ],
)
def test_what_is_asked_wrongly_is_said(valle: Cast, asked: tuple[str, ...], answer: str) -> None:
    with pytest.raises(CommandError, match=answer):
        said("billing", "run", "--town", "valle", *asked)


def test_a_service_that_nobody_pays_after_the_month_is_said(valle: Cast) -> None:
    with pytest.raises(CommandError, match="Nessuno paga"):
        said(*RUN)
