"""
The line to the mail server: open while letters follow one another, hung up a moment after the last.

A batch of letters is one call instead of hundreds. Each letter keeps its own answer: a refusal leaves the line as it is; one
that is cut or silent is dropped, and the next letter calls anew. Nothing is sent twice by itself: before each further letter
the line is asked whether anybody is there.
"""

import smtplib
import threading
from collections.abc import Hashable

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

# Letters that follow one another come within milliseconds.
STILL_SECONDS = 3.0
# Some servers end a call that goes on for ever.
MOST_LETTERS = 100
# Saying good-bye is a courtesy: it waits for nobody.
GOODBYE_SECONDS = 1.0

# After these the server stands ready for the next letter, unless it has hung up.
ANSWERED = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)


class Line:
    """One call at a time; whoever sends meanwhile waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._call: EmailBackend | None = None
        self._where: Hashable = None
        self._letters = 0
        self._goodbye: threading.Timer | None = None

    def send(self, message: EmailMessage) -> None:
        """
        Hand one letter over.

        :raises smtplib.SMTPException: the server's answer, or the end of the call
        :raises OSError: nobody answers, or not in time
        """
        with self._lock:
            if self._goodbye:
                self._goodbye.cancel()
            message.connection = self._open()
            try:
                message.send()
            except ANSWERED:
                raise
            except BaseException:
                self._drop()
                raise
            finally:
                self._letters += 1
                self._wait()

    def hang_up(self) -> None:
        """Say good-bye, if a call is open."""
        with self._lock:
            self._end()

    def _open(self) -> EmailBackend | None:
        """Return the open call, or call; None where the letters of this installation take no line."""
        where = (
            settings.EMAIL_BACKEND,
            settings.EMAIL_HOST,
            settings.EMAIL_PORT,
            settings.EMAIL_HOST_USER,
            settings.EMAIL_USE_TLS,
        )
        if self._call and (where != self._where or self._letters >= MOST_LETTERS):
            self._end()
        if self._call and self._is_there(self._call):
            return self._call
        call = get_connection()
        if not isinstance(call, EmailBackend):
            return None
        call.open()
        self._call, self._where, self._letters = call, where, 0
        return call

    def _is_there(self, call: EmailBackend) -> bool:
        """Ask a line that lay still; one that was cut is called anew, one that is silent is silent."""
        try:
            code, _ = call.connection.noop() if call.connection else (0, b"")
        except (OSError, smtplib.SMTPServerDisconnected) as gone:
            self._drop()
            # The standard library tells silence as an end of the call.
            if isinstance(gone, TimeoutError) or isinstance(gone.__context__, TimeoutError):
                raise
            return False
        if not 200 <= code < 300:
            self._drop()
        return self._call is not None

    def _wait(self) -> None:
        """Hang up by itself when no letter follows."""
        if self._call and self._call.connection and self._call.connection.sock is None:
            self._drop()
        if self._call:
            self._goodbye = threading.Timer(STILL_SECONDS, self.hang_up)
            self._goodbye.daemon = True
            self._goodbye.start()

    def _end(self) -> None:
        call, self._call = self._call, None
        if call and call.connection:
            try:
                if call.connection.sock:
                    call.connection.sock.settimeout(GOODBYE_SECONDS)
                call.connection.quit()
            except (OSError, smtplib.SMTPException):
                call.connection.close()

    def _drop(self) -> None:
        """Leave a line on which nobody is: nothing more is said on it."""
        call, self._call = self._call, None
        if call and call.connection:
            call.connection.close()


LINE = Line()
