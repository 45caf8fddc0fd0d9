"""
Sessions kept in the town's own table.

Each access opens the town's scope if none is open, because Django loads and saves sessions outside the page's transaction.
"""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError

from campanella.foundation.core import clock, sql
from campanella.foundation.core.scope import active_town_id, scope

if TYPE_CHECKING:
    from campanella.domains.accounts.models import User


class SessionStore(SessionBase):
    """A database session, walled by town; whose it is comes along with it, for every page asks that next."""

    _person: "User | None" = None
    # What was read of the session and its person: the same row is the same person with the same rights.
    read: tuple[Any, ...] | None = None

    def load(self) -> dict[str, Any]:
        """Return what the session holds; an unknown or ended one is empty and gets a new key."""
        columns = _columns_of_a_person()
        with scope(active_town_id()):
            found = sql.row(_LOAD.format(", u.".join(columns)), [active_town_id(), self.session_key, clock.now()])
        if found is None:
            self._session_key = None
            return {}
        self.read = found
        held, *person = found
        self._person = _person_table().from_db("default", columns, person) if person[0] else None
        return self.decode(held)

    def take_person(self) -> "User | None":
        """Return the active user who was read with this session, once: what happens meanwhile is asked of the database."""
        person, self._person = self._person, None
        return person

    def get_expiry_age(self, **known: Any) -> int:
        """Return how many seconds the session still has, by the one clock."""
        return super().get_expiry_age(**{"modification": clock.now(), **known})

    def get_expiry_date(self, **known: Any) -> datetime:
        """Return when the session ends, by the one clock."""
        return super().get_expiry_date(**{"modification": clock.now(), **known})

    def exists(self, session_key: str) -> bool:
        """Tell whether a key is taken."""
        with scope(active_town_id()):
            return bool(_table().objects.filter(session_key=session_key).exists())

    def create(self) -> None:
        """Begin a session under a key of its own."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # the stubs leave it out
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """
        Write the session down.

        :raises CreateError: the new key is taken
        :raises UpdateError: the session ended meanwhile; it does not come back to life
        """
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # the stubs leave it out
        user = data.get("_auth_user_id")
        values = {
            "session_data": self.encode(data),
            "expire_date": self.get_expiry_date(),
            "user_id": int(user) if user else None,
        }
        with scope(active_town_id()):
            if must_create:
                _, made = _table().objects.get_or_create(session_key=self.session_key, defaults=values)
                if not made:
                    raise CreateError
            elif not _table().objects.filter(session_key=self.session_key).update(**values):
                raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        """End a session."""
        key = session_key or self.session_key
        if key:
            with scope(active_town_id()):
                _table().objects.filter(session_key=key).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Forget the ended sessions of the active town."""
        with scope(active_town_id()):
            _table().objects.filter(expire_date__lt=clock.now()).delete()


def read_again(keys: Collection[str]) -> dict[str, tuple[Any, ...]]:
    """Return what ``read`` of each of these sessions is now; one that has ended, by time or by an act, is missing."""
    statement = _LOAD_SOME.format(", u.".join(_columns_of_a_person()))
    found = sql.rows(statement, [active_town_id(), list(keys), clock.now()])
    return {key: tuple(read) for key, *read in found}


# Every page begins with it, so it is written by hand.
_LOAD = """
select s.session_data, u.{}
  from accounts_session s
  left join accounts_user u on u.municipality_id = s.municipality_id and u.id = s.user_id and u.is_active
 where s.municipality_id = %s and s.session_key = %s and s.expire_date > %s
"""
_LOAD_SOME = _LOAD.replace("select ", "select s.session_key, ").replace("s.session_key = %s", "s.session_key = any(%s)")


@cache
def _columns_of_a_person() -> list[str]:
    """The key first: it tells whether there is anybody."""
    return ["id", *(field.attname for field in _person_table()._meta.concrete_fields if not field.primary_key)]


# The session engine is loaded before the applications are, so its tables cannot be imported above.
def _table() -> Any:
    return apps.get_model("accounts", "Session")


def _person_table() -> Any:
    return apps.get_model("accounts", "User")
