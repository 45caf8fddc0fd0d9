"""What the layouts show around every page, from the town and the person of the request."""

from collections.abc import Callable
from functools import cache, lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from campanella.domains.accounts.models import User
from campanella.domains.accounts.roles import Role
from campanella.foundation.core import clock
from campanella.foundation.core.italian import at_time, day_full
from campanella.foundation.core.scope import scope
from campanella.foundation.design.chrome import NOWHERE, Chrome, TownLook
from campanella.foundation.tenants.queries import Town
from campanella.readings.family.news import news_to_read


def chrome(request: HttpRequest) -> dict[str, Chrome]:
    """Give the layouts their ``chrome``."""
    tenant: Town | None = getattr(request, "town", None)
    if tenant is None:
        return {"chrome": NOWHERE}
    user: User | None = getattr(request, "user", None)
    choices = tenant.choices
    return {
        "chrome": Chrome(
            town=TownLook(
                slug=tenant.slug,
                name=tenant.name,
                portal_name=choices.portal_name,
                office_name=choices.office_name,
                site_url=choices.site_url,
                phone=choices.office_phone,
                contact_url_name="portal:contact",
                colour=choices.colour,
            ),
            user_name=user.display_name if user else "",
            user_kind=user.roles[0] if user else "",
            unread=_counter(request, user),
            banner=_banner(),
            person=whose(request),
        )
    }


def _counter(request: HttpRequest, user: User | None) -> Callable[[], int]:
    """Count the news to read, once a page and only where the menu shows it; a page that knows the number has said so."""

    @cache
    def count() -> int:
        known: int | None = getattr(request, "unread", None)
        if known is not None or user is None or not user.has_role(Role.GUARDIAN):
            return known or 0
        with scope(user.municipality_id):
            return news_to_read(user=user, now=clock.now())

    return count


def _banner() -> str:
    """The thin line that says when the clock is not the world's."""
    if not settings.DEMO or not clock.OFFSET:
        return ""
    now = clock.now()
    return f"Dimostrazione: qui è {day_full(clock.day_of(now))}, ore {at_time(now)}. Le persone sono inventate."


def whose(request: HttpRequest) -> str:
    """Tell whose the answer is: a person's word, nobody's, or nothing where no town was found or nobody has looked."""
    if not hasattr(request, "town") or not hasattr(request, "user"):
        return ""
    user: User | None = getattr(request, "user", None)
    return offline_key(user) if user else "nobody"


def offline_key(user: User) -> str:
    """Return the name under which a phone files the copies of a person's pages; it tells nothing else."""
    return _offline_key(user.municipality_id, user.pk)


@lru_cache(maxsize=4096)
def _offline_key(municipality_id: int, user_id: int) -> str:
    """Every page says it twice, and it does not change."""
    return salted_hmac("offline", f"{municipality_id}:{user_id}").hexdigest()[:20]
