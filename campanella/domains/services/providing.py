"""The office says what the town offers: a service of a kind it knows, and what it is called."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from campanella.domains.services.models import Service
from campanella.domains.services.operations import USUAL
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import operation

audit.sentences(
    {
        "service.added": "ha aggiunto il servizio {name}",
        "service.order": "ha messo {name} prima di {other}",
        "service.changed": "ha cambiato il servizio {name}: {what}",
    }
)

# Fund code, entity, service and its class, as pagoPA's list writes it (taxonomy, version 33).
_TAXONOMY = re.compile(r"9/\d{7}[A-Z]{2}/")


class ServiceNameTaken(Refusal):
    """The town has a service of this name."""

    message = "C’è già un servizio con questo nome: due uguali non si distinguerebbero."


class ServiceCodeTaken(Refusal):
    """The town has a service of this code."""

    message = "Un altro servizio ha già questo codice: scrivine un altro, o lascialo vuoto."


class NoTaxonomy(Refusal):
    """It is written otherwise than pagoPA's list writes it."""

    message = "Una tassonomia pagoPA si scrive così: 9/0107101TS/ (copiala dall’elenco di pagoPA)."


@dataclass(frozen=True, slots=True)
class NewService:
    """
    A service to add, with the usual words and taxonomy of its kind.

    :ivar code: what imports and tariffs find it by, unique in the town
    """

    code: str
    name: str
    kind: str


@operation
def add_services(*, by: Actor, new: Sequence[NewService], now: datetime) -> None:
    """Add services after those that are there; one whose code is there already is left as it is: three statements."""
    known = set(Service.objects.values_list("code", flat=True))
    last = Service.objects.aggregate(last=Max("position"))["last"]
    coming = [one for one in new if one.code not in known]
    Service.objects.bulk_create(
        (_row(one, position) for position, one in enumerate(coming, start=0 if last is None else last + 1)),
        ignore_conflicts=True,
    )
    told = [(("services", f"service:{one.code}"), {"name": one.name}) for one in coming]
    audit.record_each(by=by, action="service.added", at=now, told=told)


@operation
def change_service(*, by: Actor, service_id: int, name: str, unit: str, units: str, taxonomy: str, now: datetime) -> None:
    """
    Call a service otherwise, from now on, also in what was; notices that are there keep their words and taxonomy.

    :param unit: one use of it, and ``units`` several: pasto, pasti
    :raises ServiceNameTaken: another one is called so
    :raises NoTaxonomy: pagoPA writes none so
    """
    service = Service.objects.select_for_update(no_key=True).filter(pk=service_id).first()
    if service is None:
        raise NotFound
    check_name(name=name, but=service_id)
    if not _TAXONOMY.fullmatch(taxonomy):
        raise NoTaxonomy
    wanted = {"name": name, "unit": unit, "units": units, "taxonomy": taxonomy}
    labels = {"name": "nome", "unit": "si conta in", "units": "al plurale", "taxonomy": "tassonomia"}
    changed = [what for what, value in wanted.items() if getattr(service, what) != value]
    told = "; ".join(f"{labels[what]} {wanted[what]} (prima {getattr(service, what)})" for what in changed)
    for what in changed:
        setattr(service, what, wanted[what])
    if changed:
        service.save(update_fields=changed)
        subjects = ["services", f"service:{service.code}"]
        data = {"name": service.name, "what": told}
        audit.record(by=by, action="service.changed", subjects=subjects, at=now, data=data)


@operation
def move_up(*, by: Actor, service_id: int, now: datetime) -> None:
    """Let a service stand one place further up wherever services are listed; the first one stays."""
    found = list(Service.objects.select_for_update(no_key=True).order_by("position", "id"))
    at = next((place for place, one in enumerate(found) if one.pk == service_id), 0)
    if at == 0:
        return
    found[at - 1], found[at] = found[at], found[at - 1]
    for place, one in enumerate(found):
        one.position = place
    Service.objects.bulk_update(found, ["position"])
    service, other = found[at - 1], found[at]
    data = {"name": service.name, "other": other.name}
    audit.record(by=by, action="service.order", subjects=["services", f"service:{service.code}"], at=now, data=data)


def check_name(*, name: str, but: int = 0) -> None:
    """:raises ServiceNameTaken: another service is called so, capitals apart"""
    if Service.objects.filter(name__iexact=name).exclude(pk=but).exists():
        raise ServiceNameTaken


def _row(new: NewService, position: int) -> Service:
    unit, units, taxonomy = USUAL[new.kind]
    words = {"unit": unit, "units": units, "taxonomy": taxonomy}
    return Service(code=new.code, name=new.name, kind=new.kind, position=position, **words)
