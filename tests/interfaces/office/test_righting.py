"""The office asks, another decides: from the child's page to the bank's answer, as the two of them see it."""

import re
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import etree

from campanella.domains.adjusting import queries
from campanella.domains.adjusting.models import Proposal
from campanella.domains.ledger import verify
from campanella.foundation.core import clock
from campanella.readings import proofs
from campanella.usecases.adjusting import asking
from tests.adjusting import ACCOUNT, TOWN_ACCOUNT, ask, colleague
from tests.browsing import Browser, browser
from tests.towns import Cast, choosing, text_of

KEY = "form-key-of-a-clerk-1"


@pytest.fixture(autouse=True)
def clean(valle: Cast) -> Iterator[None]:
    choosing(valle.town, iban=TOWN_ACCOUNT)
    yield
    assert verify.violations() == []
    assert proofs.violations() == []


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


@pytest.fixture
def lia(valle: Cast) -> Browser:
    return browser(valle.town, colleague())


def address(cast: Cast, what: str, child: str = "Anna") -> str:
    return f"/ufficio/bambini/{cast.child(child).pk}/{what}/"


def typed(cast: Cast, amount: str, **more: str) -> dict[str, str]:
    return {"wallet": str(cast.wallet("Anna").pk), "amount": amount, "reason": "prova", "key": KEY, **more}


def decide(who: Browser, act: str, **more: str) -> str:
    proposal = Proposal.objects.latest("id")
    return text_of(who.post(f"/ufficio/rettifiche/{proposal.pk}/", {"act": act, **more}, follow=True))


def test_a_large_adjustment_waits_where_everybody_sees_it(valle: Cast, office: Browser, lia: Browser) -> None:
    form = typed(valle, "200,00", direction="plus", ready="Pagamento doppio", reason="", confirmed="1")
    page = text_of(office.post(address(valle, "rettifica"), form, follow=True))

    assert "Aspetta la conferma di un’altra persona" in page
    assert "Rettifica, +200,00" in page
    assert valle.balance("Anna") == 0
    own = office.read(f"/ufficio/rettifiche/{Proposal.objects.get().pk}/")
    assert "L’hai chiesto tu" in own
    assert "Conferma" not in own
    assert "1 da decidere: aspetta" in lia.read("/ufficio/da-fare/")
    assert "Pagamento doppio" in lia.read("/ufficio/rettifiche/")
    assert "L’hai chiesto tu" in decide(office, "confirm")

    assert "Fatto." in decide(lia, "confirm")
    assert valle.balance("Anna") == 20_000
    assert "è già stata decisa" in decide(lia, "confirm")
    assert "Correzione dell’ufficio Pagamento doppio" in office.read(f"/ufficio/bambini/{valle.child('Anna').pk}/")


def test_refusing_needs_a_reason_and_withdrawing_is_for_who_asked(valle: Cast, office: Browser, lia: Browser) -> None:
    ask(valle, "adjustment", 30_000)
    assert "Scrivi il motivo" in decide(lia, "refuse", why="")
    assert lia.post(f"/ufficio/rettifiche/{Proposal.objects.get().pk}/", {"act": "withdraw"}).status_code == 404
    assert "Respinto" in decide(lia, "refuse", why="non è vero")
    assert "non è vero" in office.read(f"/ufficio/rettifiche/{Proposal.objects.get().pk}/")


def test_kindness_shows_what_was_given_and_goes_on_by_two(valle: Cast, office: Browser) -> None:
    assert "Quest’anno hai dato 0,00 € dei 50,00 €" in office.read(address(valle, "cortesia"))
    for _ in range(2):
        office.post(address(valle, "cortesia"), typed(valle, "5"))
    assert valle.balance("Anna") == 500
    assert "Quest’anno hai dato 5,00 € dei 50,00 €" in office.read(address(valle, "cortesia"))
    page = text_of(office.post(address(valle, "cortesia"), typed(valle, "45,01", key="k" * 16), follow=True))
    assert "Aspetta la conferma" in page
    assert "5,00 € di 50,00 €" in office.read("/ufficio/rettifiche/")


@pytest.mark.parametrize(
    ("what", "form", "words"),
    [
        ("rimborso", {"amount": "1", "iban": "IT00", "holder": "M"}, "Un IBAN italiano ha 27 caratteri"),
        ("rimborso", {"amount": "1", "iban": "IT35Q0306909606100000067890", "holder": "M"}, "CIN"),
        ("rimborso", {"amount": "1", "iban": "TR330006100519786457841326", "holder": "M"}, "SEPA"),
        ("rimborso", {"amount": "1", "iban": ACCOUNT, "holder": "Олена Коваль"}, "La banca legge solo le nostre lettere"),
        ("rimborso", {"amount": "1", "iban": ACCOUNT, "holder": "M"}, "ci sono 0,00"),
        ("cancella-debito", {"amount": "1", "act_number": "1"}, "al massimo 0,00"),
        ("cancella-debito", {"amount": "1"}, "Scrivi il numero dell’atto"),
        ("altra-famiglia", {"amount": "1", "code": "nessuno"}, "Nessun bambino"),
        ("altra-famiglia", {"amount": "1"}, "Scrivi il codice"),
        ("cortesia", {"amount": "0"}, "Il minimo è"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    valle: Cast, office: Browser, what: str, form: dict[str, str], words: str
) -> None:
    assert words in text_of(office.post(address(valle, what), typed(valle, **form)))
    assert Proposal.objects.count() == 0


def test_credit_for_another_family_by_the_childs_code(valle: Cast, office: Browser, lia: Browser) -> None:
    valle.credit("Anna", 2000)
    code = valle.child("Amina").code
    office.post(address(valle, "altra-famiglia"), typed(valle, "20", code=code))
    assert "Anna Rossi a Amina Haddad" in lia.read("/ufficio/rettifiche/")
    decide(lia, "confirm")
    assert (valle.balance("Anna"), valle.balance("Amina")) == (0, 2000)


def test_refunds_go_to_the_bank_in_one_file_and_its_answer_comes_in(valle: Cast, office: Browser, lia: Browser) -> None:
    valle.credit("Anna", 5000)
    form = typed(valle, "50", iban=ACCOUNT.lower(), holder="Maria Rossi")
    office.post(address(valle, "rimborso"), form)
    assert "Nessun rimborso da mandare" in office.read("/ufficio/rimborsi/")
    page = text_of(lia.get(f"/ufficio/rettifiche/{Proposal.objects.get().pk}/"))
    assert "IT39 R030 6909 6061 0000 0067 890" in page
    decide(lia, "confirm")
    page = text_of(lia.get(f"/ufficio/rettifiche/{Proposal.objects.get().pk}/"))
    assert "IT •••• 7890" in page
    assert "R030" not in page
    assert "1 rimborso" in office.read("/ufficio/rimborsi/")

    assert "File pronto: 50,00" in text_of(office.post("/ufficio/rimborsi/", follow=True))
    assert "Non c’è nessun rimborso" in text_of(office.post("/ufficio/rimborsi/", follow=True))
    html = office.get("/ufficio/rimborsi/").content.decode()
    (link, *_) = re.findall(r'href="(/ufficio/rimborsi/\d+/pain001\.xml)"', html)
    content = office.get(link).content
    key = etree.fromstring(content).findtext(".//{*}EndToEndId")
    assert office.get(link.replace("pain001", "cbi")).status_code == 404

    body = (
        "<Document><CstmrPmtStsRpt><GrpHdr><MsgId>B1</MsgId></GrpHdr><OrgnlPmtInfAndSts><TxInfAndSts>"
        f"<OrgnlEndToEndId>{key}</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>"
        "</TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    )
    for words in ("1 registrato su 1", "già stato caricato"):
        file = SimpleUploadedFile("esiti.xml", body.encode())
        page = text_of(office.post("/ufficio/rimborsi/esiti/", {"file": file}))
        assert words in page
        assert "il conto è chiuso (AC04)" in page
    assert valle.balance("Anna") == 5000
    assert "Tornato indietro" in office.read("/ufficio/rettifiche/")
    child = office.read(f"/ufficio/bambini/{valle.child('Anna').pk}/")
    assert "Rimborso tornato indietro Il bonifico non è arrivato: il conto è chiuso +50,00" in child


def test_a_clerk_who_is_the_parent_is_sent_to_a_colleague(valle: Cast, lia: Browser) -> None:
    clerk = colleague("mamma", email=valle.families["rossi"].guardian.email)
    asked = ask(valle, "adjustment", 30_000)
    assert "della tua famiglia" in decide(browser(valle.town, clerk), "confirm")
    assert queries.proposal(proposal_id=asked.proposal.id).state == "waiting"


def test_the_same_key_on_another_page_moves_nothing(valle: Cast, office: Browser) -> None:
    office.post(address(valle, "cortesia"), typed(valle, "5"))
    office.post(address(valle, "rettifica"), typed(valle, "5", direction="plus"))
    assert valle.balance("Anna") == 500
    assert asking.queries.by_key(key=KEY) is not None
    assert Proposal.objects.get().at == clock.now()
