"""One page in one state, and addresses of pages that several people open."""

from dataclasses import dataclass

SHEET = "/appello/{classes[1A]}/mensa/"
SHEET_2B = "/appello/{classes[2B]}/mensa/"


@dataclass(frozen=True)
class State:
    """
    One page in one state.

    :param view: the name of the view it covers
    :param path: its address; ``{name}`` is filled in from who is who
    :param follow: a link to follow first, part of its address
    :param press: a button to press before looking, by its words; ``then`` one more on the page that comes
    :param fill: fields to fill in before, label and text
    """

    view: str
    path: str
    follow: str = ""
    press: str = ""
    then: str = ""
    fill: tuple[tuple[str, str], ...] = ()
