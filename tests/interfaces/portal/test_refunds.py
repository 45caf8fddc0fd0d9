"""A family asks from the phone for the credit that is left, follows what comes of it, takes it back."""

import re

from campanella.domains.adjusting.models import Proposal
from campanella.domains.enrolment import operations as enrolment
from campanella.domains.enrolment.models import Subscription
from campanella.foundation.core import clock
from campanella.usecases.adjusting import deciding
from tests.adjusting import ACCOUNT, colleague
from tests.interfaces.portal.phones import phone, words
from tests.towns import Cast

PAGE = "/pagamenti/rimborsi/"


def left(cast: Cast) -> str:
    """Anna leaves the canteen with credit; give the page that asks."""
    cast.credit("Anna", 1840)
    line = Subscription.objects.get(child=cast.child("Anna"), service=cast.services["mensa"])
    enrolment.end_many(subscription_ids=[line.pk], on=clock.today())
    return f"{PAGE}{cast.wallet('Anna').pk}/"


def test_a_parent_asks_follows_and_takes_back(valle: Cast, rossi) -> None:
    mine = phone(rossi.user)
    valle.credit("Luca", 500)
    assert "Nessun credito da rimborsare" in words(mine.get(PAGE))
    ask = left(valle)
    page = words(mine.get(PAGE))
    assert "Anna, Refezione 18,40 €" in page
    assert "Luca" not in page

    key = re.findall(r'name="key" value="([^"]+)"', mine.get(ask).content.decode())[0]
    form = {"iban": ACCOUNT, "holder": "Maria Rossi", "ready": "Cambio di residenza", "reason": "", "key": key}
    wrong = words(mine.post(ask, {**form, "iban": "IT35Q0306909606100000067890"}))
    assert "CIN" in wrong
    assert "La banca legge solo le nostre lettere" in words(mine.post(ask, {**form, "holder": "Олена Коваль"}))
    sent = words(mine.post(ask, form, follow=True))
    assert "Richiesta mandata" in sent
    assert "In attesa" in sent
    assert ACCOUNT not in sent
    again = words(mine.post(ask, form, follow=True))
    assert "I tuoi rimborsi" in again
    assert Proposal.objects.get().memo == "Cambio di residenza"

    taken = words(mine.post(f"{PAGE}ritira/{Proposal.objects.get().pk}/", follow=True))
    assert "Richiesta ritirata" in taken
    assert valle.balance("Anna") == 1840
    assert "Chiedi il rimborso" in taken


def test_another_familys_wallet_and_request_are_not_there(valle: Cast, rossi) -> None:
    ask = left(valle)
    other = phone(valle.families["haddad"].user)
    assert other.get(ask).status_code == 404
    mine = phone(rossi.user)
    key = "k" * 20
    mine.post(ask, {"iban": ACCOUNT, "holder": "M", "reason": "x", "key": key})
    assert other.post(f"{PAGE}ritira/{Proposal.objects.get().pk}/").status_code == 404


def test_what_the_office_says_stands_beside_it(valle: Cast, rossi) -> None:
    ask = left(valle)
    mine = phone(rossi.user)
    mine.post(ask, {"iban": ACCOUNT, "holder": "M", "reason": "x", "key": "k" * 20})
    deciding.refuse(by=colleague(), proposal_id=Proposal.objects.get().pk, why="manca un pagamento", now=clock.now())
    page = words(mine.get(PAGE))
    assert "Respinta" in page
    assert "manca un pagamento" in page
    late = words(mine.post(f"{PAGE}ritira/{Proposal.objects.get().pk}/", follow=True))
    assert "già stata decisa" in late
