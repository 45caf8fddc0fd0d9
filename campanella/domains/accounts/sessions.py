"""
Sessions kept in the town's own table.

Each access opens the town's scope if none is open, because Django loads and saves sessions outside the page's transaction.
"""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from campanella.foundation.core.scope import active_town_id, scope

SessionModel = Any


class SessionStore(DatabaseStore):
    """Django's database session, walled by town."""

    @classmethod
    def get_model_class(cls) -> SessionModel:
        from campanella.domains.accounts.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> SessionModel:
        row = super().create_model_instance(data)
        user = data.get("_auth_user_id")
        row.user_id = int(user) if user else None
        return row

    def load(self) -> dict[str, Any]:
        with scope(active_town_id()):
            return super().load()

    def exists(self, session_key: str) -> bool:
        with scope(active_town_id()):
            return bool(super().exists(session_key))

    def save(self, must_create: bool = False) -> None:
        """
        Save: insert a new key, update a known one.

        The table's key is (town, key), so Django's own save, which expects the key alone to be primary, does not fit.
        """
        if self.session_key is None:
            return self.create()
        model = self.get_model_class()
        data = self._get_session(no_load=must_create)
        row = self.create_model_instance(data)
        with scope(active_town_id()):
            values = {
                "session_data": row.session_data,
                "expire_date": row.expire_date,
                "user_id": row.user_id,
            }
            if must_create:
                _, created = model.objects.get_or_create(session_key=self.session_key, defaults=values)
                if not created:
                    from django.contrib.sessions.backends.base import CreateError

                    raise CreateError
            elif not model.objects.filter(session_key=self.session_key).update(**values):
                from django.contrib.sessions.backends.base import UpdateError

                raise UpdateError
        return None

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            with scope(active_town_id()):
                self.get_model_class().objects.filter(session_key=key).delete()
