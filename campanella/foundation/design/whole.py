"""
Words that no line breaks, wherever a page says them: the hyphen of “e-mail” is no place to go to the next line.

Fields, messages and sentences come from all over the house; what all of them come to is the page.
"""

import re

# What comes before is looked at last: a search that begins with a letter is three times as quick.
_WORD = re.compile(rb"[Ee]-mail(?<![\w@./-][Ee]-mail)(?![\w@]|[.-]\w)")
# What holds text alone, and no element.
_BARE = (b"<title", b"<textarea", b"<option", b"<script", b"<style")
_BLANK = b" \t\r\n"


def kept_whole(html: bytes) -> bytes:
    """
    Return a page with each such word, and what is written close to it, in an element that is not broken.

    Where the words around it are one item of a row, they stay one: they get an element as well.
    """
    if b"e-mail" not in html and b"E-mail" not in html:
        return html  # as most pages: every one of them passes here
    pieces, done = [], 0
    for found in _WORD.finditer(html):
        opened, closed = html.rfind(b"<", 0, found.start()), html.rfind(b">", 0, found.start())
        if opened > closed or html.startswith(_BARE, opened):
            continue
        begin, end = closed + 1, html.find(b"<", found.end())
        if begin >= done and end >= 0:
            pieces += [html[done:begin], _together(html[begin:end])]
            done = end
    return b"".join([*pieces, html[done:]]) if pieces else html


def _together(text: bytes) -> bytes:
    words = re.split(rb"(\s+)", text)
    marked = [b'<span class="text-nowrap">%b</span>' % word if _WORD.search(word) else word for word in words]
    joined = b"".join(marked)
    return joined if text.strip(_BLANK) == text and len(words) == 1 else b"<span>%b</span>" % joined
