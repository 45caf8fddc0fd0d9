"""The way to Contattaci with what it is about written already."""

from datetime import date
from urllib.parse import urlencode

from campanella.domains.support.words import Topic
from campanella.foundation.core.italian import day_long
from campanella.foundation.core.money import Euro
from campanella.foundation.design import addresses


def contact_about(*, topic: Topic, child_id: int, about: str) -> str:
    """Return the address of the form with topic, child and first words filled in."""
    return f"{addresses.fixed('portal:contact')}?{urlencode({'argomento': topic.value, 'figlio': child_id, 'testo': about})}"


def about_day(*, child_id: int, service: str, day: date, charged: Euro | None) -> str:
    """Return the address of the form for a day that does not add up."""
    amount = f", {charged}" if charged and charged.cents else ""
    text = f"{day_long(day).capitalize()} {day.year}, {service}{amount}: "
    return contact_about(topic=Topic.PRESENCES, child_id=child_id, about=text)
