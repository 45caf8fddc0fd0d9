"""The words that no line breaks."""

import pytest

from campanella.foundation.design.whole import kept_whole

KEPT = '<span class="text-nowrap">{}</span>'


@pytest.mark.parametrize(
    ("html", "whole"),
    [
        ("<dt>E-mail</dt>", f"<dt>{KEPT.format('E-mail')}</dt>"),
        ("<p>Manda l’e-mail adesso.</p>", f"<p><span>Manda {KEPT.format('l’e-mail')} adesso.</span></p>"),
        (
            "<p>una e-mail,\n  o un’e-mail.</p>",
            f"<p><span>una {KEPT.format('e-mail,')}\n  o {KEPT.format('un’e-mail.')}</span></p>",
        ),
        (
            "<b>E-mail</b><i>x</i><p>una e-mail</p>",
            f"<b>{KEPT.format('E-mail')}</b><i>x</i><p><span>una {KEPT.format('e-mail')}</span></p>",
        ),
    ],
)
def test_the_word_is_kept_whole_wherever_it_is_read(html: str, whole: str) -> None:
    assert kept_whole(html.encode()).decode() == whole


@pytest.mark.parametrize(
    "html",
    [
        "<title>E-mail</title>",
        '<a href="?manca=e-mail" title="senza e-mail">x</a>',
        "<textarea name=t>la mia e-mail</textarea>",
        "<option>E-mail</option>",
        "<p>pre-scuola, una-mail, e-mailing</p>",
        "<p>fine-mail</p><p>E-MAIL, it-mail</p>",
        "<p>prova.e-mail@posta.example, e-mail@posta.example, http://posta.example/e-mail</p>",
        "",
    ],
)
def test_what_is_no_such_word_on_the_page_stays(html: str) -> None:
    assert kept_whole(html.encode()).decode() == html
