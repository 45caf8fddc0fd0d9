"""
Direct debit of 20,000 families: the file for the bank, and its answer with a line for each, by the commands themselves.

19,000 lines say that the money came, 1,000 that there was none: ledger, invoices and mandates included.
"""

import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import psycopg
from lxml import etree

from benchmarks.city import City, Size, build
from benchmarks.table import Measure, measure
from campanella.foundation.core import clock

FAMILIES, BACK = 20_000, 1_000
SIZE = Size(children=FAMILIES, classes=896, schools=112, riders=0)
MOST_SECONDS, MOST_MEGABYTES = 10, 300


def both(url: str) -> list[Measure]:
    """Ask for 20,000 collections, then read what came of them."""
    city = build(url, slug="addebiti", tax_code="00357850486", size=SIZE)
    period = (clock.day_of(clock.now()).replace(day=1) - timedelta(days=1)).replace(day=1)
    with psycopg.connect(url) as owner:
        owner.execute("select set_config('app.town', %s, true)", [str(city.town_id)])
        for statement in _STAGE:
            owner.execute(statement, {"town": city.town_id, "meal": city.meal_id, "first": period})
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("vacuum analyze")
    with tempfile.TemporaryDirectory(prefix="campanella-debits-") as folder:
        asked, answered = Path(folder) / "asked.xml", Path(folder) / "answered.xml"
        words = ["--town", "addebiti", "--period", f"{period:%Y-%m}", "--format", "cbi", "--out", str(asked)]
        file = _command(city, "file", *words)
        answered.write_text(_answer(asked))
        returns = _command(city, "returns", str(answered), "--town", "addebiti")
    return [
        *_told("file of 20,000 direct debits, CBI", *file),
        *_told("answer of the bank to 20,000 direct debits, 1,000 of them sent back", *returns),
    ]


def _told(name: str, seconds: float, megabytes: float) -> list[Measure]:
    return [
        measure(name=name, ours=seconds, unit="s", goal=f"< {MOST_SECONDS} s", met=seconds < MOST_SECONDS),
        measure(
            name="the same, memory of its process",
            ours=megabytes,
            unit="MB",
            goal=f"≤ {MOST_MEGABYTES} MB",
            met=megabytes <= MOST_MEGABYTES,
        ),
    ]


def _command(city: City, *words: str) -> tuple[float, float]:
    """Run ``campanella sdd``, and tell its seconds and megabytes."""
    begun = time.perf_counter()
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "campanella", "sdd", *words],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, used = os.wait4(pid, 0)
    if status:
        raise RuntimeError(f"the command ended with {status}")
    print(f"sdd {words[0]}: {used.ru_utime + used.ru_stime:.1f} s of a processor, the database's apart")
    # Kilobytes on Linux, bytes on a Mac.
    return time.perf_counter() - begun, used.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _answer(asked: Path) -> str:
    """Write what a bank would say: most have paid, every twentieth had no money."""
    tree = etree.parse(str(asked))
    keys = [one.text for one in tree.iter("{*}EndToEndId")]
    account = tree.findtext(".//{*}CdtrAcct//{*}IBAN")
    came, went = keys[: FAMILIES - BACK], keys[FAMILIES - BACK :]
    details = '<TxDtls><Refs><EndToEndId>{}</EndToEndId></Refs><Amt Ccy="EUR">4.60</Amt>{}</TxDtls>'
    why = "<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>"
    entries = "".join(
        f"<Ntry><Amt>1</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><NtryDtls>"
        f"{''.join(details.format(key, more) for key in some)}</NtryDtls></Ntry>"
        for sign, some, more in (("CRDT", came, ""), ("DBIT", went, why))
    )
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>'
        "<GrpHdr><MsgId>B</MsgId></GrpHdr>"
        f"<Ntfctn><Acct><Id><IBAN>{account}</IBAN></Id></Acct>{entries}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    )


_STAGE = [
    """update tenants_municipality set choices = choices || '{"sdd_offered": true, "sdd_cuc": "1234567A",
              "sdd_iban": "IT60X0542811101000000123456"}' where id = %(town)s""",
    """insert into people_guardian (municipality_id, given_name, family_name, tax_code, email, phone, address)
        select %(town)s, 'Adulto', 'Famiglia ' || id, '', 'd' || id || '@posta.example', '', ''
          from people_child where municipality_id = %(town)s""",
    """insert into people_guardianship (municipality_id, child_id, guardian_id, kind, is_payer)
        select %(town)s, c.id, g.id, 'parent', true from people_child c
          join people_guardian g on g.municipality_id = %(town)s and g.email = 'd' || c.id || '@posta.example'
         where c.municipality_id = %(town)s""",
    """insert into debiting_mandate (municipality_id, payer_id, reference, holder_name, holder_tax_code, iban, bic, town,
              country, signed_on, is_carried, state, confirmed_at)
        select %(town)s, id, 'MND-' || id, family_name, '', 'IT39R0306909606100000067890', 'BCITITMM', '', '',
               current_date - 60, true, 'active', now() - interval '60 days'
          from people_guardian where municipality_id = %(town)s""",
    """with run as (
         insert into billing_run (municipality_id, service_id, first, last, state, prepared_at, confirmed_at, digest,
                                  invoices, total_cents, next_entry, summary)
         values (%(town)s, %(meal)s, %(first)s, %(first)s, 'issued', now(), now(), '', 0, 0, 0, '{}') returning id
       ), invoice as (
         insert into billing_invoice (municipality_id, run_id, sequence, payer_id, method, total_cents, until_entry)
         select %(town)s, r.id, row_number() over (order by g.id), g.id, 'debit', 460, 0
           from people_guardian g cross join run r where g.municipality_id = %(town)s returning id, run_id, payer_id
       ), share as (
         insert into billing_share (municipality_id, invoice_id, run_id, wallet_id, child_id, lines_cents, carried_cents,
                                    due_cents)
         select %(town)s, v.id, v.run_id, w.id, w.child_id, 460, 0, 460
           from invoice v
           join people_guardianship t on t.municipality_id = %(town)s and t.guardian_id = v.payer_id
           join ledger_wallet w on w.municipality_id = %(town)s and w.child_id = t.child_id and w.service_id = %(meal)s
       )
       insert into billing_issue (municipality_id, invoice_id, series, year, number, issued_on, due_on, issued_at)
       select %(town)s, id, 'FT', 2026, row_number() over (order by id), current_date - 20, current_date + 10, now()
         from invoice""",
    """insert into billing_invoicehanding (municipality_id, invoice_id, day, how, at)
        select municipality_id, invoice_id, issued_on, 'hand', issued_at from billing_issue
         where municipality_id = %(town)s""",
]
