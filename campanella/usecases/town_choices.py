"""What the town chooses, changed by the office; where the money goes is changed by two people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from campanella.domains.accounts import queries as users
from campanella.domains.accounts.models import User
from campanella.domains.accounts.roles import Role
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants import operations as tenants
from campanella.foundation.tenants import queries
from campanella.foundation.tenants.operations import Changed, WaitsNoLonger
from campanella.foundation.tenants.settings import declared
from campanella.usecases import two_people
from campanella.usecases.links import portal_link
from campanella.usecases.messages import office


@use_case
def change(*, by: User, changes: Mapping[str, Any]) -> Changed:
    """
    Change what the town has chosen.

    :param changes: new values by name
    :returns: the names that changed, and those that wait for a second person
    """
    before = queries.active_town().choices.office_email
    changed = tenants.change_choices(by=by, changes=changes)
    _tell_waiting(by=by, names=changed.waiting, address=before)
    return changed


@use_case
def confirm(*, by: User, name: str, value: str, now: datetime) -> None:
    """
    Confirm, as a second person, a change that waits.

    :param value: what was read on the page
    :raises WaitsNoLonger: it was taken back, confirmed, or is another one by now
    :raises SamePerson: it is one's own request
    :raises InOneHand: one person may lately have held both accesses
    """
    waiting = next((one for one in queries.waiting_choices() if one.name == name), None)
    if waiting is None:
        raise WaitsNoLonger
    two_people.check(hands=[waiting.actor_id], by_id=by.pk, now=now)
    tenants.confirm_choice(by=by, name=name, value=value)


@use_case
def take_back(*, by: User, name: str) -> None:
    """Drop a change that waits."""
    tenants.take_back_choice(by=by, name=name)


def _tell_waiting(*, by: User, names: Sequence[str], address: str) -> None:
    """
    Tell the office, and everybody else who could confirm, what waits for a second person.

    :param address: the office's before this change: whoever changes both at once must not be the only one to read of it
    """
    colleagues = [one.email for one in users.staff() if Role.OFFICE in one.roles and one.is_active and one.pk != by.pk]
    addresses = list(dict.fromkeys(one for one in (address, *colleagues) if one))
    labels = {choice.name: choice.metadata["label"] for choice in declared()}
    for waiting in queries.waiting_choices():
        if waiting.name in names:
            office.choice_waits(
                addresses=addresses,
                key=f"{waiting.pk}:{waiting.asked_at.timestamp():.6f}",
                label=labels[waiting.name],
                who=by.actor_label,
                link=portal_link("office:settings"),
                now=waiting.asked_at,
            )
