"""What the owner of the tables may plant among what is put right by hand is named by the auditor, and nothing else."""

import pytest

from campanella.foundation.core import clock, sql
from campanella.foundation.core.scope import active_town_id
from campanella.readings import proofs
from campanella.readings.proofs import proposals
from campanella.usecases.adjusting import hearing, refunds
from tests.adjusting import TOWN_ACCOUNT, ask, colleague, confirm
from tests.towns import OFFICE, Cast, as_owner, choosing, run_jobs

BOOKED, OWNED, BY_TWO, BACK, ORDERED = proposals.PROMISES


@pytest.fixture
def written(valle: Cast) -> dict[str, int]:
    """A kindness, a refund that went back, and one that waits for the bank."""
    choosing(valle.town, iban=TOWN_ACCOUNT)
    valle.credit("Anna", 5000)
    kind = ask(valle, "goodwill", 300).proposal
    first = confirm(ask(valle, "refund", -2000, key="first"), colleague("lia"))
    file = refunds.make(by=OFFICE, now=clock.now())
    body = (
        "<Document><CstmrPmtStsRpt><GrpHdr><MsgId>1</MsgId></GrpHdr><OrgnlGrpInfAndSts>"
        f"<OrgnlMsgId>{file.message_id}</OrgnlMsgId><GrpSts>RJCT</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>"
    )
    assert hearing.hear(by=OFFICE, body=body.encode(), now=clock.now()).applied == 1
    second = confirm(ask(valle, "refund", -1000, key="second"), colleague("ugo"))
    waits = ask(valle, "adjustment", 30_000, key="waits").proposal
    run_jobs()
    assert proofs.violations() == []
    return {"kind": kind.id, "first": first.id, "second": second.id, "waits": waits.id, "town": active_town_id()}


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("update adjusting_proposal set cents = 301 where id = {kind}", {BOOKED}),
        ("update adjusting_step set kind = 'refused' where proposal_id = {kind}", {BOOKED}),
        (
            "insert into adjusting_step (municipality_id, proposal_id, kind, at, by_label, why)"
            " values ({town}, {waits}, 'done', '2026-10-14T08:00Z', 'x', '')",
            {BOOKED, BY_TWO},
        ),
        (
            "update adjusting_step s set by_id = p.by_id from adjusting_proposal p"
            " where p.id = {second} and s.proposal_id = p.id",
            {BY_TWO},
        ),
        ("update adjusting_proposal set by_office = false where id = {second}", {BY_TWO}),
        ("delete from adjusting_refundcoming", {BACK}),
        ("update ledger_entry set source = 'goodwill:987654' where source = 'goodwill:{kind}'", {BOOKED, OWNED}),
        ("update adjusting_refundorder set proposal_id = {kind}", {ORDERED, BACK}),
    ],
)
def test_what_is_planted_is_named(written: dict[str, int], statement: str, named: set[str]) -> None:
    with as_owner():
        sql.run("select set_config('app.town', %s, true)", [str(active_town_id())])
        sql.run(statement.format(**written))
    found = {violation.promise for violation in proofs.violations()}
    assert found & set(proposals.PROMISES) == named
