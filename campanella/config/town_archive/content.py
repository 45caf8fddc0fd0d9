"""
What the archive of a town holds: every table of towns there is, but for what opens a door (docs/operate/town-archive.md).

The tables are asked of the models, so that one that comes next year is in it by itself; what is left out is named here.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import apps

from campanella.config.backup import Table
from campanella.config.restore import in_order
from campanella.domains.accounts.models import ContactChange, Device, ForgottenPassword, Session, SignInAttempt, User
from campanella.domains.people.models import LinkCode, Registration
from campanella.foundation.core.models import Change
from campanella.foundation.tenants import guards

FORMAT = 1
KIND = "campanella town archive"
MANIFEST = "manifest.json"
# Of the installation and of towns: the only table beside the towns' own that holds rows of theirs.
INBOUND = apps.get_model("payments.InboundMessage")._meta.db_table
RECEIPTS = apps.get_model("payments.Receipt")._meta.db_table

# Who is signed in, has tried to, or waits for a link to be followed is nothing that moves with a town; nor is what has
# changed since a process of another house has looked.
# Codes of letters and what somebody has asked for at the door are kept as hashes that only this house can make.
LEFT_OUT = {
    model._meta.db_table
    for model in (Session, SignInAttempt, ForgottenPassword, ContactChange, LinkCode, Registration, Change)
}
# A tablet is known by a key that this house has seen: it is paired anew where the town goes.
WITHOUT_KEYS = {
    Device._meta.db_table: {
        "data_key": "''",
        "public_key": "null::jsonb",
        "code_hash": "null::text",
        "code_ends_at": "null::timestamptz",
        "revoked_at": "coalesce(revoked_at, %(now)s::timestamptz)",
    }
}
# Hashes can be guessed at by whoever has the file: they go only where the operator says so. “!” is nobody's password.
WITHOUT_PASSWORDS = {User._meta.db_table: {"password": "'!'", "pin": "''"}}

# JSON has no raw control characters: a line is a row as it is, whatever it holds.
COPY_LINES = "(format csv, delimiter e'\\x02', quote e'\\x01')"


@dataclass(frozen=True)
class Manifest:
    """What an archive says of itself."""

    kind: str
    format: int
    version: str
    taken_at: str
    # slug, name, tax_code, province, choices: the row of the register of towns.
    town: dict[str, Any]
    with_passwords: bool
    # As “app.name”, those that had made the tables.
    migrations: list[str]
    tables: dict[str, Table]
    files: int


def tables() -> list[str]:
    """Return every table that is in an archive, what is referred to first."""
    return in_order(
        [INBOUND, *(model._meta.db_table for model in guards.town_tables() if model._meta.db_table not in LEFT_OUT)]
    )


def files_named_in() -> dict[str, list[str]]:
    """Return the columns that name a kept file, by table: by convention their names end in ``_as``."""
    found: dict[str, list[str]] = {}
    for model in guards.town_tables():
        named = [field.attname for field in model._meta.local_fields if field.attname.endswith("_as")]
        if named:
            found[model._meta.db_table] = named
    return found
