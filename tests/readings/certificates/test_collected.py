"""Direct debits on a certificate: whose they were on the day of the collection, whoever pays for the child later."""

from datetime import date

import pytest

from campanella.domains.debiting.mandates import Holder
from campanella.domains.people import mending
from campanella.domains.people import operations as people
from campanella.foundation.core import clock
from campanella.readings.certificates.reckoning import reckon
from campanella.usecases.debiting import authorising
from tests.billing import noon
from tests.debits import holder
from tests.paying import TAX_CODES
from tests.readings.certificates.paying import MOTHER
from tests.towns import OFFICE, Cast
from tests.usecases.debiting.conftest import asked, booked, debited  # noqa: F401

GRANDFATHER, FATHER = "RSSLCU40A01A562V", "RSSGUO80A01A562X"


def certified(cast: Cast) -> list[tuple[str, str, int]]:
    found = reckon(child_ids=[cast.child("Anna").pk], year=2026)[0].contents
    return [(one.payer_tax_code, one.payer_name, one.cents) for one in found]


@pytest.mark.parametrize(
    ("account", "whose"),
    [
        (None, (MOTHER, "Maria Addolorata Rossi")),
        (Holder("Luca Rossi senior", holder().account, GRANDFATHER), (GRANDFATHER, "Luca Rossi senior")),
    ],
)
def test_who_pays_later_gets_nothing_of_what_another_account_has_paid(debited, account, whose) -> None:  # noqa: F811
    for name, code in TAX_CODES.items():
        mending.write_child_tax_code(by=OFFICE, child_id=debited.child(name).pk, tax_code=code, now=clock.now())
    if account:
        with clock.standing_at(noon(date(2026, 11, 6))):
            user = debited.families["rossi"].user
            authorising.change_account(by=user, holder=account, now=clock.now())
    asked()
    booked(date(2026, 12, 7))
    assert certified(debited) == [(*whose, 1380)]

    child = debited.child("Anna")
    father = people.register_guardian(
        given_name="Ugo", family_name="Rossi", tax_code=FATHER, email="ugo@posta.example", phone=""
    )
    people.tie(child=child, guardian=father, is_payer=False)
    people.make_payer(child_id=child.pk, guardian_id=father.pk)
    assert certified(debited) == [(*whose, 1380)]
    # Another account later changes nothing of what the first one has paid.
    with clock.standing_at(noon(date(2027, 1, 12))):
        mandate = authorising.mandate_of(payer=debited.families["rossi"].guardian)
        authorising.revoke_at_desk(by=OFFICE, mandate_id=mandate.id, now=clock.now())
    assert certified(debited) == [(*whose, 1380)]
