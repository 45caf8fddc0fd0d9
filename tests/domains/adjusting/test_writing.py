"""The file of refunds: valid by ISO's own schemas, read by an independent library's rules, the same bytes each time."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sepaxml
from lxml import etree

from campanella.domains.adjusting.gateways.sct import writing
from campanella.domains.adjusting.gateways.sct.base import CreditTransfer, Format, TransferFile
from campanella.domains.debiting.rules.accounts import account

SCHEMAS: dict[Format, str] = {"pain001": "pain.001.001.09", "pain001-2009": "pain.001.001.03"}
ACCOUNTS = ["IT39R0306909606100000067890", "LT353250012345678901", "SM86U0322509800000000270100"]


def order(cuc: str = "1234567A") -> TransferFile:
    transfers = [
        CreditTransfer(f"RIMB-1-{place}", 1000 + place, "Ànna D’Òro", account(iban), "Rimborso Refezione")
        for place, iban in enumerate(ACCOUNTS)
    ]
    made_at = datetime(2026, 11, 30, 9, 4, 5, 6, tzinfo=UTC)
    town = account("IT60X0542811101000000123456")
    return TransferFile("RIMB-1-20261130-0A1B2C3D", made_at, date(2026, 12, 1), "Comune di Valle", town, cuc, transfers)


def schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(Path(sepaxml.__file__).parent / "schemas" / f"{name}.xsd"))


@pytest.mark.parametrize("form", sorted(SCHEMAS))
@pytest.mark.parametrize("cuc", ["1234567A", ""])
def test_it_is_valid_and_the_same_each_time(form: Format, cuc: str) -> None:
    written = writing.write(order(cuc), form=form)
    schema(SCHEMAS[form]).assertValid(etree.fromstring(written))
    assert written == writing.write(order(cuc), form=form)


def test_sums_names_and_accounts_stand_in_it() -> None:
    root = etree.fromstring(writing.write(order(), form="pain001"))
    assert [one.text for one in root.iterfind(".//{*}CtrlSum")] == ["30.03", "30.03"]
    assert {one.text for one in root.iterfind(".//{*}Cdtr/{*}Nm")} == {"Anna D'Oro"}
    assert [one.text for one in root.iterfind(".//{*}CdtrAcct//{*}IBAN")] == ACCOUNTS
    assert root.findtext(".//{*}ReqdExctnDt/{*}Dt") == "2026-12-01"


def test_an_id_no_bank_takes_is_a_fault_of_ours() -> None:
    wrong = TransferFile("//", datetime(2026, 11, 30, tzinfo=UTC), date(2026, 12, 1), "Comune", order().account, "", [])
    with pytest.raises(writing.NoIdentifier):
        writing.write(wrong, form="pain001")
