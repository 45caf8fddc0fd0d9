"""Accounts that a direct debit can reach, and creditor identifiers."""

import pytest

from campanella.domains.debiting.rules.accounts import NoAccount, account
from campanella.domains.debiting.rules.creditors import creditor_id_of, is_creditor_id


@pytest.mark.parametrize(
    ("iban", "bic"),
    [
        ("IT39R0306909606100000067890", "BCITITMM"),
        ("IT78N0760103200001012345678", "BPPIITRR"),
        ("IT60X0542811101000000123456", "BLOPIT22"),
        ("LT353250012345678901", "REVOLT21XXX"),
        ("FR1420041010050500013M02606", "PSSTFRPP"),
        ("DE89370400440532013000", "COBADEFFXXX"),
    ],
)
def test_accounts_that_are_taken(iban, bic) -> None:
    found = account(iban)

    assert (found.iban, found.bic, found.asks_for_address) == (iban, bic, False)


@pytest.mark.parametrize(
    "iban",
    ["SM86U0322509800000000270100", "CH9300762011623852957", "GB29NWBK60161331926819", "VA59001123000012345678"],
)
def test_outside_the_economic_area_the_bank_wants_town_and_country(iban) -> None:
    assert account(iban).asks_for_address


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("IT35Q0306909606100000067890", "CIN"),  # mod 97 is right
        ("IT64Y0542811101000000123456", "CIN"),
        ("IT60Y0542811101000000123456", "carattere sbagliato"),
        ("IT60X0542811101000000123457", "carattere sbagliato"),
        ("TR330006100519786457841326", "SEPA"),
        ("TN5910006035183598478831", "SEPA"),
        ("IT60X05428111010000001234", "27 caratteri, questo ne ha 25"),
        ("conto corrente", "carattere sbagliato"),
        ("XX60X0542811101000000123456", "carattere sbagliato"),
        ("  ", "Scrivi l’IBAN"),
    ],
)
def test_accounts_that_are_refused(typed, words) -> None:
    with pytest.raises(NoAccount, match=words):
        account(typed)


def test_blanks_and_small_letters_are_the_same_account() -> None:
    assert account(" it39 r030 6909 6061 0000 0067 890\n") == account("IT39R0306909606100000067890")
    assert account("IBAN IT39-R030-6909-6061-0000-0067-890").abi == "03069"


def test_an_account_that_is_written_by_accident_shows_its_end_only() -> None:
    found = account("IT39R0306909606100000067890")

    assert f"{found}" == "IT •••• 7890"
    assert "0306909606100000067890" not in repr(found) + str(found) + f"{[found]}"


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("DE98ZZZ09999999999", True),
        ("IT66ZZZA1B2C3D4E5F6G7H8", True),
        ("FR72ZZZ123456", True),
        ("IT58ZZZ0000080017210727", True),
        ("IT77ZZZ0000001199250158", True),
        ("IT58AB10000080017210727", True),
        ("IT59ZZZ0000080017210727", False),
        ("DE26ZZZ00000000000", False),
        ("IT58ZZZ80017210727", False),
        ("", False),
    ],
)
def test_creditor_identifiers(text, valid) -> None:
    assert is_creditor_id(text) is valid


def test_an_italian_body_has_the_identifier_of_its_tax_code() -> None:
    assert creditor_id_of("80017210727") == "IT58ZZZ0000080017210727"
    assert creditor_id_of("01199250158") == "IT77ZZZ0000001199250158"
