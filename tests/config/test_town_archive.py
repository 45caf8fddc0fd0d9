"""A town is taken out into one file, put in again as another one, and is the same to the last row."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import connection

from campanella.config.backup import NotKept
from campanella.config.town_archive import content, putting, taking
from campanella.config.town_archive.putting import NotPut
from campanella.domains.accounts.models import Device, User
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger import seals, verify
from campanella.domains.payments.models import InboundMessage
from campanella.domains.people.models import Child, Delegate
from campanella.foundation.core import audit, clock
from campanella.foundation.core.scope import scope
from campanella.foundation.tenants import guards, operations
from campanella.foundation.tenants import queries as tenants
from campanella.foundation.tenants.queries import Town
from campanella.readings import proofs
from campanella.usecases import night
from tests.concurrency.conftest import committed, town  # noqa: F401  # fixtures
from tests.config.commands.running import said
from tests.towns import IBAN, PASSWORD, Cast, as_owner, make_cast

# What may be guessed at, or opens a door, is left out by its name; these only sound like it.
HARMLESS = {
    ("accounts_user", "must_change_password"),
    ("accounts_user", "password_ends_at"),
    # The address of one visit to Checkout, and a place that cannot be read back out of its hash.
    ("payments_cart", "token"),
    ("support_ticket", "origin_hash"),
}
SOUNDS_SECRET = re.compile(r"password|secret|token|_hash$|^pin$|(public|private|data)_key$|session_key")


pytestmark = pytest.mark.slow


@pytest.fixture
def lived(town: Cast, settings: Any, tmp_path: Path) -> Cast:  # noqa: F811
    """Valle with something in every corner that is easily forgotten, and Borgo next door."""
    settings.VAR = tmp_path / "var"
    make_cast(slug="borgo", tax_code="00142920413")
    anna = town.families["rossi"].children["Anna"]
    FileSystemStorage(location=settings.VAR / "files").save(f"delegates/{town.town.id}/abc", ContentFile(b"\x00 a copy"))
    with scope(town.town.id):
        town.credit("Anna", 1234)
        InboundMessage.objects.create(
            municipality_id=town.town.id, sha256="1", body=b"\x00\\N\n\t\x01\xff", received_at=clock.now()
        )
        Delegate.objects.create(
            child=anna,
            given_name='Zoë\x1f "D\'Angelò"\\',
            family_name="a\nb",
            birth_date=date(1960, 1, 1),
            document="x",
            until=date(2027, 8, 31),
            copy_as=f"delegates/{town.town.id}/abc",
            written_at=clock.now(),
        )
        Device.objects.create(name="Tablet 1", data_key="secret of the tablet", public_key={"x": "1"}, paired_at=clock.now())
        audit.record(by=town.staff["office"], action="faq.started", subjects=["faq:1"], at=clock.now(), data={"count": 1})
    with scope(town.town.id):
        night.prove(now=clock.now())
    return town


def _taken(one: Town, to: Path, settings: Any, *, with_passwords: bool = False) -> Path:
    with as_owner():
        taking.take(town=one, to=to, files=settings.VAR / "files", with_passwords=with_passwords, now=clock.now())
    return to


def _put(archive: Path, settings: Any, slug: str = "nuova", tax_code: str = "") -> putting.Put:
    with as_owner():
        return putting.put(
            archive=archive,
            slug=slug,
            hosts=[f"{slug}.localhost"],
            tax_code=tax_code,
            files=settings.VAR / "files",
            now=clock.now(),
        )


def _rows(archive: Path) -> dict[str, list[Any]]:
    """Return what an archive holds, without what the taking and the putting themselves have written."""
    found = {}
    with ZipFile(archive) as kept:
        for name in kept.namelist():
            if name.startswith("tables/"):
                lines = [json.loads(line) for line in kept.read(name).decode().splitlines()]
                found[name] = [line for line in lines if not str(line.get("action", "")).startswith("town.")]
            elif name.startswith("files/"):
                found[name] = [kept.read(name)]
    for message in found["tables/payments_inboundmessage.jsonl"]:
        del message["id"]
    return found


def _balances(one: Town) -> list[tuple[Any, ...]]:
    with scope(one.id):
        lines = ledger.balances()
        return [(line.child_code, line.service_code, line.balance.cents) for line in lines]


def _broken(one: Town) -> list[Any]:
    with scope(one.id):
        return verify.violations() + proofs.violations() + seals.violations()


def test_a_town_that_was_put_in_is_the_same_to_the_last_row(lived: Cast, settings: Any, tmp_path: Path) -> None:
    borgo = tenants.town_by_slug(slug="borgo")
    neighbour = _balances(borgo)
    archive = _taken(lived.town, tmp_path / "valle.zip", settings, with_passwords=True)
    assert archive.stat().st_mode & 0o777 == 0o600

    done = _put(archive, settings)

    assert done.is_stand_in
    assert done.town.tax_code != lived.town.tax_code
    again = _taken(done.town, tmp_path / "again.zip", settings, with_passwords=True)
    before, after = _rows(archive), _rows(again)
    for name, rows in before.items():
        if name == "tables/accounts_device.jsonl":
            rows = [{**row, "revoked_at": None} for row in rows]
            after[name] = [{**row, "revoked_at": None} for row in after[name]]
        assert after[name] == rows, name
    assert len(before["tables/ledger_entry.jsonl"]) == 1
    assert before["files/delegates/abc"] == [b"\x00 a copy"]
    assert _balances(done.town) == _balances(lived.town) != []
    assert _broken(done.town) == []
    assert done.town.stored == lived.town.stored
    assert _balances(borgo) == neighbour
    with scope(done.town.id):
        assert User.objects.get(username="rossi").check_password(PASSWORD)
        assert Delegate.objects.get().copy_as == f"delegates/{done.town.id}/abc"
    with scope(done.town.id):
        # A new row does not meet one that came.
        Child.objects.create(given_name="Nuovo", family_name="Nato", code="nn")


def test_what_opens_a_door_stays_behind(lived: Cast, settings: Any, tmp_path: Path) -> None:
    with scope(lived.town.id):
        hashes = list(User.objects.values_list("password", flat=True))
    archive = _taken(lived.town, tmp_path / "valle.zip", settings)
    with ZipFile(archive) as kept:
        told = b"".join(kept.read(name) for name in kept.namelist()).decode(errors="replace")
        assert not {name for table in content.LEFT_OUT if (name := f"tables/{table}.jsonl") in kept.namelist()}
    assert not [one for one in [*hashes, "secret of the tablet"] if one in told]

    with as_owner():
        printed = said("town", "import", str(archive), "--as", "nuova")

    found = re.search(r"user name “(\w+)” and password “([\w-]+)”", printed)
    assert found
    assert "stands in for it" in printed
    with scope(tenants.town_by_slug(slug="nuova").id):
        assert User.objects.get(username=found[1]).check_password(found[2])
        assert not User.objects.get(username="rossi").check_password("!")
        assert Device.objects.get().revoked_at == clock.now()


def test_a_town_that_was_just_created_takes_an_archive(lived: Cast, settings: Any, tmp_path: Path) -> None:
    archive = tmp_path / "valle.zip"
    with as_owner():
        printed = said("town", "export", "--town", "valle", "--out", str(archive))
        assert "Passwords are not in it" in printed
        made = "--name Bra --tax-code 00142920438 --province CN --segregation 7 --office-email scuola@bra.example"
        said("town", "create", "bra", *made.split(), "--iban", IBAN)
    done = _put(archive, settings, "bra")
    assert (done.town.tax_code, done.is_stand_in) == ("00142920438", True)
    assert _balances(done.town) == _balances(lived.town)
    assert done.town.stored["office_email"] == "scuola@bra.example"
    with pytest.raises(NotPut, match="There is a town “bra” already, with people and facts in it"):
        _put(archive, settings, "bra")


def test_what_is_no_whole_archive_of_this_version_changes_nothing(lived: Cast, settings: Any, tmp_path: Path) -> None:
    archive = _taken(lived.town, tmp_path / "valle.zip", settings)
    with pytest.raises(NotKept, match="is there already"):
        _taken(lived.town, archive, settings)
    (tmp_path / "short.zip").write_bytes(archive.read_bytes()[:-900])
    (tmp_path / "text.zip").write_text("not a zip")
    manifest = content.MANIFEST
    changes = {
        "later.zip": (manifest, lambda data: json.dumps({**json.loads(data), "migrations": ["people.0099"]}).encode()),
        "older.zip": (manifest, lambda data: json.dumps({**json.loads(data), "format": 0}).encode()),
        "backup.zip": (manifest, lambda data: json.dumps({**json.loads(data), "kind": "backup"}).encode()),
        "named.zip": (manifest, lambda data: data.replace(b'"given_name"', b'"\\"id\\" --\\""')),
        "holed.zip": ("tables/ledger_transfer.jsonl", lambda data: b""),
        "torn.zip": ("tables/people_child.jsonl", lambda data: data[: len(data) // 2]),
        "orphan.zip": ("tables/people_guardianship.jsonl", lambda data: data.replace(b'"child_id":', b'"child_id":9')),
        "astray.zip": (manifest, lambda data: json.dumps({**json.loads(data), "files": 2}).encode()),
        "huge.zip": ("tables/core_auditrow.jsonl", lambda data: data.replace(b'{"id":', b'{"id":9999999999999999', 1)),
    }
    for name, (member, change) in changes.items():
        with ZipFile(archive) as old, ZipFile(tmp_path / name, "w") as new:
            for one in old.namelist():
                new.writestr(one, change(old.read(one)) if one == member else old.read(one))
    sentences = {
        "short.zip": "is not whole",
        "text.zip": "is no archive made by",
        "absent.zip": "No such file",
        "later.zip": "whose tables are others",
        "older.zip": "whose tables are others",
        "backup.zip": "is no archive made by",
        "named.zip": "names columns that its tables do not have",
        "holed.zip": "ledger_transfer has 0 rows, it should have 1",
        "torn.zip": "was changed after it was made",
        "orphan.zip": "was changed after it was made",
        "astray.zip": "it has 1 files, it should have 2",
        "huge.zip": "core_auditrow has a row with the number 9999999999999999",
    }
    for name, sentence in sentences.items():
        with pytest.raises(NotPut, match=sentence):
            _put(tmp_path / name, settings)
    with pytest.raises(operations.CannotCreateTown, match="tax code"):
        _put(archive, settings, tax_code=lived.town.tax_code)
    with pytest.raises(NotPut, match="There is a town “borgo” already"):
        _put(archive, settings, "borgo")
    assert {one.slug for one in tenants.all_towns()} == {"borgo", "valle"}
    assert [path.parent.name for path in (settings.VAR / "files").rglob("abc")] == [str(lived.town.id)]


def test_no_table_is_forgotten(db: None) -> None:
    """Whatever has rows of a town is in the archive, or named among what stays behind."""
    with connection.cursor() as cursor:
        cursor.execute("select table_name from information_schema.columns where column_name = 'municipality_id'")
        of_towns = {name for (name,) in cursor.fetchall()}
    assert set(content.tables()) | content.LEFT_OUT == of_towns
    assert not set(content.tables()) & content.LEFT_OUT


def test_whatever_sounds_like_a_secret_is_left_out_or_known_to_be_none(db: None) -> None:
    without = content.WITHOUT_KEYS | content.WITHOUT_PASSWORDS
    asked = {
        (model._meta.db_table, field.attname)
        for model in guards.town_tables()
        for field in model._meta.local_fields
        if SOUNDS_SECRET.search(field.attname) and model._meta.db_table not in content.LEFT_OUT
    }
    kept_back = {(table, column) for table, columns in without.items() for column in columns}
    assert asked - kept_back == HARMLESS


def test_every_kept_file_is_named_in_a_column_that_the_archive_knows(db: None) -> None:
    package = Path(taking.__file__).parents[2]
    keeping = [path for path in package.rglob("*.py") if "files.keep(" in path.read_text()]
    for path in keeping:
        for line in path.read_text().splitlines():
            if "files.keep(" in line:
                assert re.search(r"\b\w+_as ?= ?files\.keep\(", line), f"{path.name}: name the column and the value “…_as”"
    assert len(content.files_named_in()) >= len(keeping)
