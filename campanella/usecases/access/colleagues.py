"""Who works for the town here: the office gives its colleagues, schools and kitchens their accesses, and takes them away."""

from collections.abc import Sequence
from datetime import datetime

from campanella.domains.accounts import giving
from campanella.domains.accounts import queries as users
from campanella.domains.accounts.models import User
from campanella.domains.accounts.roles import Role
from campanella.domains.schools import operations as schools
from campanella.foundation.core.scope import use_case
from campanella.usecases.access import giving as accesses
from campanella.usecases.access.giving import OwnAccess


@use_case
def add(*, by: User, display_name: str, email: str, roles: Sequence[Role], school_ids: Sequence[int], now: datetime) -> User:
    """
    Give somebody who works for the town an access; with an e-mail address the link for the password leaves at once.

    :param school_ids: the schools they see in the roll-call; none means all of them
    """
    user = accesses.give_to_staff(by=by, display_name=display_name, email=email, roles=roles, now=now)
    schools.work_only_at(user=user, school_ids=school_ids)
    return user


@use_case
def change(
    *,
    by: User,
    user_id: int,
    display_name: str,
    email: str,
    roles: Sequence[Role],
    school_ids: Sequence[int],
    now: datetime,
) -> None:
    """
    Change who a colleague is and may do.

    :raises NotFound: the town has no such member of staff
    :raises OwnAccess: one would take the office from oneself
    """
    user = users.member_of_staff(user_id=user_id)
    if user.pk == by.pk and Role.OFFICE not in roles:
        raise OwnAccess
    giving.change_staff(by=by, user=user, display_name=display_name, email=email, roles=roles, now=now)
    schools.work_only_at(user=user, school_ids=school_ids)


@use_case
def close(*, by: User, user_id: int, now: datetime) -> None:
    """
    Let a colleague in no more, from this moment.

    :raises NotFound: the town has no such member of staff
    :raises OwnAccess: it is one's own access
    """
    user = users.member_of_staff(user_id=user_id)
    if user.pk == by.pk:
        raise OwnAccess
    giving.close(by=by, user=user, now=now)


@use_case
def reopen(*, by: User, user_id: int, now: datetime) -> None:
    """
    Let a colleague in again.

    :raises NotFound: the town has no such member of staff
    """
    giving.reopen(by=by, user=users.member_of_staff(user_id=user_id), now=now)
