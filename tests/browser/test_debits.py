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

ASKED = """
with mandate as (
  insert into debiting_mandate (municipality_id, payer_id, reference, holder_name, holder_tax_code, iban, bic, town, country,
                                signed_on, is_carried, state, confirmed_at)
  select municipality_id, id, 'MND-PROVA', 'Prova', '', 'IT39R0306909606100000067890', '', '', '', '2026-09-01', false,
         'revoked', '2026-09-01'
    from people_guardian where id = {payer} returning municipality_id, id, payer_id
), file as (
  insert into debiting_collectionfile (municipality_id, message_id, period, made_at, creditor_name, creditor_id, iban, cuc)
  select municipality_id, 'SDD-PROVA', '2026-09', '2026-10-10', 'Comune', 'IT58ZZZ', 'IT60X0542811101000000123456', ''
    from mandate returning municipality_id, id
), handed as (
  insert into debiting_filehanding (municipality_id, file_id, at) select municipality_id, id, '2026-10-11' from file
), asked as (
  insert into debiting_collection (municipality_id, file_id, mandate_id, payer_id, debt, attempt, end_to_end_id, payment_id,
    sequence, day, cents, reference, signed_on, holder_name, iban, bic, town, country, former_reference,
    former_creditor_id, is_new_account, remittance, made_at)
  select m.municipality_id, f.id, m.id, m.payer_id, 'invoice:1', 1, 'PROVA-1', 'PROVA', 'FRST', '2026-12-04', 2310,
         'MND-PROVA', '2026-09-01', 'Prova', 'IT39R0306909606100000067890', '', '', '', '', '', false,
         'Refezione', '2026-10-10'
    from mandate m, file f
)
select id from file"""


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
    file_id = _asked_of_a_bank(person)
    person.open(f"/ufficio/adulti/{person.place.people['guardians']['fontana']}/addebito/storia/")
    person.reads("Addebito del 4 dicembre 2026", "Chiesto alla banca")
    _look(person, "guardian-debits")
    person.open(f"/ufficio/addebiti/{file_id}/")
    person.reads("1 addebito, 23,10 €")
    _look(person, "debit-collections")


def _asked_of_a_bank(person: Person) -> int:
    """Let a file have left the house that asks for something of an adult whose authorisation is over since."""
    ((file_id,),) = person.place.asked(ASKED.format(payer=person.place.people["guardians"]["fontana"]))
    return int(file_id)


def _look(person: Person, name: str) -> None:
    if folder := os.environ.get("CAMPANELLA_PICTURES"):
        person.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert examine(person.page, name=name) == []
