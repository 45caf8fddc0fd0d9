"""Direct debit as a parent and a clerk meet it: signed on a phone, looked at, revoked; a paper and a file at the desk."""

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser.examine import examine
from tests.browser.persons import Person

PAGE = "/pagamenti/addebito/"
NAMELESS = b"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>M-1</MsgId></GrpHdr><Ntfctn><Acct/><Ntry><Amt>23.10</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-10-12</Dt></BookgDt><BkTxCd><Domn>
<Fmly><Cd>IDDT</Cd></Fmly></Domn></BkTxCd></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"""


def test_a_parent_signs_and_revokes_on_a_phone(somebody: Any) -> None:
    person: Person = somebody().sign_in("esposito")
    person.open(PAGE)
    _look(person, "debit, offered")
    person.link("Attiva l’addebito sul conto").click()
    _look(person, "debit-account")
    person.page.get_by_label("IBAN", exact=True).fill("IT35Q0306909606100000067890")
    person.button("Firma e attiva").click()
    person.reads("CIN")
    _look(person, "debit-account, refused")
    person.page.get_by_label("IBAN", exact=True).fill("IT39 R030 6909 6061 0000 0067 890")
    person.page.get_by_label("Codice fiscale del titolare").fill("RSSMRA85T10A562S")
    person.page.get_by_label("Sono titolare del conto").check()
    person.button("Firma e attiva").click()
    expect(person.heading("La tua autorizzazione")).to_be_visible()
    person.reads("IT •••• 7890")
    _look(person, "debit, signed")
    person.link("Revoca").click()
    _look(person, "debit-revoke")
    person.button("Revoca l’addebito").click()
    person.reads("è revocato")
    _look(person, "debit, revoked")


def test_a_clerk_looks_at_the_month_and_hands_a_paper_in(somebody: Any) -> None:
    person: Person = somebody(size="desktop").sign_in("office")
    person.open("/ufficio/addebiti/")
    _look(person, "debits")
    person.link("Carica gli esiti della banca").click()
    _look(person, "debit-answers")
    person.page.get_by_label("File degli esiti").set_input_files(
        {"name": "movimenti.xml", "mimeType": "application/xml", "buffer": NAMELESS}
    )
    person.button("Carica gli esiti").click()
    person.reads("senza riferimento")
    _look(person, "debit-answers, heard")
    person.open("/ufficio/addebiti/")
    person.link("Di’ di chi è").click()
    _look(person, "debit-line")
    person.open("/ufficio/addebiti/autorizzazioni/")
    _look(person, "take-mandates")
    person.open(f"/ufficio/adulti/{person.place.people['guardians']['fontana']}/addebito/")
    _look(person, "guardian-debit")


def _look(person: Person, name: str) -> None:
    if folder := os.environ.get("CAMPANELLA_PICTURES"):
        person.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert examine(person.page, name=name) == []
