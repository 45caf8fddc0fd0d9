"""The file of collections: valid against the official schemas, the same for a second library, flat in memory."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from lxml import etree
from sepaxml import SepaDD

from campanella.domains.debiting.gateways.sepa import text, writing
from campanella.domains.debiting.gateways.sepa.base import Amendment, Ask, Creditor, Group, Head
from campanella.domains.debiting.rules.accounts import account
from tests.domains.debiting.gateways.spec import needs_spec, schema

SCHEMAS = {"cbi": "CBIBdySDDReq.00.01.01", "pain008": "pain.008.001.08"}
FORMS = sorted(SCHEMAS)
CREDITOR = Creditor(
    "Comune di Forlì & Cesena", "IT58ZZZ0000080017210727", account("IT60X0542811101000000123456"), "1234567A"
)
HEAD = Head("SDD-20261120-7", datetime(2026, 11, 20, 9, 0, tzinfo=UTC), CREDITOR)
ITALIAN = account("IT39R0306909606100000067890")
SWISS = account("CH9300762011623852957")


def ask(number: int, **changes) -> Ask:
    plain = Ask(
        end_to_end_id=f"SDD-{number:010}",
        cents=10025,
        reference=f"MND-{number}",
        signed_on=date(2026, 9, 1),
        holder="Niccolò D’Angelo",
        account=ITALIAN,
        remittance="Mensa scolastica, novembre 2026, avviso 2026/12",
    )
    return replace(plain, **changes)


def group(name: str, *asks: Ask, sequence="RCUR", day=date(2026, 12, 10)) -> Group:
    return Group(f"SDD-20261120-7-{name}", day, sequence, len(asks), sum(one.cents for one in asks), iter(asks))


def written(*groups: Group, form: str) -> bytes:
    out = io.BytesIO()
    writing.write(out, head=HEAD, groups=groups, form=form)
    return out.getvalue()


def everything() -> list[Group]:
    return [
        group("1", ask(1), ask(2, cents=1, remittance="àèìòù “ß” Æ € 5_3"), sequence="FRST"),
        group(
            "2",
            ask(3, amendment=Amendment(is_new_account=True)),
            ask(4, amendment=Amendment("OLD-4", "IT77ZZZ0000001199250158", is_new_account=True)),
            ask(5, account=SWISS, town="Chiasso", country="CH", cents=99_999_999),
        ),
        group("3", ask(6, holder="Željko Šimić"), day=date(2026, 12, 14)),
    ]


@needs_spec
@pytest.mark.parametrize("form", FORMS)
def test_a_file_is_valid_against_the_official_schema(form) -> None:
    content = written(*everything(), form=form)

    schema(SCHEMAS[form]).assertValid(etree.fromstring(content))


@pytest.mark.parametrize("form", FORMS)
def test_a_file_says_what_was_asked_for(form) -> None:
    tree = etree.fromstring(written(*everything(), form=form))

    def all_of(path: str) -> list[str]:
        return [element.text for element in tree.iterfind(f".//{{{writing.FLAVOURS[form].namespace}}}{path}")]

    assert all_of("MsgId") == ["SDD-20261120-7"]
    assert all_of("NbOfTxs")[0] == "6"
    assert all_of("CtrlSum")[0] == "1000401.00"
    assert all_of("SeqTp") == ["FRST", "RCUR", "RCUR"]
    assert all_of("ReqdColltnDt") == ["2026-12-10", "2026-12-10", "2026-12-14"]
    assert all_of("EndToEndId") == [f"SDD-{number:010}" for number in range(1, 7)]
    assert all_of("InstdAmt") == ["100.25", "0.01", "100.25", "100.25", "999999.99", "100.25"]
    assert all_of("OrgnlMndtId") == ["OLD-4"]
    assert all_of("AmdmntInd") == ["true", "true"]
    assert content_of(tree, "OrgnlDbtrAcct") == ["SMNDA", "SMNDA"]
    assert all_of("TwnNm") == ["Chiasso"]
    assert not all_of("AdrLine")
    assert all_of("Ustrd")[1] == "aeiou 'ss' AE EUR 5-3"
    assert {"Niccolo D'Angelo", "Zeljko Simic", "Comune di Forli + Cesena"} <= set(all_of("Nm"))
    assert len(all_of("InstrId")) == (6 if form == "cbi" else 0)
    assert all_of("MmbId") == (["05428"] * 3 if form == "cbi" else [])


def content_of(tree: etree._Element, name: str) -> list[str]:
    return ["".join(one.itertext()) for one in tree.iter(f"{{*}}{name}")]


def test_another_library_writes_the_same_file() -> None:
    other = SepaDD(
        {
            "name": "Comune di Forli + Cesena",
            "IBAN": CREDITOR.account.iban,
            "BIC": CREDITOR.account.bic,
            "batch": True,
            "creditor_id": CREDITOR.creditor_id,
            "currency": "EUR",
            "msg_id": HEAD.message_id,
        },
        schema="pain.008.001.08",
        clean=True,
    )
    asks = [ask(1), ask(2, cents=51_50), ask(3, cents=7)]
    for one in asks:
        other.add_payment(
            {
                "name": "Niccolo D'Angelo",
                "IBAN": one.account.iban,
                "BIC": one.account.bic,
                "amount": one.cents,
                "type": "RCUR",
                "collection_date": date(2026, 12, 10),
                "mandate_id": one.reference,
                "mandate_date": one.signed_on,
                "description": one.remittance,
                "endtoend_id": one.end_to_end_id,
            }
        )
    theirs, ours = etree.fromstring(other.export()), etree.fromstring(written(group("1", *asks), form="pain008"))

    def told(tree: etree._Element) -> list[tuple[str, str]]:
        # The ids of messages and the moment of writing are each library's own.
        own = {"MsgId", "PmtInfId", "CreDtTm", "InitgPty"}
        pairs = [(etree.QName(one).localname, (one.text or "").strip()) for one in tree.iter() if isinstance(one.tag, str)]
        return [pair for pair in pairs if pair[0] not in own]

    assert told(ours) == told(theirs)


def test_what_was_announced_must_be_what_is_written() -> None:
    wrong = replace(group("1", ask(1)), cents=1)

    with pytest.raises(writing.SumsDiffer):
        written(wrong, form="cbi")


@pytest.mark.parametrize("identifier", ["", "/a", "a/", "a//b", "a" * 36, "ò", "a\nb"])
def test_ids_that_no_bank_takes(identifier) -> None:
    assert not text.is_identifier(identifier)
    with pytest.raises(ValueError, match="no id"):
        written(group("1", ask(1, reference=identifier)), form="cbi")


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("Niccolò", "Niccolo"),
        ("D’Amico–Neri", "D'Amico-Neri"),
        ("Łukasz Đorđe Åse Þór", "Lukasz Dorde Ase Thor"),
        ("a\tb\n c", "a b c"),
        ("Мария 2", "????? 2"),
        ("x" * 80, "x" * 70),
        ("<b>&amp;</b>", "?b?+amp,?/b?"),
    ],
)
def test_the_characters_of_banks(given, plain) -> None:
    assert text.plain(given, longest=70) == plain


def test_a_name_of_which_nothing_is_left_is_refused() -> None:
    with pytest.raises(text.NotWritable):
        text.plain("Мария", longest=70)
