"""What outsiders read: ``var/demo.json`` and the lines printed when the demo is ready."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from campanella.demo.settling import PASSWORD, PIN
from campanella.demo.towns import TOWNS
from campanella.domains.accounts.models import User
from campanella.domains.accounts.roles import Role
from campanella.domains.cash import queries as cash
from campanella.domains.ledger import queries as ledger
from campanella.domains.payments.queries import PaymentRequest
from campanella.domains.people.models import Child, ChildAccount, Guardian, Guardianship
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.scope import scope
from campanella.foundation.tenants import queries as tenants
from campanella.foundation.tenants.queries import Town

# A large town's file would be megabytes of children that nobody signs in for.
MOST_CHILDREN = 400


def demo_json(*, base_url: str, simulators_url: str) -> dict[str, Any]:
    """Describe the demo as it is now, in the shape that outsiders rely on."""
    towns = []
    for plan in TOWNS:
        try:
            town = tenants.town_by_slug(slug=plan.slug)
        except NotFound:
            continue
        with scope(town.id):
            towns.append(_town(town))
    return {
        "base_url": base_url,
        "simulators_url": simulators_url,
        "pagopa": {
            "url": f"{base_url}/pagopa/paForNode",
            "broker": settings.PAGOPA_BROKER,
            "station": settings.PAGOPA_STATION,
        },
        "towns": towns,
    }


def write(file: Path, content: Mapping[str, Any]) -> None:
    """Write the file whole or not at all."""
    part = file.with_suffix(".part")
    part.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    part.replace(file)


def lines(content: Mapping[str, Any]) -> list[str]:
    """Return what to print: addresses and sign-ins."""
    found = []
    port = content["base_url"].rpartition(":")[2]
    for town in content["towns"]:
        users: dict[str, str] = {}
        for user in town["users"]:
            users.setdefault(user["role"], user["username"])
        names = ", ".join(users.values())
        found.append(f"  http://{town['host']}:{port}/".ljust(40) + names)
    return [
        "", "The towns, with a guardian, office, school, kitchen and cash point of each:", *found,
        f"  password of everybody: {PASSWORD}   PIN of the schools on a tablet: {PIN}",
        "  office /ufficio/   roll-call /appello/   kitchen /cucina/   cash point /cassa/ (Carrara)",
        f"Simulators: {content['simulators_url']}/ (payments, mail)", "Ctrl-C stops everything.", "",
    ]  # fmt: skip


def _town(town: Town) -> dict[str, Any]:
    children = list(Child.objects.order_by("id")[:MOST_CHILDREN])
    usernames = _guardian_by_child([child.pk for child in children])
    services = {service.pk: service.code for service in Service.objects.all()}
    wallets: dict[int, list[dict[str, str]]] = {}
    found = ledger.wallets_of(child_ids=[child.pk for child in children])
    # Only in a town with cash points does a wallet have a code.
    codes = cash.codes(wallet_ids=[wallet.id for wallet in found])
    for wallet in found:
        service = services[wallet.service_id] if wallet.service_id else "tutti"
        entry = {"id": str(wallet.id), "service": service, "topup_code": codes.get(wallet.id, "")}
        wallets.setdefault(wallet.child_id, []).append(entry)
    return {
        "slug": town.slug, "host": town.host, "name": town.name, "tax_code": town.tax_code,
        "users": _users(list(usernames.values())),
        "children": [
            {
                "name": child.full_name, "tax_code": child.tax_code, "guardian": usernames.get(child.pk, ""),
                "wallets": wallets.get(child.pk, []),
            }
            for child in children
        ],
        "notices": _notices(),
    }  # fmt: skip


def _guardian_by_child(child_ids: list[int]) -> dict[int, str]:
    found = dict(
        Guardianship.objects.filter(child_id__in=child_ids, is_payer=True, guardian__user__isnull=False).values_list(
            "child_id", "guardian__user__username"
        )
    )
    return found | dict(ChildAccount.objects.filter(child_id__in=child_ids).values_list("child_id", "user__username"))


def _users(guardians: list[str]) -> list[dict[str, str]]:
    tax_codes = dict(Guardian.objects.filter(user__isnull=False).values_list("user__username", "tax_code"))
    first = {name: i for i, name in enumerate(dict.fromkeys(guardians))}
    family = [("guardian", name) for name in first]
    staff = [
        (str(user.roles[0]), user.username) for user in User.objects.exclude(roles__contains=[Role.GUARDIAN]).order_by("id")
    ]
    return [
        {"role": role, "username": name, "password": PASSWORD, "tax_code": tax_codes.get(name, "")}
        for role, name in family[:MOST_CHILDREN] + staff
    ]


def _notices() -> list[dict[str, Any]]:
    today = clock.today()
    rows = PaymentRequest.objects.filter(is_notice=True).order_by("-made_at", "-id")[:200]
    return [
        {
            "notice_number": row.notice_number,
            "amount_cents": row.amount_cents,
            "status": "expired" if row.is_expired(today) else row.state,
            "wallet": str(row.wallet_id),
        }
        for row in rows
    ]
