"""The certificate of a year as PDF, one or many in one file."""

from collections.abc import Sequence

from campanella.domains.certifying.content import Content, Line
from campanella.domains.certifying.documents.paper import Paper, printed
from campanella.domains.certifying.years import NURSERY_LAW, STAMP_EXEMPTION
from campanella.foundation.core.money import Euro

TEMPLATE = "domains/certifying/documents/certificate.typ"

HEADINGS = {
    "school": "Spese di istruzione (modello 730, righi E8-E10, codice 12)",
    "nursery": "Rette dell’asilo nido (modello 730, righi E8-E10, codice 33)",
}
BASES = {
    "paid": "Gli importi sono le somme pagate nell’anno solare (principio di cassa), meno i rimborsi.",
    "used": "Gli importi sono i servizi usati nell’anno solare e coperti da pagamenti, come ha scelto il Comune.",
}
TRACED = "Tutti gli importi sono stati pagati con mezzi tracciabili ({means}). I pagamenti in contanti non sono compresi."
NOT_TRACED = "Per quest’anno la legge non chiede pagamenti tracciabili."
NURSERY = "La detrazione non si cumula con il bonus nido INPS per le stesse somme."
VOID = "Questo documento sostituisce il precedente: per quest’anno non c’è più nessun importo da attestare."


def certificates_pdf(papers: Sequence[Paper[Content]]) -> bytes:
    """Print certificates into one file, each on a page of its own; at least one."""
    title = f"Attestazione delle spese {papers[0].content.year}"
    return printed(papers, template=TEMPLATE, title=title, said=_said)


def _said(said: Content) -> dict[str, object]:
    return {
        "office": said.office,
        "year": str(said.year),
        "school": said.school,
        "tables": [_table(said, kind) for kind in HEADINGS if any(line.deduction == kind for line in said.lines)],
        "parts": _parts(said),
        "sentences": _sentences(said),
    }


def _table(said: Content, kind: str) -> dict[str, object]:
    lines = [line for line in said.lines if line.deduction == kind]
    return {
        "heading": HEADINGS[kind],
        "rows": [_row(line) for line in lines],
        "total": str(Euro(said.total(kind))),
    }


def _row(line: Line) -> list[str]:
    paid, moved, refunded, certified = (
        str(Euro(cents)) if cents else "–" for cents in (line.paid, line.moved, -line.refunded, line.certified)
    )
    return [line.service, paid, moved, refunded, certified]


def _parts(said: Content) -> list[list[str]]:
    """Write what each parent deducts; nothing where one deducts all."""
    if len(said.parts) < 2:
        return []
    return [
        [f"{part.name} ({part.tax_code})", f"{part.percent}%", str(Euro(part.school)), str(Euro(part.nursery))]
        for part in said.parts
    ]


def _years(said: Content) -> str:
    """Say in which years what was refunded had been paid, where it is known."""
    sums: dict[int, int] = {}
    for year, _, cents in said.earlier_years:
        sums[year] = sums.get(year, 0) + cents
    return f" ({'; '.join(f'{year}: {Euro(sums[year])}' for year in sorted(sums))})" if sums else ""


def _sentences(said: Content) -> list[str]:
    if said.is_void:
        return [VOID, STAMP_EXEMPTION]
    means = sorted({means for line in said.lines for means in line.means})
    found = [BASES[said.basis], TRACED.format(means=", ".join(means)) if said.needs_trace else NOT_TRACED]
    if said.earlier:
        found.append(f"Nell’anno sono stati rimborsati anche {Euro(said.earlier)} pagati in anni precedenti{_years(said)}.")
    if said.total("school"):
        ceiling = Euro(said.school_ceiling)
        found.append(f"Istruzione: si detrae il {said.percent}% fino a {ceiling} per alunno ({'; '.join(said.laws)}).")
    if said.total("nursery"):
        ceiling = Euro(said.nursery_ceiling)
        found.append(f"Nido: si detrae il {said.percent}% fino a {ceiling} per figlio ({NURSERY_LAW}). {NURSERY}")
    return [*found, STAMP_EXEMPTION]
