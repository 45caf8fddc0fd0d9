"""One question to INPS and its answer: SOAP 1.1, read by namespace and local name, never by prefix."""

import base64
import binascii
import re
from datetime import date
from typing import TYPE_CHECKING

from lxml import etree

from campanella.domains.enrolment.gateways.base import IseeAsked, IseeFound, LookupRefused, LookupUnavailable
from campanella.domains.enrolment.rules import IseeKind
from campanella.foundation.core.later import Later

if TYPE_CHECKING:
    import httpx
else:
    httpx = Later("httpx")

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
CONSULTATION = "http://inps.it/ConsultazioneISEE"
IDENTITY = "http://inps.it/"
KINDS: dict[IseeKind, str] = {"ordinary": "Ordinario", "current": "Ordinario", "minors": "Minorenne"}
NOTHING_FOUND = "DATI_NON_TROVATI"
LATER = ("DATABASE_OFFLINE", "ERRORE_INTERNO")
AMOUNT = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2}))?")
LONGEST_ANSWER = 256 * 1024


def ask(
    asked: IseeAsked, *, url: str, key: str, client: "httpx.Client", timeout: "httpx.Timeout | float"
) -> IseeFound | None:
    """
    Look an ISEE up. No transaction may be held meanwhile.

    :param key: sent as bearer token, empty where a gateway in between has it
    :param timeout: seconds, or how many of them for each step
    :returns: None where INPS knows of none that holds
    :raises LookupRefused: INPS said no, as for a wrong code of the body
    :raises LookupUnavailable: no answer, one that makes no sense, or a limit of the day
    """
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f"{CONSULTATION}/ConsultazioneIndicatore"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    try:
        answer = client.post(url, content=_request(asked), headers=headers, timeout=timeout, follow_redirects=False)
    except (httpx.HTTPError, httpx.InvalidURL) as failure:
        raise LookupUnavailable(type(failure).__name__) from failure
    if 400 <= answer.status_code < 500 and answer.status_code not in (408, 429):
        raise LookupRefused(f"HTTP {answer.status_code}")
    if answer.status_code != 200:
        raise LookupUnavailable(f"HTTP {answer.status_code}")
    return _found(answer.content)


def _request(asked: IseeAsked) -> bytes:
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soap": ENVELOPE, "con": CONSULTATION})
    identity = etree.SubElement(etree.SubElement(envelope, f"{{{ENVELOPE}}}Header"), f"{{{IDENTITY}}}Identity")
    for name, said in (("CodiceEnte", asked.body), ("CodiceUfficio", asked.office), ("CFOperatore", asked.operator)):
        etree.SubElement(identity, f"{{{IDENTITY}}}{name}").text = said
    body = etree.SubElement(envelope, f"{{{ENVELOPE}}}Body")
    request = etree.SubElement(etree.SubElement(body, f"{{{CONSULTATION}}}ConsultazioneIndicatore"), _name("request"))
    etree.SubElement(request, _name("TipoIndicatore")).text = KINDS[asked.kind]
    search = etree.SubElement(request, _name("RicercaCF"))
    for name, said in (
        ("CodiceFiscale", asked.tax_code),
        ("DataValidita", asked.valid_on.isoformat()),
        ("PrestazioneDaErogare", asked.benefit),
        ("ProtocolloDomandaEnteErogatore", asked.protocol),
        ("StatodomandaPrestazione", "Da Erogare"),
    ):
        etree.SubElement(search, _name(name)).text = said
    written: bytes = etree.tostring(envelope, xml_declaration=True, encoding="utf-8")
    return written


def _name(local: str) -> str:
    return f"{{{CONSULTATION}}}{local}"


def _found(content: bytes) -> IseeFound | None:
    answer = _read(content)
    outcome = answer.findtext(f".//{_name('Esito')}", "").strip()
    if outcome == NOTHING_FOUND:
        return None
    if outcome in LATER:
        raise LookupUnavailable(outcome)
    if outcome and outcome != "OK":
        raise LookupRefused(outcome[:40])
    try:
        # Base64 may come in lines.
        written = "".join(answer.findtext(f".//{_name('XmlEsitoIndicatore')}", "").split())
        indicator = _read(base64.b64decode(written, validate=True))
        cents = _cents(indicator.get("ISEE", ""))
        said_on = indicator.get("DataPresentazioneDSU")
        issued_on = date.fromisoformat(said_on) if said_on else None
    except (ValueError, binascii.Error) as nonsense:
        raise LookupUnavailable("no indicator in the answer") from nonsense
    return IseeFound(
        cents=cents,
        issued_on=issued_on,
        dsu=indicator.get("ProtocolloDSU", "")[:40],
        has_omissions=indicator.get("PresenzaDifformita", "NO") == "SI",
    )


def _cents(text: str) -> int:
    """:raises ValueError: it is no amount from zero on with two decimals at most"""
    said = AMOUNT.fullmatch(text.strip())
    if said is None:
        raise ValueError("no amount")
    return int(said[1]) * 100 + int((said[2] or "").ljust(2, "0"))


def _read(content: bytes) -> "etree._Element":
    if len(content) > LONGEST_ANSWER:
        raise LookupUnavailable("an answer that is too long")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        read = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as nonsense:
        raise LookupUnavailable("an answer that is no XML") from nonsense
    if b"<!DOCTYPE" in content:
        raise LookupUnavailable("an answer with a DTD")
    return read
