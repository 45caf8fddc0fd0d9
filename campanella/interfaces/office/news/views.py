"""News: writing, publishing, withdrawing."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts.roles import Role
from campanella.domains.support import operations as support
from campanella.domains.support import queries, rules
from campanella.domains.support.models import Attachment, News
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Act
from campanella.foundation.core.errors import NotFound
from campanella.foundation.documents.downloads import as_download
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.news.forms import FileForm, NewsForm, PublishForm, initial_of
from campanella.readings.office.bulk import LEAVES_AFTER
from campanella.usecases import family_news

SECTION = {"section": "news"}
LEAVES_MINUTES = int(LEAVES_AFTER.total_seconds()) // 60


@dataclass(frozen=True)
class EditPage:
    """One piece of news on the office's desk."""

    news: News
    audience: str
    state: rules.NewsState
    files: list[Attachment]
    readers: int
    acts: list[Act]
    letter: family_news.Letter | None


@staff(Role.OFFICE)
def news(request: PersonRequest) -> HttpResponse:
    """Show all news, those still being written first."""
    return render(request, "office/news/list.html", {**SECTION, "items": queries.all_news(now=clock.now())})


@staff(Role.OFFICE)
def new(request: PersonRequest) -> HttpResponse:
    """Begin a piece of news."""
    form = NewsForm(request.POST or None, today=clock.today())
    if request.method == "POST" and form.is_valid():
        row = _write(request, form, news_id=None)
        return HttpResponseRedirect(reverse("office:news-edit", args=[row.pk]))
    return render(request, "office/news/new.html", {**SECTION, "form": form})


@staff(Role.OFFICE)
def edit(request: PersonRequest, news_id: int) -> HttpResponse:
    """Change a piece of news; one that is published changes at once for families too."""
    row = queries.news(news_id=news_id)
    form = NewsForm(request.POST or None, initial=initial_of(row), today=clock.today())
    if request.method == "POST" and form.is_valid():
        _write(request, form, news_id=row.pk)
        return HttpResponseRedirect(reverse("office:news-edit", args=[row.pk]))
    return _edit_page(request, row, form, FileForm())


@require_POST
@staff(Role.OFFICE)
def publish(request: PersonRequest, news_id: int) -> HttpResponse:
    """Let families read it."""
    row = queries.news(news_id=news_id)
    form = PublishForm(request.POST)
    is_mailed = form.is_valid() and form.cleaned_data["is_mailed"]
    support.publish_news(by=request.user, news_id=row.pk, now=clock.now(), is_mailed=is_mailed)
    told = (
        f" Le e-mail partono tra {LEAVES_MINUTES} minuti: fino ad allora, se la ritiri, non parte niente."
        if is_mailed
        else ""
    )
    messages.success(request, f"Pubblicata. La leggono: {queries.audience_of(row)}.{told}")
    return HttpResponseRedirect(reverse("office:news-edit", args=[news_id]))


@require_POST
@staff(Role.OFFICE)
def withdraw(request: PersonRequest, news_id: int) -> HttpResponse:
    """Take it back."""
    family_news.withdraw(by=request.user, news_id=queries.news(news_id=news_id).pk, now=clock.now())
    messages.success(request, "Ritirata. Le famiglie non la vedono più; resta qui tra quelle da pubblicare.")
    return HttpResponseRedirect(reverse("office:news-edit", args=[news_id]))


@require_POST
@staff(Role.OFFICE)
def attach(request: PersonRequest, news_id: int) -> HttpResponse:
    """Attach one file."""
    row = queries.news(news_id=news_id)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            # One byte more than allowed is enough to see that it is too much: a huge file is not read whole.
            content = sent.read(rules.MOST_BYTES + 1)
            support.attach(by=request.user, news_id=row.pk, name=sent.name, content=content, now=clock.now())
        except support.FileRefused as refused:
            form.add_error("file", refused.message)
        else:
            messages.success(request, "Allegato aggiunto.")
            return HttpResponseRedirect(reverse("office:news-edit", args=[news_id]))
    return _edit_page(request, row, NewsForm(initial=initial_of(row), today=clock.today()), form)


@require_POST
@staff(Role.OFFICE)
def detach(request: PersonRequest, news_id: int, attachment_id: int) -> HttpResponse:
    """Take a file away."""
    row = queries.news(news_id=news_id)
    support.detach(by=request.user, news_id=row.pk, attachment_id=attachment_id, now=clock.now())
    return HttpResponseRedirect(reverse("office:news-edit", args=[news_id]))


@staff(Role.OFFICE)
def attachment(request: PersonRequest, news_id: int, attachment_id: int) -> HttpResponse:
    """Hand out a file."""
    file = queries.attachment(attachment_id=attachment_id)
    if file.news_id != news_id:
        raise NotFound
    return as_download(content=queries.content_of(file), name=file.name, content_type=file.content_type)


def _write(request: PersonRequest, form: NewsForm, *, news_id: int | None) -> News:
    given = form.cleaned_data
    row = family_news.write(
        by=request.user,
        news_id=news_id,
        title=given["title"],
        body=given["body"],
        audience=form.chosen_audience,
        until=given["until"],
        now=clock.now(),
    )
    messages.success(request, "Salvata." if row.published_at else "Salvata. Le famiglie non la vedono ancora.")
    return row


def _edit_page(request: PersonRequest, row: News, form: NewsForm, file_form: FileForm) -> HttpResponse:
    state = rules.news_state(published_at=row.published_at, until=row.until, today=clock.today())
    page = EditPage(
        row,
        queries.audience_of(row),
        state,
        queries.attachments_of(news_id=row.pk),
        queries.readers(news_id=row.pk),
        audit.acts_on(subjects=[f"news:{row.pk}"]),
        family_news.letter(news=row, now=clock.now()) if state == "draft" else None,
    )
    context = {
        **SECTION,
        "page": page,
        "form": form,
        "file_form": file_form,
        "publish_form": PublishForm(),
        "minutes": LEAVES_MINUTES,
    }
    return render(request, "office/news/edit.html", context)
