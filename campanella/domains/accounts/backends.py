"""The password door, as Django's authentication knows it."""

from campanella.domains.accounts.models import User
from campanella.foundation.core.scope import active_town_id, scope


class PasswordDoor:
    """Gives Django the user of a session; entering itself is ``operations.enter``."""

    def authenticate(self, request: object, **_: object) -> None:
        """Nobody enters here: see ``operations.enter``."""
        return

    def get_user(self, user_id: int) -> User | None:
        """Return the active user of this town."""
        with scope(active_town_id()):
            return User.objects.filter(pk=user_id, is_active=True).first()
