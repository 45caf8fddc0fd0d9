"""What is over is forgotten at night."""

from datetime import timedelta

from campanella.domains.accounts.models import Session, SignInAttempt
from campanella.foundation.core import clock, jobs
from tests.interfaces.portal.phones import Phone, phone
from tests.towns import Cast, Family


def test_ended_sessions_and_old_tries_are_forgotten_and_nothing_else(valle: Cast, rossi: Family) -> None:
    staying, ended = phone(rossi.user), phone(rossi.user)
    key = ended.client.session.session_key
    Session.objects.filter(session_key=key).update(expire_date=clock.now() - timedelta(minutes=1))
    Phone().sign_in("rossi", "sbagliata")
    SignInAttempt.objects.create(name_hash="a", origin_hash="b", at=clock.now() - timedelta(minutes=16))

    jobs.run_now("forget", town=valle.town.id)

    assert staying.get("/").status_code == 200
    assert not Session.objects.filter(session_key=key).exists()
    assert SignInAttempt.objects.count() == 1
