"""The words of ``SvcConsultazione``: a question read, an answer written; SOAP 1.1."""

import base64
from typing import Any

from lxml import etree

from campanella.simulators.inps.inps import Record

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
CONSULTATION = "http://inps.it/ConsultazioneISEE"
REFORM = "http://inps.it/ISEERiforma"
IDENTITY = "http://inps.it/"
WHO = ("CodiceEnte", "CodiceUfficio", "CFOperatore")
SEARCHED = ("CodiceFiscale", "DataValidita")
WHAT = (*SEARCHED, "PrestazioneDaErogare", "ProtocolloDomandaEnteErogatore", "StatodomandaPrestazione")


class NotUnderstood(ValueError):
    """It is no question of this service."""


def read(document: bytes) -> dict[str, str]:
    """
    Read a question, whatever its prefixes.

    :raises NotUnderstood: it is no XML, or no question about an indicator
    """
    try:
        root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as problem:
        raise NotUnderstood(str(problem))
    if root.find(f".//{{{CONSULTATION}}}ConsultazioneIndicatore") is None:
        raise NotUnderstood("no ConsultazioneIndicatore")
    found = {name: (root.findtext(f".//{{{IDENTITY}}}{name}") or "").strip() for name in WHO}
    found |= {name: (root.findtext(f".//{{{CONSULTATION}}}{name}") or "").strip() for name in (*WHAT, "TipoIndicatore")}
    return found


def missing(question: dict[str, str]) -> list[str]:
    """Return what a question does not say; all of it is compulsory."""
    return [name for name, said in question.items() if not said]


def write(*, number: int, outcome: str, why: str = "", record: Record | None = None) -> bytes:
    """Write an answer; with a record its indicator, as Base64."""
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"s": ENVELOPE, "ns1": CONSULTATION})
    body = etree.SubElement(envelope, f"{{{ENVELOPE}}}Body")
    answer = etree.SubElement(body, f"{{{CONSULTATION}}}ConsultazioneIndicatoreResponse")
    result = etree.SubElement(answer, f"{{{CONSULTATION}}}ConsultazioneIndicatoreResult")
    _add(result, "IdRichiesta", number)
    _add(result, "Esito", outcome)
    if why:
        _add(result, "DescrizioneErrore", why)
    if record and record.cents is not None:
        indicator = etree.Element(f"{{{REFORM}}}Indicatore")
        indicator.set("ISEE", f"{record.cents // 100}.{record.cents % 100:02}")
        indicator.set("DataPresentazioneDSU", record.issued_on)
        indicator.set("ProtocolloDSU", record.dsu)
        indicator.set("PresenzaDifformita", "SI" if record.has_omissions else "NO")
        written = etree.tostring(indicator, xml_declaration=True, encoding="utf-8")
        _add(result, "XmlEsitoIndicatore", base64.b64encode(written).decode())
    document: bytes = etree.tostring(envelope, xml_declaration=True, encoding="utf-8")
    return document


def _add(parent: Any, name: str, said: object) -> None:
    etree.SubElement(parent, f"{{{CONSULTATION}}}{name}").text = str(said)
