"""
Asking a server of this machine over plain HTTP, where nobody has to be vouched for.

httpx reads every authority of the world for each client that is told nothing, for each single question as well: fifty
milliseconds of a processor, ten times a second where a test waits for an answer. With these none is read, nor trusted.
"""

import ssl

PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
