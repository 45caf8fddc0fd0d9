"""
Each town lives its year: the book is clean, outsiders find what they were promised, and it shows what is its own.

What is looked at is a demo that somebody has just started, and that runs.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connections

from campanella.config.database import connection_of
from campanella.demo import handover, noticeboard
from campanella.demo.towns import TOWNS
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.models import Booking, DayEvent
from campanella.domains.billing import queries as invoices
from campanella.domains.certifying import queries as certificates
from campanella.domains.cooking import queries as cooking
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger import seals, verify
from campanella.domains.ledger.rules import Source
from campanella.domains.messaging.models import Message
from campanella.domains.payments.receipts import queries as receipts
from campanella.domains.services import queries as services
from campanella.domains.support.models import TicketMessage
from campanella.foundation.core import clock
from campanella.foundation.core.italian import day_long
from campanella.foundation.core.scope import scope
from campanella.foundation.tenants import queries
from campanella.readings import proofs, serving
from campanella.readings.proofs import trail
from tests import auditor
from tests.demo import specials
from tests.demo.starting import MOMENT, Demo

LAST_SCHOOL_DAY = date(2026, 11, 27)
ROLES = {"guardian", "school", "kitchen", "office", "cashier"}
# The months that have invoices at least.
BILLED = {"truccazzano": (5, 6, 9), "pesaro": (9, 10)}


# The demo of test_supervisor.py, before it is killed there.
pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.xdist_group("demo")]


@pytest.fixture
def demos_own(demo: Demo, settings: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Point Django at the running demo's database and files, as its pages do."""
    settings.STORAGES["default"]["OPTIONS"]["location"] = demo.var / "files"
    default = connections["default"]
    default.close()
    before = dict(default.settings_dict)
    own = connection_of({}, demo.var)
    own["OPTIONS"].pop("pool")
    default.settings_dict.update(own)
    queries.forget()
    with django_db_blocker.unblock():
        yield
        default.close()
    default.settings_dict.update(before)
    queries.forget()


@pytest.mark.parametrize("slug", [plan.slug for plan in TOWNS])
def test_a_town_is_filled_and_its_book_is_clean(demos_own: None, slug: str) -> None:
    town = queries.town_by_slug(slug=slug)

    with scope(town.id):
        assert verify.violations() == []
        assert proofs.violations() == []
        assert trail.violations() == []
        assert seals.violations() == []
        with clock.standing_at(MOMENT):
            assert auditor.differences(town) == []
        assert receipts.parked()
        assert Message.objects.filter(failed_at=None, sent_at=None).count() == 0
        assert Message.objects.exclude(failed_at=None).count() == 1
        _mails_tell_what_the_book_says(slug)
        _what_an_answer_says_was_done()
        _families_have_asked(slug)
        _the_months_are_billed(slug)
        _the_kitchens_were_ordered_what_was_eaten()
        specials.OF.get(slug, specials.nothing)(MOMENT)
        last_year = certificates.issued_in(year=MOMENT.year - 1)
        assert bool(last_year) is (slug in ("carrara", "pesaro"))
        assert all(one.amount.cents and one.content["payer_name"] for one in last_year)
    with clock.standing_at(MOMENT):
        told = handover.demo_json(base_url="http://localhost:8000", simulators_url="http://localhost:8010")
    assert [known["slug"] for known in told["towns"]] == [plan.slug for plan in TOWNS]
    here = next(known for known in told["towns"] if known["slug"] == slug)
    statuses = [notice["status"] for notice in here["notices"]]
    assert {user["role"] for user in here["users"]} == ROLES
    assert len([user for user in here["users"] if user["role"] == "guardian"]) >= 2
    assert statuses.count("open") >= 8
    assert {"open", "paid", "cancelled", "expired"} <= set(statuses)
    names = {user["username"] for user in here["users"]}
    assert all(child["guardian"] in names and child["wallets"] for child in here["children"])
    known = {wallet["id"] for child in here["children"] for wallet in child["wallets"]}
    assert {notice["wallet"] for notice in here["notices"]} <= known


def _the_months_are_billed(slug: str) -> None:
    """Truccazzano, and who has a mandate in Pesaro, pay after the month: most invoices are paid, and some overdue."""
    found = invoices.invoices_between(period=None)
    if slug not in BILLED:
        assert found == []
        return
    assert [month for month in BILLED[slug] if not any(one.period.month == month for one in found)] == []
    states = {one.state for one in found}
    assert {"paid", "unpaid"} <= states
    assert Message.objects.filter(template="invoice_issued").exclude(sent_at=None).exists()


def _mails_tell_what_the_book_says(slug: str) -> None:
    """What was true when they were written, though years of life were made within a minute."""
    told = list(Message.objects.exclude(wallet_id=None))
    # Where the month is paid after its end, nothing is low, and a payment is an invoice's.
    expected = {"top_up_booked"} if slug == "truccazzano" else {"low_credit", "top_up_booked"}
    assert expected <= {letter.template for letter in told}
    for letter in told:
        assert letter.wallet_id
        movements = [line for line in wallets.movements_of(wallet_id=letter.wallet_id) if line.at <= letter.queued_at]
        then = max(movements, key=lambda line: (line.at, line.entry_id)).balance_after
        assert f"il credito è {then}." in letter.text, letter.key


def _families_have_asked(slug: str) -> None:
    """Truccazzano's cancel, some too late, and ask for white meals and trips; Valenza's book the after-school."""
    asked = set(DayEvent.objects.filter(kind="asked").values_list("channel", "answer", "is_on", "is_white"))
    if slug == "truccazzano":
        assert {(answer, is_on) for _, answer, is_on, _ in asked} >= {
            ("accepted", False),
            ("late", False),
            ("accepted", True),
        }
        assert any(is_white for *_, is_white in asked)
        assert Booking.objects.filter(day=MOMENT.date(), is_booked=False).exists()
    elif slug == "valenza":
        assert {(answer, is_on) for _, answer, is_on, _ in asked} == {("accepted", True)}
        assert Booking.objects.filter(day__gt=MOMENT.date()).exists()
    else:
        assert asked == set()


def _what_an_answer_says_was_done() -> None:
    """The family that was answered "abbiamo corretto" has had its money back, before the answer."""
    answer = TicketMessage.objects.get(text=noticeboard.PUT_RIGHT)
    ticket = answer.ticket
    first = TicketMessage.objects.filter(ticket=ticket).earliest("at")
    assert ticket.child_id
    told = [
        mark
        for mark in sheets.marks_of(child_id=ticket.child_id, first=date(2026, 9, 1), last=MOMENT.date())
        if day_long(mark.day) in first.text
    ]
    assert told, first.text
    steps = [wallets.steps_of(source=Source.of_presence(mark.presence_id)) for mark in told]
    (charge, given_back) = next(found for found in steps if len(found) == 2)
    assert charge.amount.cents + given_back.amount.cents == 0
    assert charge.at < first.at < given_back.at < answer.at


def _the_kitchens_were_ordered_what_was_eaten() -> None:
    """The last school day's sheets are frozen, with the roll-calls' meals; today has a menu; a diet waits to be read."""
    for service in services.services():
        ordered = cooking.last_sheets(service_id=service.pk, day=LAST_SCHOOL_DAY)
        lines = cooking.orders(sheet_ids=[sheet.pk for sheet in ordered])
        eaten = sheets.tallies(day=LAST_SCHOOL_DAY, service_ids=[service.pk])
        cooked = service.kind in serving.COOKED
        # Whom the office found absent after the cut-off was cooked for all the same; whom it found present was not ordered.
        later = max((sheet.as_of for sheet in ordered), default=MOMENT)
        corrected = DayEvent.objects.filter(service=service, day=LAST_SCHOOL_DAY, kind="corrected", received_at__gt=later)
        turned = corrected.filter(is_on=False).count() - corrected.filter(is_on=True).count()
        expected = sum(one.eating for one in eaten) + turned if cooked else 0
        assert sum(one.total for found in lines.values() for one in found) == expected
        assert bool(cooking.tables(service_ids=[service.pk], day=MOMENT.date())) == cooked
    assert len(enrolment.diet_proposals()) == 1
