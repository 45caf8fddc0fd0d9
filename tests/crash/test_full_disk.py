"""A full disk: a clear failure, no half entry, and everything booked once when there is room again."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from campanella.domains.accounts.models import Role
from campanella.domains.ledger import verify
from campanella.domains.ledger.models import Entry
from campanella.domains.payments.models import Receipt
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.usecases import proofs, top_up
from tests.crash.installation import Installation, close_connections, installed
from tests.crash.test_kills import _is_taken, _receipt
from tests.towns import PASSWORD, Cast, make_cast

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("crash")]

SIZE_MB = 220
RECEIPTS = 4
TRIES = 400


@pytest.fixture
def installation(django_db_setup: None, django_db_blocker: Any) -> Iterator[Installation]:
    """An installation on a small disk of its own."""
    folder = Path(tempfile.mkdtemp(prefix="campanella-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=0755", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        folder.rmdir()
        pytest.skip("only root may mount a small disk")
    try:
        with django_db_blocker.unblock(), installed(folder) as made:
            yield made
    finally:
        subprocess.run(["umount", "-l", folder], check=False)
        shutil.rmtree(folder, ignore_errors=True)


class Teacher:
    """Somebody with a tablet, at the real address."""

    def __init__(self, installation: Installation, cast: Cast) -> None:
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{installation.port}", headers={"Host": cast.town.host}, timeout=20
        )
        self.sheet = f"/appello/{cast.classes['2B'].pk}/mensa/"
        self.send("/entra/", username=str(Role.SCHOOL), password=PASSWORD)

    def send(self, path: str, **fields: Any) -> httpx.Response:
        """Open a page and send its form."""
        page = self.client.get(path)
        if page.status_code != 200:
            return page
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        return self.client.post(path, data={"csrfmiddlewaretoken": token[1] if token else "", **fields})

    def confirm(self, cast_children: list[int]) -> httpx.Response:
        """Confirm the class as it is, everybody there."""
        fields = {
            "shown": cast_children,
            "before": cast_children,
            "eats": cast_children,
            "adults": "0",
            "adults_before": "0",
        }
        return self.send(self.sheet, day=f"{clock.today()}", act="confirm", **fields)


def fill(folder: Path) -> Path:
    """Write a ballast file until not one block is left."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        block = 1 << 20
        while block >= 4096:
            try:
                file.write(bytes(block))
            except OSError:
                block //= 2
    return ballast


def test_a_full_disk_loses_nothing_and_doubles_nothing(installation: Installation) -> None:
    cast = make_cast(slug="valle", tax_code="00142920439")
    with scope(cast.town.id):
        by, wallet = cast.staff["office"], cast.wallet("Anna").pk
        positions = top_up.prepare_at_desk(by=by, wallet_id=wallet, amount=Euro(1000), count=RECEIPTS, now=clock.now())
        children = [cast.child(name).pk for name in ("Anna", "Luca", "Amina")]
    close_connections()
    installation.start("serve")
    installation.wait_for(installation.answers)
    bodies = [_receipt(cast.town.tax_code, p.notice_number, f"r{n}") for n, p in enumerate(positions)]
    taken = {0} if _is_taken(installation.post("/pagopa/paForNode", bodies[0])) else set()
    assert taken == {0}

    ballast = fill(installation.var)
    failed = deliver_until_it_fails(installation, bodies[1])
    assert failed is None or failed.status_code == 500, "pagoPA will send it again"
    assert failed is None or b"PAA_SYSTEM_ERROR" in failed.content

    ballast.unlink()
    if installation.server.process is None or installation.server.process.poll() is not None:
        installation.server.start()
    close_connections()
    installation.start("serve", "worker")
    installation.wait_for(installation.answers)
    for body in bodies:
        installation.wait_for(lambda body=body: _is_taken(installation.post("/pagopa/paForNode", body)))

    def booked() -> bool:
        close_connections()
        with scope(cast.town.id):
            return cast.balance("Anna") == 1000 * RECEIPTS

    installation.wait_for(booked)
    assert children
    with scope(cast.town.id):
        assert Entry.objects.filter(kind="top_up").count() == RECEIPTS
        assert Receipt.objects.filter(request__isnull=False).count() == RECEIPTS
        assert verify.violations() + proofs.violations() == []


def deliver_until_it_fails(installation: Installation, body: bytes) -> httpx.Response | None:
    """Deliver messages that are kept, each other than the one before, until the disk takes no more."""
    for number in range(TRIES):
        # A receipt of an unknown town is kept raw: it fills what PostgreSQL had set aside.
        stuffing = body.replace(b"<idPA>", b"<idPA>x" + os.urandom(200_000).hex().encode())
        answer = installation.post("/pagopa/paForNode", stuffing + b"<!--%d-->" % number)
        if answer is None or answer.status_code >= 500:
            return installation.post("/pagopa/paForNode", body)
    raise AssertionError("the disk never filled")
