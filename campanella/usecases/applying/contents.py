"""What is put on record when an application is sent: every word that was read and answered, to be shown as it was."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from campanella.domains.applying.queries import Application, ApplicationFile, FormPart
from campanella.domains.applying.rules import FILES, TICKED
from campanella.domains.enrolment.rules import ISEE_KINDS
from campanella.domains.places import queries as places
from campanella.domains.schools import queries as schools
from campanella.foundation.core.handed import ENDINGS
from campanella.foundation.core.italian import day_full, days_to
from campanella.foundation.core.money import Euro

Row = tuple[str, str]

NO_ISEE = "non lo presento: pago la tariffa intera"
KNOWN_ISEE = "quello già dichiarato"
YES_NO = {"yes": "Sì", "no": "No"}


def content_of(
    *, row: Application, parts: Sequence[FormPart], files: Sequence[ApplicationFile], ticked: Collection[int]
) -> dict[str, Any]:
    """Return what an application says, in groups of label and value, in the order of its pages: one query."""
    return {
        "groups": [
            ["Chi fa la domanda", adult_rows(row)],
            ["Per chi", child_rows(row)],
            ["Le tue risposte", answers(row, parts)],
            ["Settimane chieste", week_rows(row)],
        ],
        "files": [[one.part_id, one.part.label, one.pk, one.part.kind, ENDINGS[one.content_type]] for one in files],
        "isee": isee_rows(row.data.get("isee", {})),
        "ticks": [[one.label, one.kind, one.pk in ticked] for one in parts if one.kind in TICKED],
        "data": row.data,
    }


def adult_rows(row: Application) -> list[Row]:
    """Return who applies."""
    adult = row.applicant
    facts = (
        ("Nome", adult.full_name),
        ("Codice fiscale", adult.tax_code),
        ("E-mail", adult.email),
        ("Telefono", adult.phone),
    )
    return [(label, value) for label, value in facts if value]


def child_rows(row: Application) -> list[Row]:
    """Return for whom, as on record, or as it was written where the child is not."""
    said: Mapping[str, Any] = row.data.get("child", {})
    if row.child:
        name, code, born = row.child.full_name, row.child.tax_code, row.child.birth_date
    else:
        name = f"{said.get('given_name', '')} {said.get('family_name', '')}".strip()
        code, born = said.get("tax_code", ""), _day(said.get("birth_date"))
    school = next((one.name for one in schools.schools() if one.pk == row.data.get("school")), "")
    facts = (
        ("Nome", name),
        ("Codice fiscale", code),
        ("Data di nascita", day_full(born) if born else ""),
        ("Scuola", school),
    )
    return [(label, value) for label, value in facts if value]


def answers(row: Application, parts: Sequence[FormPart]) -> list[Row]:
    """Return what was asked and answered; documents and ticks stand elsewhere."""
    said: Mapping[str, str] = row.data.get("answers", {})
    asked = [one for one in parts if one.kind not in (*FILES, *TICKED)]
    return [(one.label, _answer(one, said.get(str(one.pk), ""))) for one in asked]


def week_rows(row: Application) -> list[Row]:
    """Return the weeks of a camp that are asked for, nothing of other services."""
    said = row.data.get("weeks", ())
    pools = places.pools_of(service_id=row.call.service_id, day=row.call.year.days.lower) if said else []
    chosen = [one.days for one in pools if one.pk in said]
    return [("Settimana", days_to(days.lower, days.upper - timedelta(days=1))) for days in chosen]


def isee_rows(said: Mapping[str, Any]) -> list[Row]:
    """Return what was said of the ISEE, nothing where it was not asked."""
    how = said.get("how", "")
    if how != "given":
        return [("ISEE", {"none": NO_ISEE, "known": KNOWN_ISEE}[how])] if how in ("none", "known") else []
    issued = _day(said.get("issued_on"))
    rows = [("ISEE", f"{Euro(int(said['cents'])).italian()} ({ISEE_KINDS[said['kind']]})")]
    rows += [("Attestato il", day_full(issued))] if issued else []
    return rows + ([("Annotazioni", "omissioni o difformità")] if said.get("has_omissions") else [])


def _answer(part: FormPart, text: str) -> str:
    if not text:
        return "—"
    if part.kind == "yes_no":
        return YES_NO.get(text, text)
    day = _day(text) if part.kind == "day" else None
    return day_full(day) if day else text


def _day(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) and text else None
