"""New passwords by letter, and changes of contacts that wait for their link."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from urllib.parse import urlencode

from campanella.domains.accounts import entering, giving, passwords
from campanella.domains.accounts import operations as accounts
from campanella.domains.accounts import queries as users
from campanella.domains.accounts.events import NewPasswordAsked
from campanella.domains.accounts.models import User
from campanella.domains.messaging import operations as messaging
from campanella.domains.people import mending
from campanella.domains.people import queries as persons
from campanella.domains.people.operations import TaxCodeTaken
from campanella.domains.people.rules import is_same_phone
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import use_case
from campanella.usecases.links import portal_link
from campanella.usecases.messages import access as letters

# A second request within this time sends no second letter: nobody's box can be filled from our page.
ONE_LETTER_EVERY_SECONDS = 300


# How many codes of somebody else one may try to write as one's own within a day: one mistypes once.
CODES_OF_OTHERS = 3
ONE_DAY = timedelta(days=1)

audit.sentences({"user.code_of_others": "ha scritto come proprio il codice fiscale di un’altra persona"})


class TooManyCodes(Refusal):
    """The codes of several other people were tried."""

    message = (
        "Hai provato più codici che risultano di altre persone. Riprova domani, o scrivi all’ufficio: controllano loro."
    )


@use_case
def ask_new_password(*, asked: str, now: datetime) -> None:
    """
    Note that somebody asked for a new password.

    Who it is, and whether we know them, is found out by the worker: the page takes the same time for everybody.

    :param asked: an e-mail address or a user name, as typed
    """
    publish(NewPasswordAsked(forgotten_id=passwords.note_forgotten(asked=asked, now=now)))


@use_case
def send_reset_links(*, forgotten_id: int) -> None:
    """Write to every access of an address, or to the one of a user name, each with its own link."""
    forgotten = passwords.take_forgotten(forgotten_id=forgotten_id)
    if forgotten is None:
        return
    asked, now = forgotten.asked, forgotten.asked_at
    period = int(now.timestamp()) // ONE_LETTER_EVERY_SECONDS
    for user in users.users_known_as(text=asked):
        link = portal_link("accounts:reset", user.pk, passwords.reset_token(user=user))
        letters.password_reset(
            address=user.email,
            display_name=user.display_name,
            username=user.username,
            link=link,
            key=f"{user.pk}:{period}",
            now=now,
        )


@use_case
def send_reset_links_of_before(*, asked: str, asked_at: str) -> None:
    """Do as ``send_reset_links`` for a job of the release before, which carried what was written."""
    send_reset_links(forgotten_id=passwords.note_forgotten(asked=asked, now=datetime.fromisoformat(asked_at)))


@use_case
def call_off_letters(*, user_id: int) -> None:
    """Let the letters that would let somebody into a closed access leave no more."""
    messaging.call_off(keys=letters.of_access(user_id), now=clock.now())


@use_case
def tell_password_changed(*, user_id: int, changed_at: str) -> None:
    """Tell the address of an access that its password is another, in case it was somebody else."""
    user = users.user(user_id=user_id)
    now = datetime.fromisoformat(changed_at)
    letters.password_changed(address=user.email, name=user.display_name, key=f"{user_id}:{changed_at}", now=now)


def change_contacts(
    *, by: User, email: str, phone: str, wants_news: bool, password: str, and_then: str, now: datetime
) -> bool:
    """
    Change one's own e-mail address and telephone: a blank address leaves the old one, a blank telephone is none.

    The telephone changes at once, the address when its owner follows the link. A number known in another spelling stays as
    it was. An access for one child has an address of its own, and nothing else to change.

    :param wants_news: news by mail too
    :param password: asked for when the address is another: to the address go the links to new passwords
    :param and_then: path of the page to come back to after the link, or nothing
    :returns: True when a link was sent to the new address
    :raises WrongPassword: the address is another, and the password is not this person's
    :raises TooManyTries: it was wrong too often
    :raises TooManyChanges: too many addresses were asked for
    """
    moves = bool(email) and email.lower() != persons.address_of(user=by, holder=persons.guardian_of(user=by)).lower()
    # Before the transaction of the change, so that a failure stays counted.
    if moves:
        entering.prove(user=by, password=password, now=now)
    return _change_contacts(by=by, email=email if moves else "", phone=phone, news=wants_news, and_then=and_then, now=now)


@use_case
def _change_contacts(*, by: User, email: str, phone: str, news: bool, and_then: str, now: datetime) -> bool:
    guardian = persons.guardian_of(user=by)
    if guardian and not is_same_phone(phone, guardian.phone):
        mending.replace_contacts(
            by=by, guardian_id=guardian.pk, email=guardian.email, phone=phone, address=guardian.address, now=now
        )
    if guardian and news != guardian.wants_news_by_mail:
        mending.choose_news_by_mail(by=by, guardian_id=guardian.pk, wants=news, now=now)
    if not email:
        return False
    token = accounts.ask_contact_change(user=by, email=email, phone="", now=now)
    link = portal_link("portal:confirm-contacts", token)
    if and_then:
        link = f"{link}?{urlencode({'next': and_then})}"
    # Not among the person's messages: whoever reads the link there would confirm an address that is not theirs.
    change = users.waiting_change(user=by, now=now)
    letters.confirm_contacts(address=email, guardian=None, link=link, key=str(change.pk if change else token), now=now)
    return True


@use_case
def confirm_contacts(*, token: str, now: datetime) -> str:
    """
    Take over an address whose owner followed the link; the address so far is told, in case it was somebody else.

    The person's accesses for one child take it over too: a new password is never mailed to the old box. An access for one
    child moves its own address only: a letter about a child is no key to a person's other children.

    :returns: the address
    :raises LinkExpired: the link is unknown, used, older than two days, or a newer one was sent
    """
    change = accounts.confirm_contact_change(token=token, now=now)
    user = users.user(user_id=change.user_id)
    guardian = persons.guardian_of(user=user)
    left = persons.address_of(user=user, holder=guardian)
    if left.lower() not in ("", change.email.lower()):
        letters.contacts_changed(address=left, name=user.display_name, key=str(change.pk), now=now)
    accesses = persons.accesses_of(guardian=guardian) if guardian else []
    before = [user.email, *([guardian.email] if guardian else [])]
    giving.move_address(by=user, user_ids=[user.pk, *accesses], before=before, email=change.email, now=now)
    if guardian:
        mending.change_contacts(by=user, guardian_id=guardian.pk, email=change.email, phone=change.phone, now=now)
    return change.email


def write_child_tax_code(*, by: User, child_id: int, tax_code: str, now: datetime) -> None:
    """
    Write the missing tax code of one's own child.

    :raises NotFound: the child is not this user's
    :raises WrongTaxCode: its check letter is wrong
    :raises OthersTaxCode: it is an adult's, or tells another day of birth
    :raises TaxCodeTaken: another child has it
    :raises TooManyCodes: too many codes of others were tried
    """
    child = persons.child_for(user=by, child_id=child_id)
    if not child.tax_code:
        with _few_codes_of_others(by=by, now=now):
            mending.write_child_tax_code(by=by, child_id=child.id, tax_code=tax_code, now=now)


def write_own_tax_code(*, by: User, tax_code: str, now: datetime) -> None:
    """
    Write the missing tax code of the adult for whom one's access stands.

    :raises NotFound: no adult stands behind this access
    :raises WrongTaxCode: its check letter is wrong
    :raises OthersTaxCode: it is a child's
    :raises TaxCodeTaken: another adult has it
    :raises TooManyCodes: too many codes of others were tried
    """
    guardian = persons.holder_of(user=by)
    if guardian is None:
        raise NotFound("L’ufficio non ha ancora collegato i tuoi dati a questo accesso.")
    if not guardian.tax_code:
        with _few_codes_of_others(by=by, now=now):
            mending.write_guardian_tax_code(by=by, guardian_id=guardian.pk, tax_code=tax_code, now=now)


@contextmanager
def _few_codes_of_others(*, by: User, now: datetime) -> Iterator[None]:
    """Note who tries the tax code of somebody else, and end it soon: the answer tells who is on record."""
    subject = f"user:{by.pk}"
    if audit.times(actor_id=by.pk, subject=subject, actions=["user.code_of_others"], since=now - ONE_DAY) >= CODES_OF_OTHERS:
        raise TooManyCodes
    try:
        yield
    except TaxCodeTaken:
        audit.record(by=by, action="user.code_of_others", subjects=[subject], at=now)
        raise
