"""
Checkout: one to five notices paid at once on pagoPA's own page.

Opening a cart gives the address to send the browser to. Coming back from there proves nothing: the receipt
does. Source: `checkout_v1.json` of pagopa/pagopa-api (`POST /carts`, answer 302).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from campanella.domains.payments.gateways.base import GatewayRefused, GatewayUnavailable
from campanella.foundation.core.later import Later

if TYPE_CHECKING:
    import httpx
else:
    httpx = Later("httpx")

MOST_NOTICES = 5

_KEY_HEADER = "Ocp-Apim-Subscription-Key"
_TRY_LATER = (
    "Il pagamento on-line in questo momento non risponde. Non hai pagato nulla: riprova tra qualche minuto "
    "oppure paga con l'avviso."
)
_NOT_ACCEPTED = (
    "pagoPA non ha accettato il pagamento: forse un altro tentativo è ancora aperto. Non hai pagato nulla: "
    "aspetta mezz'ora e riprova, oppure paga con l'avviso."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CartNotice:
    """One notice of a cart. Texts are cut to 140 characters; no child's name in the description."""

    notice_number: str
    tax_code: str
    cents: int
    company_name: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutCart:
    """
    What is paid together.

    :param id: ours, chosen before the call; comes back as `payment_note` in getPayment and in the receipt
    :param ok_url: absolute, like the other two, and without personal data
    :raises ValueError: no notice, or more than five
    """

    id: str
    notices: Sequence[CartNotice]
    ok_url: str
    cancel_url: str
    error_url: str
    email: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.notices) <= MOST_NOTICES:
            raise ValueError(f"a cart has from one to {MOST_NOTICES} notices")
        if any(notice.cents < 1 for notice in self.notices):
            raise ValueError("a notice of a cart has no amount")
        if not all(_absolute(url) for url in (self.ok_url, self.cancel_url, self.error_url)):
            raise ValueError("return addresses must be absolute")


def open_cart(
    cart: CheckoutCart, *, base_url: str, key: str, client: "httpx.Client", timeout: "httpx.Timeout | float"
) -> str:
    """
    Open a cart and give the address of pagoPA's payment page. No transaction may be held meanwhile.

    :param base_url: up to and without `/carts`
    :param key: the subscription key of this installation
    :param timeout: seconds, or how many of them for each step
    :raises GatewayRefused: pagoPA said no (a notice that cannot be paid now, a locked one, a wrong key)
    :raises GatewayUnavailable: no answer, or one that makes no sense
    """
    try:
        answer = client.post(
            f"{base_url.rstrip('/')}/carts",
            json=_as_json(cart),
            headers={_KEY_HEADER: key},
            timeout=timeout,
            follow_redirects=False,
        )
    except (httpx.HTTPError, httpx.InvalidURL) as failure:
        raise GatewayUnavailable(_TRY_LATER) from failure
    if 400 <= answer.status_code < 500 and answer.status_code not in (408, 429):
        raise GatewayRefused(_NOT_ACCEPTED)
    location = str(answer.headers.get("location", ""))
    if answer.status_code != 302 or not _may_be_visited(location):
        raise GatewayUnavailable(_TRY_LATER)
    return location


def _as_json(cart: CheckoutCart) -> dict[str, object]:
    content: dict[str, object] = {
        "paymentNotices": [
            {
                "noticeNumber": notice.notice_number,
                "fiscalCode": notice.tax_code,
                "amount": notice.cents,
                "companyName": notice.company_name[:140],
                "description": notice.description[:140],
            }
            for notice in cart.notices
        ],
        "returnUrls": {
            "returnOkUrl": cart.ok_url,
            "returnCancelUrl": cart.cancel_url,
            "returnErrorUrl": cart.error_url,
        },
        "idCart": cart.id,
        "allCCP": False,
    }
    return content | ({"emailNotice": cart.email} if cart.email else {})


def _may_be_visited(url: str) -> bool:
    """Tell whether a browser may be sent there: https, or http on this computer (demo, tests)."""
    parts = _absolute(url)
    return parts is not None and (parts.scheme == "https" or _is_here(parts.hostname or ""))


def _absolute(url: str) -> SplitResult | None:
    """Give the parts of an absolute http or https address; None for anything else."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts if parts.hostname and parts.scheme in ("http", "https") else None


def _is_here(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1") or host.endswith(".localhost")
