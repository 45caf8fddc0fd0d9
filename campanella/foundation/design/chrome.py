"""
What the layouts around a page need to know.

A context processor fills one ``Chrome`` per request and gives it to the templates as ``chrome``.
The layouts read nothing else, so a page shows its header, menu and footer without a query of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass


def nothing_unread() -> int:
    """Say that nothing waits to be read."""
    return 0


@dataclass(frozen=True)
class TownLook:
    """
    The municipality as it presents itself at the head and at the foot of every page.

    An empty text means "this town has none": the line that would show it is left out.
    """

    slug: str
    """Short name in addresses, for example ``pesaro``."""
    name: str
    """Full name, for example "Comune di Pesaro"; it ends the title of every page."""
    portal_name: str = "Portale Genitori"
    """What families call the portal."""
    office_name: str = "Ufficio Scuola"
    """The office that answers."""
    site_url: str = ""
    """Address of the institutional site."""
    phone: str = ""
    """Telephone of the office as people read it, for example "0721 387412"."""
    contact_url_name: str = ""
    """Name of the URL of the page with the office's contacts, for example ``pages:contacts``."""
    colour: str = "#0b5cad"
    """Colour of the town, a hash and six hexadecimal digits; see ``campanella.foundation.design.colours``."""


@dataclass(frozen=True)
class Chrome:
    """Everything a layout shows around the page."""

    town: TownLook
    user_name: str = ""
    """Full name of the person signed in; empty when nobody is."""
    user_kind: str = ""
    """As whom the person is here, the first of their roles; empty when nobody is signed in."""
    section: str = ""
    """
    Which entry of the menu is lit, see ``campanella.foundation.design.menus``.
    A page may say otherwise with ``section`` in its own context.
    """
    unread: Callable[[], int] = nothing_unread
    """How many news wait to be read; a function, so that only pages that show the menu count them."""
    banner: str = ""
    """Thin line above everything, for example the clock of the demo; empty in production."""
    person: str = ""
    """
    Whose the page is: an opaque word (letters, digits, - and _), different for each person and never guessable, or "nobody".
    A page that is open in another tab ends when the browser is somebody else's. Empty: nobody has looked.
    """

    @property
    def offline_key(self) -> str:
        """Under which the pages that a phone keeps for reading offline are filed; empty: pages are not kept."""
        return "" if self.person == "nobody" else self.person

    @property
    def layout(self) -> str:
        """The layout of a page for everybody: a family that is signed in keeps its menu."""
        return "design/portal.html" if self.user_kind == "guardian" else "design/plain.html"


NOWHERE = Chrome(town=TownLook(slug="", name="Campanella"))
"""For requests that belong to no town, such as an unknown host name."""
