"""What the office's acts on a family answer: the page with one form, or the person's page when it is done."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.people.models import Child, Guardian
from campanella.interfaces.doors import PersonRequest
from campanella.usecases.adjusting.asking import Asked

SECTION = {"section": "families"}
ALREADY_DONE = "Era già fatto: non l’abbiamo ripetuto."


@dataclass(frozen=True)
class Words:
    """What the page of an act says: its heading, the sentence below, its one button; and how it asks twice."""

    title: str
    button: str
    lead: str = ""
    doubt: str = "Sono tanti soldi"
    sure: str = ""


def action(
    request: PersonRequest,
    form: forms.Form,
    words: Words,
    *,
    child: Child | None = None,
    adult: Guardian | None = None,
    confirm: str = "",
    back: str = "",
) -> HttpResponse:
    """
    Show the page of one act.

    :param confirm: what the clerk is asked to say yes to, when the page asks twice
    :param back: where Indietro leads, when it is not the person's own page
    """
    own = child_address(child.pk) if child else guardian_address(adult.pk) if adult else reverse("office:search")
    page = {"form": form, "words": words, "child": child, "adult": adult, "confirm": confirm, "back": back or own}
    return render(request, "office/families/action.html", {**SECTION, **page})


def answered(request: PersonRequest, asked: Asked, done: str) -> HttpResponse:
    """
    Say what became of something asked for, on the child's page.

    :param done: what to say when it was done at once
    """
    if asked.is_waiting:
        messages.info(request, "Aspetta la conferma di un’altra persona dell’ufficio: i soldi non si sono mossi.")
    else:
        messages.success(request, done if asked.is_new else ALREADY_DONE)
    return to_child(asked.proposal.child_id)


def child_address(child_id: int) -> str:
    """Return the address of a child's page."""
    return reverse("office:child", args=[child_id])


def guardian_address(guardian_id: int) -> str:
    """Return the address of an adult's page."""
    return reverse("office:guardian", args=[guardian_id])


def to_child(child_id: int) -> HttpResponse:
    """Go to a child's page."""
    return HttpResponseRedirect(child_address(child_id))


def to_guardian(guardian_id: int) -> HttpResponse:
    """Go to an adult's page."""
    return HttpResponseRedirect(guardian_address(guardian_id))
