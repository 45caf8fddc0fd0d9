"""``campanella refund``: the file for the bank and its answer, as an operator sees them."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError
from lxml import etree

from campanella.foundation.core import scope as scopes
from tests.adjusting import TOWN_ACCOUNT, ask, colleague, confirm
from tests.config.commands import running
from tests.towns import Cast, choosing, tell_again


def said(*words: str) -> str:
    """Run the command, which opens and closes scopes of its own."""
    scopes._tell_postgres("")
    told = running.said(*words)
    tell_again()
    return told


@pytest.fixture
def approved(valle: Cast) -> Cast:
    choosing(valle.town, iban=TOWN_ACCOUNT)
    valle.credit("Anna", 5000)
    confirm(ask(valle, "refund", -5000), colleague())
    return valle


def file(target: Path, *more: str) -> str:
    return said("refund", "file", "--town", "valle", "--format", "pain001", "--out", str(target), *more)


def test_a_file_its_answer_and_the_same_file_again(approved: Cast, tmp_path: Path) -> None:
    target, answer = tmp_path / "rimborsi.xml", tmp_path / "esiti.xml"
    told = json.loads(file(target, "--json"))
    assert (told["refunds"], told["total_cents"]) == (1, 5000)
    first = target.read_bytes()
    with pytest.raises(CommandError, match="nessun rimborso"):
        file(target)
    assert "1 refund" in file(target, "--again", str(told["id"]))
    assert target.read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == ["rimborsi.xml"]

    key = etree.fromstring(first).findtext(".//{*}EndToEndId")
    answer.write_text(
        "<Document><CstmrPmtStsRpt><GrpHdr><MsgId>B1</MsgId></GrpHdr><OrgnlPmtInfAndSts><TxInfAndSts>"
        f"<OrgnlEndToEndId>{key}</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>"
        "</TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    )
    heard = json.loads(said("refund", "returns", str(answer), "--town", "valle", "--json"))
    again = said("refund", "returns", str(answer), "--town", "valle")

    (line,) = heard["lines"]
    assert (line["kind"], line["reason"], line["words"], line["verdict"]) == ("back", "AC04", "il conto è chiuso", "applied")
    assert "0 lines done of 1" in again
    assert approved.balance("Anna") == 5000


def test_what_cannot_be_written_or_read_is_one_sentence(approved: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--again"):
        file(tmp_path / "nowhere" / "a.xml")
    with pytest.raises(CommandError, match="cannot be read"):
        said("refund", "returns", str(tmp_path / "none.xml"), "--town", "valle")
    (tmp_path / "b.xml").write_bytes(b"<a")
    with pytest.raises(CommandError, match="a met"):
        said("refund", "returns", str(tmp_path / "b.xml"), "--town", "valle")
