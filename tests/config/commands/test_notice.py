"""``campanella notice create``."""

import json

import pytest
from django.core.management import CommandError
from pytest_django import DjangoAssertNumQueries

from campanella.domains.payments import queries
from tests.config.commands.running import said
from tests.towns import Cast, without_account


def create(valle: Cast, *more: str, cents: int = 2000) -> str:
    wallet = str(valle.wallet("Anna").pk)
    return said("notice", "create", "--town", "valle", "--wallet", wallet, "--amount-cents", str(cents), *more)


def test_a_notice_has_its_number_and_can_be_paid(valle: Cast) -> None:
    (notice,) = json.loads(create(valle, "--json"))
    position = queries.position_by_notice(notice_number=notice["notice_number"])
    assert position is not None
    assert (position.amount_cents, position.state, position.is_notice) == (2000, "open", True)
    assert notice == {
        "notice_number": position.notice_number,
        "iuv": position.notice_number[1:],
        "amount_cents": 2000,
        "wallet": str(valle.wallet("Anna").pk),
    }


def test_a_thousand_notices_take_as_many_queries_as_a_hundred(
    valle: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(16):
        hundred = json.loads(create(valle, "--json", "--count", "100"))
    with django_assert_max_num_queries(16):
        thousand = json.loads(create(valle, "--json", "--count", "1000"))
    numbers = {notice["notice_number"] for notice in hundred + thousand}
    assert len(numbers) == 1100


@pytest.mark.parametrize(("cents", "count"), [(0, 1), (-5, 1), (100_000_000, 1), (100, 0), (100, 200_001)])
def test_senseless_amounts_and_counts_are_refused(valle: Cast, cents: int, count: int) -> None:
    with pytest.raises(CommandError, match="must be between"):
        create(valle, "--count", str(count), cents=cents)


def test_a_town_without_an_account_makes_no_notices(valle: Cast) -> None:
    without_account(valle.town)
    with pytest.raises(CommandError, match=r"^Comune di Valle has no IBAN yet: the office writes it under Impostazioni\.$"):
        create(valle)


def test_an_unknown_wallet_is_told_in_a_sentence(valle: Cast) -> None:
    with pytest.raises(CommandError, match=r"^There is no wallet 999999 in valle: `ledger balances` lists them\.$"):
        said("notice", "create", "--town", "valle", "--wallet", "999999", "--amount-cents", "100")
