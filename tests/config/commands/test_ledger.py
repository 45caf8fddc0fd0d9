"""``campanella ledger``."""

import json

import pytest
from django.core.management import CommandError
from django.db import connection

from tests.config.commands.running import in_a_process, said
from tests.towns import Cast, as_owner


def test_balances_tell_every_wallet_with_its_child_and_service(valle: Cast) -> None:
    valle.credit("Anna", 5000)
    anna = valle.child("Anna")
    anna.tax_code = "RSSNNA19D52L483K"
    anna.save()

    wallets = json.loads(said("ledger", "balances", "--town", "valle", "--json"))["wallets"]

    assert {
        "id": str(valle.wallet("Anna").pk),
        "child_tax_code": "RSSNNA19D52L483K",
        "service": "mensa",
        "balance_cents": 5000,
    } in wallets
    assert len(wallets) == 4
    assert "4 wallets, 50,00\xa0€ together" in said("ledger", "balances", "--town", "valle")


def test_a_child_without_tax_code_is_told_by_its_code(valle: Cast) -> None:
    luca = valle.child("Luca")
    luca.tax_code = ""
    luca.save()

    lines = [line.split() for line in said("ledger", "balances", "--town", "valle").splitlines()]

    assert [str(valle.wallet("Luca").pk), luca.code, "mensa"] in [words[:3] for words in lines]


def test_a_clean_book_says_so(valle: Cast) -> None:
    valle.credit("Anna", 5000)
    assert said("ledger", "verify", "--town", "valle") == "valle: clean\n"


def test_a_violation_is_named_and_the_command_fails(valle: Cast) -> None:
    wallet = valle.wallet("Anna").pk
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("update ledger_wallet set balance_cents = 999 where id = %s", [wallet])
    with pytest.raises(CommandError, match=r"^1 violation in 1 of 1 town\.$"):
        said("ledger", "verify", "--town", "valle")


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("ledger", "verify", "--town", "atlantide"), "There is no town “atlantide”. Known towns: none."),
        (("ledger", "balances"), "the following arguments are required: --town"),
        (("audit",), "the following arguments are required: verify"),
        (("ledger",), "the following arguments are required: verify|balances"),
        (("ledger", "verify", "--tawn", "x"), "unrecognized arguments: --tawn x"),
    ],
)
def test_a_failure_is_one_sentence_and_a_status(django_db_setup: None, words: tuple[str, ...], sentence: str) -> None:
    ended = in_a_process(*words)
    assert ended.status == 1
    assert ended.out == ""
    assert ended.err.strip() == sentence
