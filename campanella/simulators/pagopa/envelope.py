"""
SOAP 1.1 by hand: writing with any of the prefixes met in the wild, reading by namespace and never by prefix.

Messages of `paForNode.xsd` have a qualified root and unqualified children.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, Union, cast

from lxml import etree

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
PA_FOR_NODE = "http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd"

Fields: TypeAlias = Sequence[tuple[str, Union[str, "Fields", None]]]


class BadXml(ValueError):
    """Bytes that are not the SOAP message we can accept; the message says why, in Italian."""


@dataclass(frozen=True)
class Prefixes:
    """The namespace prefixes of one message; None is the default namespace."""

    soap: str | None
    message: str | None


# A server that reads prefixes instead of namespaces breaks on all but one of these.
STYLES: Mapping[str, Prefixes] = {
    "soapenv": Prefixes("soapenv", "pafn"),
    "ppt": Prefixes("SOAP-ENV", "ppt"),
    "nod": Prefixes("s", "nod"),
    "default": Prefixes("soapenv", None),
    "bare": Prefixes(None, None),
}


def write(root: str, fields: Fields, prefixes: Prefixes) -> bytes:
    """Make the envelope of one message; fields whose value is None are left out."""
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap=_nsmap(prefixes.soap, SOAP))
    etree.SubElement(envelope, f"{{{SOAP}}}Header")
    body = etree.SubElement(envelope, f"{{{SOAP}}}Body")
    message = etree.SubElement(body, f"{{{PA_FOR_NODE}}}{root}", nsmap=_nsmap(prefixes.message, PA_FOR_NODE))
    # Children are unqualified: below a default namespace they must say so with xmlns="".
    _append(message, fields, nsmap=_nsmap(None, "") if prefixes.message is None else None)
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def _nsmap(prefix: str | None, namespace: str) -> dict[str, str]:
    # lxml takes None as the default namespace; its stubs know only texts.
    return cast("dict[str, str]", {prefix: namespace})


def _append(parent: etree._Element, fields: Fields, nsmap: dict[str, str] | None = None) -> None:
    for name, value in fields:
        if value is None:
            continue
        child = etree.SubElement(parent, name, nsmap=nsmap)
        if isinstance(value, str):
            child.text = value
        else:
            _append(child, value)


def parse(document: bytes) -> etree._Element:
    """
    Parse what a stranger sent, without entities, DTD or network.

    :raises BadXml: not well formed, or it carries a DOCTYPE
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise BadXml(f"non è XML: {problem}")
    # doctype is there in every lxml, though not in its stubs.
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise BadXml("contiene un DOCTYPE")
    return root


def read(document: bytes, root: str) -> etree._Element:
    """
    Give the message `root` inside the envelope.

    :raises BadXml: not an envelope, a SOAP fault, or another message
    """
    envelope = parse(document)
    if envelope.tag != f"{{{SOAP}}}Envelope":
        raise BadXml(f"la radice è {envelope.tag}, non una busta SOAP 1.1")
    content = envelope.findall(f"{{{SOAP}}}Body/*")
    if len(content) != 1:
        raise BadXml(f"la busta contiene {len(content)} messaggi invece di uno")
    if content[0].tag == f"{{{SOAP}}}Fault":
        raise BadXml(f"SOAP Fault: {content[0].findtext('faultstring') or 'senza spiegazione'}")
    if content[0].tag != f"{{{PA_FOR_NODE}}}{root}":
        raise BadXml(f"la busta contiene {content[0].tag} invece di {root}")
    return content[0]
