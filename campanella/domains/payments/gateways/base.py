"""What every payment gateway may raise. Messages are Italian sentences for the person who is paying."""


class GatewayError(Exception):
    """
    The outside party did not do what was asked.

    :param message: an Italian sentence for the person who is paying
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class GatewayRefused(GatewayError):
    """The outside party understood and said no: asking again the same way will not help."""


class GatewayUnavailable(GatewayError):
    """The outside party did not answer, or not sensibly: asking again later may help."""
