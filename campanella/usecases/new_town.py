"""A town from nothing to its first sign-in."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from campanella.domains.accounts import queries as accounts
from campanella.domains.accounts.giving import give_password, one_time_password
from campanella.domains.accounts.operations import create_user
from campanella.domains.accounts.roles import Role
from campanella.domains.payments.rules import SEGREGATION, italian_iban
from campanella.domains.support import operations as support
from campanella.foundation.core.audit import Software
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import scope
from campanella.foundation.tenants import operations as tenants
from campanella.foundation.tenants.queries import Town


class WrongAnswer(Refusal):
    """Something said about the new town is wrong; the sentence is for the operator."""


@dataclass(frozen=True)
class NewTown:
    """What the operator says about a new town."""

    slug: str
    name: str
    tax_code: str
    province: str
    hosts: tuple[str, ...]
    iban: str
    segregation: int
    office_email: str
    admin_user: str


@dataclass(frozen=True)
class Made:
    """The town, and the office's first access with its one-time password."""

    town: Town
    username: str
    password: str


def create(*, order: NewTown, now: datetime) -> Made:
    """
    Make a town, its first questions and answers, and its office's first user, who must change the password on signing in.

    Runs as the owner of the register: the application's role may not add towns.

    :raises WrongAnswer: an answer does not hold together
    :raises CannotCreateTown: the slug, the tax code or a host is taken or wrong
    """
    _check(order)
    choices = {
        "office_email": order.office_email,
        "iban": italian_iban(order.iban),
        "pagopa_segregation": order.segregation,
    }
    town = tenants.create_town(
        slug=order.slug,
        name=order.name.strip(),
        tax_code=order.tax_code,
        province=order.province,
        hosts=list(order.hosts),
        choices=choices,
    )
    password = one_time_password()
    with scope(town.id):
        user = create_user(
            by=Software("installazione"),
            username=order.admin_user,
            display_name="Ufficio",
            roles=[Role.OFFICE],
            password=password,
            email=order.office_email,
            must_change_password=True,
            now=now,
        )
        support.start_faq(by=Software("installazione"), now=now)
    return Made(town, user.username, password)


def let_office_in(*, town: Town, now: datetime) -> Made:
    """Give the office of a town that came without passwords one for a single use: to its first access, or to a new one."""
    password = one_time_password()
    with scope(town.id):
        user = next((one for one in accounts.staff() if one.is_active and one.has_role(Role.OFFICE)), None)
        if user:
            return Made(town, user.username, give_password(by=Software("installazione"), user=user, now=now))
        made = create_user(
            by=Software("installazione"),
            username="ufficio",
            display_name="Ufficio",
            roles=[Role.OFFICE],
            password=password,
            must_change_password=True,
            now=now,
        )
    return Made(town, made.username, password)


def _check(order: NewTown) -> None:
    if not order.name.strip():
        raise WrongAnswer("The name of the town is empty.")
    if not italian_iban(order.iban):
        raise WrongAnswer(f"The IBAN “{order.iban}” is no Italian one, or its check digits do not agree.")
    least, most = SEGREGATION
    if not least <= order.segregation <= most:
        raise WrongAnswer(f"The segregation code is {order.segregation}: pagoPA gives a number from {least} to {most}.")
    if len(order.province) != 2 or not order.province.isalpha():
        raise WrongAnswer(f"The province “{order.province}” must be two letters.")
    try:
        validate_email(order.office_email)
    except ValidationError:
        raise WrongAnswer(f"The office's e-mail address “{order.office_email}” is not valid.")
