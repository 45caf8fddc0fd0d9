"""Failures that are expected: each has a name, and a sentence for the person who meets it."""


class Refusal(Exception):
    """
    An expected failure, told to a person.

    Subclasses set ``message`` to an Italian sentence that says what happened and what to do now; ``str`` gives it.
    """

    message = "Non è stato possibile completare l’operazione."

    def __init__(self, message: str | None = None) -> None:
        self.message = message or type(self).message
        super().__init__(self.message)


class NotFound(Refusal):
    """The thing does not exist for this person: pages answer 404, never telling whether it exists for others."""

    message = "Questa pagina non c’è, o non è tua."
