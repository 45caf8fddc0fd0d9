"""
Entering: how often one may try, and what a right password opens.

A try is written down before the password is looked at, under a lock of its name, so that of many at once no more are looked
at than may be. A right password takes the failures of its name away.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password, verify_password
from django.db.models import Count, Max, Q

from campanella.domains.accounts import rules
from campanella.domains.accounts.hashing import hashed
from campanella.domains.accounts.models import SignInAttempt, User
from campanella.foundation.core import sql
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import active_town_id, operation

# Told how many tries are left only when they are few: most people mistype once.
FEW_TRIES = 5


class WrongCredentials(Refusal):
    """The name or the password is wrong; which of the two is not told."""

    message = "Nome utente o password non corretti. Controlla maiuscole e minuscole e riprova."

    def __init__(self, left: int) -> None:
        tries = "Hai ancora un tentativo" if left == 1 else f"Hai ancora {left} tentativi"
        super().__init__(f"{self.message} {tries}, poi bisogna aspettare un po’." if 0 < left <= FEW_TRIES else "")


class TooManyTries(Refusal):
    """Too many failures, so the next try is not looked at yet; the password may have been right."""

    what = "Troppi tentativi"
    then = (
        "con la password giusta entri. Se non la ricordi, “Hai dimenticato la password?” te ne fa scegliere un’altra subito."
    )

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        pause = f"{seconds} secondi" if seconds < 60 else "un minuto" if seconds < 90 else f"{round(seconds / 60)} minuti"
        super().__init__(f"{self.what}. Aspetta {pause} e riprova: {self.then}")


class TooManyPins(TooManyTries):
    """Too many failures of a PIN on a tablet."""

    then = "con il PIN giusto entri. Se non lo ricordi, scegline un altro da “Il tuo accesso”."


class WrongPassword(Refusal):
    """The present password is wrong."""

    message = "La password attuale non è corretta."


class WrongPin(Refusal):
    """The PIN is wrong."""

    message = "Il PIN non è giusto. Riprova; se non lo ricordi, scegline un altro da “Il tuo accesso”."


class PasswordEnded(Refusal):
    """The password of a letter was used, or is too old."""

    message = (
        "Questa password valeva una volta sola ed è già stata usata, o è passato troppo tempo. "
        "Usa “Hai dimenticato la password?”, oppure chiedi all’ufficio una lettera nuova."
    )


@dataclass(frozen=True, slots=True)
class Try:
    """
    One try to enter.

    :ivar origin: the address it comes from; empty when nobody knows
    :ivar browser: the id of a browser that entered with this name before; empty for any other
    """

    name: str
    origin: str
    browser: str = ""


def enter(*, username: str, password: str, origin: str, browser: str = "", now: datetime) -> User:
    """
    Check a name and a password; call it outside any transaction, because a hash takes its time.

    A wrong name costs as much time as a wrong password, and says the same.

    :param origin: where the attempt comes from; kept as a hash
    :param browser: the id of a browser that entered with this name before
    :raises TooManyTries: too many failures; the next try is looked at in a while
    :raises WrongCredentials: the name or the password is wrong
    :raises PasswordEnded: the password is right, and was for one use
    """
    name = username.strip().lower()
    left = begin(attempt=Try(name, origin, browser), now=now)
    user = _active(name)
    if user is None:
        make_password(password)
        raise WrongCredentials(left)
    is_right, is_old = verify_password(password, user.password)
    if not is_right:
        raise WrongCredentials(left)
    return _let_in(user=user, encoded=make_password(password) if is_old else user.password, now=now)


def prove(*, user: User, password: str, now: datetime) -> None:
    """
    Ask somebody who is signed in for the password again: the device may be in other hands.

    :raises TooManyTries: too many failures; the next try is looked at in a while
    :raises WrongPassword: it is another one
    """
    # Counted apart from entering: whoever guesses here holds up nobody at the door.
    name = f"signed in:{user.pk}"
    begin(attempt=Try(name, origin=""), now=now)
    if not user.check_password(password):
        raise WrongPassword
    forget_failures(name=name)


def prove_pin(*, user: User, pin: str, device_id: int, now: datetime) -> None:
    """
    Ask for the PIN of somebody who takes a tablet of the school; call it outside any transaction, as ``enter``.

    :raises TooManyPins: too many failures on this tablet; the next try is looked at in a while
    :raises WrongPin: it is another one, or none was chosen
    """
    name = f"pin:{device_id}:{user.pk}"
    try:
        begin(attempt=Try(name, origin=""), now=now)
    except TooManyTries as wait:
        raise TooManyPins(wait.seconds) from wait
    if not check_password(pin, user.pin):
        raise WrongPin
    forget_failures(name=name)


@operation
def forget_failures(*, name: str) -> None:
    """Forget the failures of a name: its person has proved to be who it says, or was given another password."""
    SignInAttempt.objects.filter(name_hash=hashed(name.strip().lower())).delete()


@operation
def take_back(*, attempt: Try, at: datetime) -> None:
    """Forget one try that was right, and leave the failures before it."""
    newest = SignInAttempt.objects.filter(name_hash=hashed(attempt.name), at=at).order_by("-id").values("id")[:1]
    SignInAttempt.objects.filter(id__in=newest).delete()


@operation
def forget_old(*, now: datetime) -> int:
    """
    Delete the attempts that no rule reads any more.

    :returns: how many
    """
    return SignInAttempt.objects.filter(at__lte=now - rules.WINDOW).delete()[0]


@operation
def begin(*, attempt: Try, now: datetime) -> int:
    """Write a try down, if it may be looked at; return how many more are free."""
    name_hash, origin_hash, browser_hash = (
        hashed(text) if text else "" for text in (attempt.name, attempt.origin, attempt.browser)
    )
    sql.take_turns(f"try:{name_hash}", active_town_id())
    if origin_hash and not browser_hash:
        sql.take_turns(f"tries:{origin_hash}", active_town_id())
    own = {"browser_hash": browser_hash} if browser_hash else {"browser_hash": "", "origin_hash": origin_hash}
    bounds = [(rules.ONE_NAME, Q(name_hash=name_hash, **own))]
    if not browser_hash:
        bounds.append((rules.NAME_ANYWHERE, Q(name_hash=name_hash, browser_hash="")))
        if origin_hash:
            bounds.append((rules.ONE_ORIGIN, Q(origin_hash=origin_hash, browser_hash="")))
    recent = SignInAttempt.objects.filter(at__gt=now - rules.WINDOW)
    waits, failures = [], 0
    for bound, which in reversed(bounds):
        found = recent.filter(which).aggregate(count=Count("id"), last=Max("at"))
        failures = found["count"]
        waits.append(bound.wait(failures=failures, since_last=now - (found["last"] or now)))
    if any(waits):
        raise TooManyTries(max(waits))
    SignInAttempt.objects.create(name_hash=name_hash, origin_hash=origin_hash, browser_hash=browser_hash, at=now)
    return max(0, rules.ONE_NAME.free - failures - 1)


@operation
def _active(name: str) -> User | None:
    return User.objects.filter(username=name, is_active=True).first()


@operation
def _let_in(*, user: User, encoded: str, now: datetime) -> User:
    """Note the entrance; a password of a letter ends with it, unless it ended before."""
    known = User.objects.filter(pk=user.pk, password=user.password, is_active=True)
    if user.must_change_password:
        known = known.filter(Q(password_ends_at=None) | Q(password_ends_at__gt=now))
    ends = {"password_ends_at": now} if user.must_change_password else {}
    if not known.update(last_login=now, password=encoded, **ends):
        raise PasswordEnded
    forget_failures(name=user.username)
    return User.objects.get(pk=user.pk)
