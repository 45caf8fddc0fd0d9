"""The look-up of an ISEE at INPS: what is asked, what is understood, and how each way of failing is told apart."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest

from campanella.domains.enrolment import rules
from campanella.domains.enrolment.gateways.base import IseeAsked, IseeFound, LookupRefused, LookupUnavailable
from campanella.domains.enrolment.gateways.inps import consultation
from campanella.simulators.inps import envelope
from campanella.simulators.inps.inps import Inps, Record, record_of
from tests.inps import ROSSI
from tests.inps import stranger as stranger

ASKED = IseeAsked(
    tax_code=ROSSI,
    kind="minors",
    valid_on=date(2026, 10, 14),
    benefit="A1.05",
    protocol="CAMP-1-abc",
    body="C_B832",
    office="SCUOLA",
    operator="BNCLRA88C51F205T",
)
FOUND = IseeFound(980_000, date(2026, 3, 2), "INPS-ISEE-2026-00000001A-00", has_omissions=False)


def ask(asked: IseeAsked = ASKED, client: Any = None) -> IseeFound | None:
    """Ask as the product does."""
    with client or httpx.Client() as one:
        return consultation.ask(asked, url="https://inps.example/Svc", key="gettone", client=one, timeout=1)


def answering(answer: Callable[[httpx.Request], httpx.Response]) -> httpx.Client:
    """Return a client whose other side answers so."""
    return httpx.Client(transport=httpx.MockTransport(answer))


def saying(outcome: str, indicator: str = "") -> bytes:
    """Return an answer of INPS, its indicator as it is."""
    inner = base64.b64encode(indicator.encode()).decode()
    return (
        f'<e:Envelope xmlns:e="{consultation.ENVELOPE}" xmlns:c="{consultation.CONSULTATION}"><e:Body>'
        f"<c:Esito>{outcome}</c:Esito><c:XmlEsitoIndicatore>{inner}</c:XmlEsitoIndicatore></e:Body></e:Envelope>"
    ).encode()


def test_both_sides_understand_each_other(stranger: Inps) -> None:
    assert ask() == FOUND
    (kept,) = stranger.questions()
    assert {name: kept[name] for name in (*envelope.WHO, *envelope.WHAT, "TipoIndicatore")} == {
        "CodiceEnte": "C_B832",
        "CodiceUfficio": "SCUOLA",
        "CFOperatore": "BNCLRA88C51F205T",
        "CodiceFiscale": ROSSI,
        "DataValidita": "2026-10-14",
        "PrestazioneDaErogare": "A1.05",
        "ProtocolloDomandaEnteErogatore": "CAMP-1-abc",
        "StatodomandaPrestazione": "Da Erogare",
        "TipoIndicatore": "Minorenne",
    }


def test_omissions_are_understood_and_so_is_nothing(stranger: Inps) -> None:
    stranger.say(ROSSI, Record(1_234_567, "2026-03-02", "", has_omissions=True))
    assert ask() == IseeFound(1_234_567, date(2026, 3, 2), "", has_omissions=True)
    stranger.say(ROSSI, Record(None, "2026-03-02", ""))
    assert ask() is None


def test_an_indicator_may_come_in_lines() -> None:
    indicator = f'<i xmlns="{envelope.REFORM}" ISEE="9800.00" ProtocolloDSU="{"A" * 40}"/>'
    whole = base64.b64encode(indicator.encode()).decode()
    lines = "\n".join(whole[start : start + 76] for start in range(0, len(whole), 76))
    content = saying("OK", indicator).replace(whole.encode(), lines.encode())
    assert lines.count("\n") > 0
    found = ask(client=answering(lambda _: httpx.Response(200, content=content)))
    assert found is not None
    assert found.cents == 980_000


@pytest.mark.parametrize(("mode", "failure"), [("down", LookupUnavailable), ("refuses", LookupRefused)])
def test_who_is_down_may_be_asked_again_and_who_refuses_not(stranger: Inps, mode: str, failure: type[Exception]) -> None:
    stranger.turn(mode)
    with pytest.raises(failure):
        ask()


def test_what_is_compulsory_is_refused_when_it_is_missing(stranger: Inps) -> None:
    with pytest.raises(LookupRefused, match="RICHIESTA_INVALIDA"):
        ask(replace(ASKED, benefit=""))


def test_a_slow_answer_is_none() -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow", request=request)

    with pytest.raises(LookupUnavailable, match="ReadTimeout"):
        ask(client=answering(slow))


@pytest.mark.parametrize(
    ("status", "failure"),
    [(429, LookupUnavailable), (503, LookupUnavailable), (302, LookupUnavailable), (401, LookupRefused)],
)
def test_what_http_says(status: int, failure: type[Exception]) -> None:
    with pytest.raises(failure):
        ask(client=answering(lambda request: httpx.Response(status)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>manutenzione",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"x" * (consultation.LONGEST_ANSWER + 1),
        saying("OK"),
        saying("OK", "<Indicatore/>"),
        saying("OK", '<Indicatore ISEE="tanto"/>'),
        saying("OK", '<Indicatore ISEE="-1.00"/>'),
        saying("OK", '<Indicatore ISEE="NaN"/>'),
        saying("OK", '<Indicatore ISEE="Infinity"/>'),
        saying("OK", '<Indicatore ISEE="1E+999999999"/>'),
        saying("OK", '<Indicatore ISEE="9.800,00"/>'),
        saying("OK", '<Indicatore ISEE="1.00" DataPresentazioneDSU="ieri"/>'),
    ],
    ids=lambda content: content[:24].decode("ascii", "replace"),
)
def test_what_makes_no_sense_is_no_answer(content: bytes) -> None:
    with pytest.raises(LookupUnavailable):
        ask(client=answering(lambda request: httpx.Response(200, content=content)))


@pytest.mark.parametrize(
    ("written", "cents"), [("9800", 980_000), ("9800.5", 980_050), ("0.00", 0), ("12345.67", 1_234_567)]
)
def test_an_indicator_that_says_nothing_else_is_enough(written: str, cents: int) -> None:
    content = saying("OK", f'<Indicatore ISEE="{written}"/>')
    found = ask(client=answering(lambda request: httpx.Response(200, content=content)))
    assert found == IseeFound(cents, None, "", has_omissions=False)


@pytest.mark.parametrize(
    ("said", "found", "verdict"),
    [
        ((980_000, False), (980_000, date(2026, 3, 2), False), "same"),
        ((980_000, False), (980_000, None, False), "same"),
        ((980_000, False), (980_000, date(2026, 3, 3), False), "other"),
        ((980_000, False), (980_001, None, False), "other"),
        ((980_000, False), (980_000, None, True), "omissions"),
        ((980_000, False), (12, None, True), "omissions"),
        ((980_000, True), (980_000, None, True), "same"),
        # The family has said omissions, and they are gone: somebody looks.
        ((980_000, True), (980_000, None, False), "other"),
    ],
)
def test_what_is_the_same(said: tuple[int, bool], found: tuple[int, date | None, bool], verdict: str) -> None:
    told = rules.verdict(
        said_cents=said[0],
        said_on=date(2026, 3, 2),
        said_omissions=said[1],
        found_cents=found[0],
        found_on=found[1],
        found_omissions=found[2],
    )
    assert told == verdict


def test_a_person_of_whom_nobody_has_said_anything_has_always_the_same() -> None:
    today = date(2026, 10, 14)
    found = [record_of(f"RSSMRA85T10A5{number:02}S", today) for number in range(50)]
    assert found == [record_of(f"RSSMRA85T10A5{number:02}S", today) for number in range(50)]
    assert {one.cents is None for one in found} == {one.has_omissions for one in found} == {True, False}
    assert all(one.cents is None or 0 <= one.cents < 4_000_000 for one in found)
