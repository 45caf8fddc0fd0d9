"""New passwords by letter, and changes of contacts that wait for their link."""

from datetime import datetime

from campanella.domains.accounts import operations as accounts
from campanella.domains.accounts import queries as users
from campanella.domains.accounts.events import NewPasswordAsked
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import use_case
from campanella.usecases.links import portal_link
from campanella.usecases.messages import letters

# A second request within this time sends no second letter: nobody's box can be filled from our page.
ONE_LETTER_EVERY_SECONDS = 300


@use_case
def ask_new_password(*, asked: str, now: datetime) -> None:
    """
    Note that somebody asked for a new password.

    Who it is, and whether we know them, is found out by the worker: the page takes the same time for everybody.

    :param asked: an e-mail address or a user name, as typed
    """
    publish(NewPasswordAsked(asked=asked.strip()[:120], asked_at=now.isoformat()))


@use_case
def send_reset_links(*, asked: str, asked_at: str) -> None:
    """Write to every access of an address, or to the one of a user name, each with its own link."""
    now = datetime.fromisoformat(asked_at)
    period = int(now.timestamp()) // ONE_LETTER_EVERY_SECONDS
    for user in users.users_known_as(text=asked):
        link = portal_link("accounts:reset", user.pk, accounts.reset_token(user=user))
        letters.password_reset(
            address=user.email, display_name=user.display_name, username=user.username, link=link,
            key=f"{user.pk}:{period}", now=now,
        )  # fmt: skip
