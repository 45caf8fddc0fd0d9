"""The closed lists of tickets: what about, and how far."""

from django.db.models import TextChoices


class Topic(TextChoices):
    """What a ticket is about."""

    PAYMENTS = "payments", "Pagamenti e ricariche"
    PRESENCES = "presences", "Presenze e pasti addebitati"
    ENROLMENT = "enrolment", "Iscrizione, tariffa, dieta"
    ACCESS = "access", "Accesso e password"
    DATA = "data", "Dati da correggere"
    OTHER = "other", "Altro"


class TicketState(TextChoices):
    """Whose turn it is."""

    OPEN = "open", "Aspetta risposta"
    ANSWERED = "answered", "Ha una risposta"
    CLOSED = "closed", "Chiusa"
