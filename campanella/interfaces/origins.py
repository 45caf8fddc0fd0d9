"""
Where a request comes from: asked here and nowhere else.

Behind a proxy only what the proxy itself wrote is believed, the last address of ``X-Forwarded-For``; the documented proxy
writes nothing else into it (``docs/operate/around.md``). A proxy that writes none makes everybody look alike, so nobody is
counted by origin then, and the installation says that it is not ready.
"""

import logging
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

logger = logging.getLogger(__name__)

# A household and a guesser alike are given a whole network of this size.
IPV6_PREFIX = 64

_silent = False


def origin_of(request: HttpRequest) -> str:
    """Return the address a request comes from, of IPv6 its network; nothing when a proxy is declared and does not say."""
    global _silent
    if not settings.BEHIND_PROXY:
        return _network(str(request.META.get("REMOTE_ADDR", "")))
    seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if not seen and not _silent:
        logger.error("the proxy passes no X-Forwarded-For")
    _silent = not seen
    return _network(seen)


def proxy_is_silent() -> bool:
    """Tell whether the proxy left out the address of the last request that was asked for it in this process."""
    return settings.BEHIND_PROXY and _silent


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address[:100]
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, IPV6_PREFIX), strict=False).network_address)
