"""What an application may become, until when it counts, and what of a form is missing: plain decisions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from campanella.domains.places.rules import is_full

STATES: dict[str, str] = {
    "draft": "da finire",
    "sent": "inviata",
    "taken": "presa in carico",
    "asked": "da completare",
    "accepted": "accettata",
    "refused": "non accettata",
    "withdrawn": "ritirata",
    "given_up": "rinuncia",
    "revoked": "revocata",
}
# While an application is one of these, nobody sends another for the same child and call.
LIVE: tuple[str, ...] = ("sent", "taken", "asked", "accepted")
# It was accepted, and the service has ended or never begins.
ENDED: tuple[str, ...] = ("given_up", "revoked")
# The office has still to decide.
OPEN: tuple[str, ...] = ("sent", "taken", "asked")

# So many days after a decision somebody may still appeal: to the Head of State, the longest term (DPR 1199/1971, art. 9).
APPEALS_DAYS = 120

PART_KINDS: dict[str, str] = {
    "text": "Risposta breve",
    "long": "Risposta lunga",
    "yes_no": "Sì o no",
    "choice": "Scelta da un elenco",
    "day": "Data",
    "document": "Documento da allegare",
    "health": "Certificato medico o altro dato di salute",
    "notice": "Informativa da leggere",
    "declaration": "Dichiarazione (DPR 445/2000)",
    "consent": "Consenso, si può negare",
}
FILES: tuple[str, ...] = ("document", "health")
# What is ticked where everything is read once more, before it is sent.
TICKED: tuple[str, ...] = ("notice", "declaration", "consent")

# From which states each step leads where.
STEPS: dict[str, tuple[str, ...]] = {
    "sent": ("draft", "sent", "taken", "asked"),
    "taken": ("sent",),
    "asked": ("sent", "taken"),
    "accepted": OPEN,
    "refused": OPEN,
    "withdrawn": OPEN,
    "given_up": ("accepted",),
    "revoked": ("accepted",),
}


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies: as on record, or as somebody has registered who is on none yet."""

    full_name: str
    tax_code: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A part of a form, as far as what is missing goes."""

    id: int
    kind: str
    is_required: bool


def leads(*, state: str, to: str) -> bool:
    """Tell whether an application in a state may become another."""
    return state in STEPS.get(to, ())


def is_overtaken(*, told: str, state: str) -> bool:
    """Tell whether a step need not be told any more: that somebody was accepted, once it holds no more."""
    return told == "accepted" and state in ENDED


def is_open(*, opens_at: datetime, closes_at: datetime, received_at: datetime) -> bool:
    """
    Tell whether what was received at an instant is in time.

    :param closes_at: the last instant that counts
    """
    return opens_at <= received_at <= closes_at


def may_send(*, state: str, in_time: bool, by_office: bool) -> bool:
    """
    Tell whether an application may be sent, or sent anew, now.

    The office enters what comes to its desk whenever it comes; a family may also answer what the office has asked of it.
    """
    return leads(state=state, to="sent") and (in_time or by_office or state == "asked")


def missing(*, parts: Sequence[Asked], answers: Mapping[str, object], files: Collection[int]) -> list[int]:
    """
    Return the parts of a form that must be answered and are not, in its order; what is only ticked at the end is left out.

    :param answers: by the part's id, as text
    :param files: the parts for which a file is there
    """
    return [
        part.id
        for part in parts
        if part.is_required and part.kind not in TICKED
        if (part.id not in files if part.kind in FILES else answers.get(str(part.id)) in (None, ""))
    ]


def unticked(*, parts: Sequence[Asked], ticked: Collection[int]) -> list[int]:
    """Return the notices and declarations that were not ticked; a consent may be denied."""
    return [part.id for part in parts if part.kind in ("notice", "declaration") and part.id not in ticked]


def place_in_line(*, places: int | None, before: int) -> int:
    """
    Return at which number of the line an application waits that finds every place asked for by who came before, else 0.

    :param places: None where there is no limit
    :param before: live applications that came earlier
    """
    return before - (places or 0) + 1 if is_full(capacity=places, taken=before) else 0


def written(*, year: int, number: int) -> str:
    """Write a protocol number: ``I-2026-00012``."""
    return f"I-{year}-{number:05d}"
