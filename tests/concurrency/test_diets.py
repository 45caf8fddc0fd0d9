"""A diet that is confirmed while the office asks for a certificate for its code."""

import pytest

from campanella.domains.accounts.models import User
from campanella.domains.accounts.operations import create_user
from campanella.domains.accounts.roles import Role
from campanella.domains.enrolment import diet_codes, diets
from campanella.domains.enrolment.models import Diet, DietCode
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from tests.concurrency.racing import in_turn
from tests.towns import OFFICE, PASSWORD, TODAY, Cast

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]


@pytest.fixture
def waiting(town: Cast) -> tuple[int, User, DietCode]:
    """A diet of Anna's that waits for its second reader, the reader, and the code, which needs no certificate."""
    with scope(town.town.id):
        code = diet_codes.add_code(by=OFFICE, code="V1", menu="Vegetariana", needs_certificate=False, now=clock.now())
        proposal = diets.propose(
            by=town.staff["office"],
            child=town.child("Anna"),
            code="V1",
            reason="",
            first=TODAY,
            expires_on=None,
            certificate=None,
            now=clock.now(),
        )
        reader = create_user(
            by=OFFICE,
            username="collega",
            display_name="Una collega",
            roles=[Role.OFFICE],
            password=PASSWORD,
            now=clock.now(),
        )
    return proposal.pk, reader, code


def test_who_confirms_waits_for_who_asks_for_a_certificate(town: Cast, waiting: tuple[int, User, DietCode]) -> None:
    proposal_id, reader, code = waiting
    confirmed, _ = in_turn(
        town,
        lambda: diets.confirm(by=reader, proposal_id=proposal_id, now=clock.now(), today=TODAY),
        lambda: None,
        held=lambda: diet_codes.ask_certificate(by=OFFICE, code_id=code.pk, is_needed=True, now=clock.now()),
    )
    assert isinstance(confirmed, diets.CertificateMissing)
    with scope(town.town.id):
        assert not Diet.objects.exists()
