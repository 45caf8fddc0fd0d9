"""What was ended ends what waits for it: letters that have not left do not leave."""

from typing import Any

import pytest

from campanella.domains.messaging.models import Message
from campanella.domains.people import operations as people
from campanella.domains.support import operations as noticeboard
from campanella.domains.support.operations import Audience
from campanella.foundation.core import clock, jobs
from campanella.usecases import family_news, registry
from campanella.usecases.access import giving
from tests.paying import prepare, ready, receive, wish
from tests.towns import OFFICE, Cast, Family, run_jobs, tell_again

__all__ = ["ready"]


def take(*names: str) -> list[str]:
    """Run the waiting jobs but leave the letters where they are, as when the mail server is away."""
    done = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(jobs._jobs, "deliver", lambda **_: done.append("deliver"))
        run_jobs()
    return done


def publish(valle: Cast) -> int:
    """Publish a piece of news with a mail to every family; nobody has had it yet."""
    office, now = valle.staff["office"], clock.now()
    row = noticeboard.write_news(
        by=office, news_id=None, title="Sciopero", body="Domani.", audience=Audience(), until=None, now=now
    )
    noticeboard.publish_news(by=office, news_id=row.pk, now=now, is_mailed=True)
    return row.pk


def deliver_all(valle: Cast) -> None:
    """Let every letter of the town be tried."""
    for message in Message.objects.order_by("id"):
        jobs.run_now("deliver", town=valle.town.id, message_id=message.pk)
        tell_again()


def test_withdrawn_news_leaves_no_more_and_published_again_it_does(valle: Cast, mailoutbox: list[Any]) -> None:
    news_id, office = publish(valle), valle.staff["office"]
    take()
    assert Message.objects.filter(template="news_published").count() == 2

    family_news.withdraw(by=office, news_id=news_id, now=clock.now())
    deliver_all(valle)
    assert mailoutbox == []

    noticeboard.publish_news(by=office, news_id=news_id, now=clock.now(), is_mailed=True)
    run_jobs()
    assert sorted(mail.to[0] for mail in mailoutbox) == ["haddad@posta.example", "rossi@posta.example"]


def test_a_closed_access_gets_no_link_to_enter(valle: Cast, rossi: Family, mailoutbox: list[Any]) -> None:
    giving.mail_new_password(by=OFFICE, guardian_id=rossi.guardian.pk, now=clock.now())
    take()
    giving.close(by=OFFICE, guardian_id=rossi.guardian.pk, now=clock.now())

    assert run_jobs() == ["access.own.call_off_letters"]
    deliver_all(valle)

    assert [mail.subject for mail in mailoutbox if "password" in mail.subject.lower()] == []


def test_who_no_longer_answers_for_a_child_gets_no_letter_about_it(
    valle: Cast, ready: Family, mailoutbox: list[Any]
) -> None:
    (waiting, later) = prepare(valle, ready, wish(valle)), prepare(valle, ready, wish(valle, cents=3000))
    receive(waiting[0])
    take()
    other = valle.families["haddad"].guardian
    anna = valle.child("Anna")
    people.tie(child=anna, guardian=other, is_payer=False)
    registry.choose_payer(by=OFFICE, child_id=anna.pk, guardian_id=other.pk, now=clock.now())

    registry.untie(by=OFFICE, child_id=anna.pk, guardian_id=ready.guardian.pk, why="tribunale", now=clock.now())
    receive(later[0], iur="iur-2")
    run_jobs()
    deliver_all(valle)

    thanked = {tuple(mail.to) for mail in mailoutbox if mail.subject.startswith("Ricarica ricevuta")}
    assert thanked == {("haddad@posta.example",)}, "the notice was the former payer's, the thanks are not"
