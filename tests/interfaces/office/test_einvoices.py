"""A month's electronic invoices and stamp duty, from the run's page and the exports; the family's copy says so."""

import csv
import io
import zipfile

import pytest
from lxml import etree

from campanella.domains.billing import queries as billing
from campanella.domains.billing.runs import RunView
from campanella.domains.people.models import Guardian
from campanella.domains.services import operations as services
from campanella.domains.services.taxation import Taxation
from campanella.foundation.core import clock
from campanella.readings.billing import papers
from campanella.usecases.billing import staging
from tests.billing import bill, eat, october
from tests.browsing import Browser, browser
from tests.towns import OFFICE, Cast, choosing, text_of
from tests.usecases.billing.conftest import post_paid

SEAT = "Piazza 1, 11100 Aosta (AO)"


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def billed(cast: Cast, *, vat: str = "4", days: int = 22) -> RunView:
    services.set_taxation(
        by=OFFICE, service=cast.services["mensa"], from_year=2026, taxation=Taxation("school", vat), now=clock.now()
    )
    Guardian.objects.filter(family_name="Rossi").update(address="via Roma 3, 11100 Aosta")
    post_paid(cast)
    eat(cast, october()[:days])
    return bill(cast)


def archive(office: Browser, run: RunView) -> dict[str, bytes]:
    answer = office.get(f"/ufficio/fatture/mese/{run.id}/elettroniche.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as found:
        return {name: found.read(name) for name in found.namelist()}


def test_a_months_files_and_who_has_none(valle: Cast, office: Browser) -> None:
    choosing(valle.town, einvoice=True, einvoice_seat=SEAT)
    run = billed(valle)
    assert "Fatture elettroniche" in text_of(office.get(f"/ufficio/fatture/mese/{run.id}/"))

    files = archive(office, run)
    (name,) = [name for name in files if name.endswith(".xml")]
    left_out = list(csv.reader(io.StringIO(files["escluse.csv"].decode("utf-8-sig")), delimiter=";"))

    assert name.startswith("IT00142920439_")
    root = etree.fromstring(files[name])
    rossi = next(one for one in billing.invoices_between(period=None, run_id=run.id) if len(one.shares) == 2)
    gross = sum(share.lines.cents for share in rossi.shares)
    assert root.findtext(".//ImportoTotaleDocumento") == f"{gross // 100}.{gross % 100:02}"
    lines = [one.text or "" for one in root.iterfind(".//DettaglioLinee/PrezzoTotale")]
    assert sum(round(float(one) * 100) for one in lines) == round(float(root.findtext(".//ImponibileImporto") or 0) * 100)
    assert (root.findtext(".//Descrizione") or "").startswith("Refezione, ottobre 2026, Anna Rossi: 22")
    assert left_out[1][1] == "l’indirizzo di chi paga non è completo (via, CAP e località)"
    assert archive(office, run) == files
    assert "Copia della fattura elettronica" in papers.sheet(invoice=rossi).tax_law


def test_what_is_called_back_has_its_credit_note(valle: Cast, office: Browser) -> None:
    choosing(valle.town, einvoice=True, einvoice_seat=SEAT)
    run = billed(valle, days=2)
    staging.recall(by=OFFICE, run_id=run.id, reason="tariffa sbagliata", now=clock.now())

    kinds = {}
    for name, content in archive(office, run).items():
        if name.endswith(".xml"):
            root = etree.fromstring(content)
            kinds[root.findtext(".//TipoDocumento")] = (root.findtext(".//Numero"), root.findtext(".//IdDocumento"))
    assert set(kinds) == {"TD01", "TD04"}
    assert kinds["TD04"][1] == kinds["TD01"][0]


@pytest.mark.parametrize(
    ("choices", "vat", "words"),
    [
        ({"einvoice": False}, "4", "non emette fatture elettroniche"),
        ({"einvoice": True, "einvoice_seat": SEAT}, "outside", "non emette fatture elettroniche"),
        ({"einvoice": True, "einvoice_seat": "Aosta"}, "4", "manca l’indirizzo del Comune"),
    ],
)
def test_where_there_are_none_the_page_says_why(
    valle: Cast, office: Browser, choices: dict[str, object], vat: str, words: str
) -> None:
    choosing(valle.town, **choices)
    run = billed(valle, vat=vat, days=1)
    assert words in text_of(office.get(f"/ufficio/fatture/mese/{run.id}/elettroniche.zip", follow=True))


def test_stamp_duty_is_counted_said_and_exported_above_its_threshold(valle: Cast, office: Browser) -> None:
    choosing(valle.town, stamp_virtual=True)
    run = billed(valle, vat="exempt")
    # Of 22 days the Rossi owe 169,40 €, the Haddad 68,20 or 101,20 €: the threshold is 77,47 €.
    issued = billing.invoices_between(period=None, run_id=run.id)
    above = [one for one in issued if sum(share.lines.cents for share in one.shares) > 7747]
    assert above
    page = text_of(office.get(f"/ufficio/fatture/mese/{run.id}/"))
    assert f"Con bollo da 2 €, a carico del Comune {len(above)}" in page
    rows = office.get("/ufficio/esportazioni/bollo.csv?dal=2026-11-01&al=2026-11-30").content.decode("utf-8-sig")
    assert [row.split(";")[0] for row in rows.splitlines()[1:]] == [one.number for one in above]
    sheet = papers.sheet(invoice=above[0])
    assert "Imposta di bollo di 2,00\N{NO-BREAK SPACE}€ assolta in modo virtuale" in sheet.tax_law
    assert sheet.total == str(above[0].total)


def test_what_bears_vat_bears_no_stamp(valle: Cast, office: Browser) -> None:
    choosing(valle.town, stamp_virtual=True)
    run = billed(valle)
    assert "Con bollo" not in text_of(office.get(f"/ufficio/fatture/mese/{run.id}/"))
    rows = office.get("/ufficio/esportazioni/bollo.csv?dal=2026-11-01&al=2026-11-30").content.decode("utf-8-sig")
    assert len(rows.splitlines()) == 1
