"""Making a town and changing what it has chosen."""

import re
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from stdnum.it import iva

from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import active_town_id, operation
from campanella.foundation.tenants import queries
from campanella.foundation.tenants.models import Municipality
from campanella.foundation.tenants.queries import Town
from campanella.foundation.tenants.settings import Choices

audit.sentences({"town.chosen": "ha cambiato le impostazioni: {names}"})


class CannotCreateTown(Refusal):
    """A town's data is wrong or taken."""


def create_town(*, slug: str, name: str, tax_code: str, province: str, hosts: list[str], choices: Choices) -> Town:
    """
    Register a municipality.

    :param tax_code: 11 digits with their check digit
    :raises CannotCreateTown: the data is wrong, or another town has the same name, tax code or host
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,40}", slug):
        raise CannotCreateTown(f"The short name “{slug}” must be lower-case letters, digits and hyphens.")
    if not iva.is_valid(tax_code):
        raise CannotCreateTown(f"The tax code “{tax_code}” is not valid: 11 digits, the last is a check digit.")
    taken = Municipality.objects.filter(hosts__overlap=hosts).first()
    if taken:
        raise CannotCreateTown(f"Another town, {taken.slug}, already answers at {', '.join(hosts)}.")
    try:
        with transaction.atomic():
            Municipality.objects.create(
                slug=slug,
                name=name,
                tax_code=tax_code,
                province=province.upper(),
                hosts=hosts,
                choices=choices.stored(),
            )
    except IntegrityError:
        raise CannotCreateTown(f"A town with the short name “{slug}” or the tax code {tax_code} exists already.")
    queries.forget()
    return queries.town_by_slug(slug=slug)


@operation
def change_choices(*, by: Actor, changes: dict[str, Any]) -> Choices:
    """
    Change what the active town has chosen.

    :param changes: new values by name, as ``Choices`` holds them
    """
    row = Municipality.objects.select_for_update(no_key=True).get(pk=active_town_id())
    before = Choices.read(row.choices)
    after = replace(before, **changes)
    changed = [name for name in changes if getattr(before, name) != getattr(after, name)]
    if changed:
        row.choices = after.stored()
        row.save(update_fields=["choices"])
        audit.record(by=by, action="town.chosen", subjects=["town"], at=clock.now(), data={"names": ", ".join(changed)})
        transaction.on_commit(queries.forget)
    return after
