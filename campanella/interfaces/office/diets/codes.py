"""The town's list of diets: what each code means, and which ones need a doctor's certificate."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts.roles import Role
from campanella.domains.cooking import gaps as menus
from campanella.domains.enrolment import diet_codes
from campanella.foundation.core import audit, clock
from campanella.interfaces.doors import PersonRequest, staff

SECTION = {"section": "settings"}


class CodeForm(forms.Form):
    """A diet that is new to the town."""

    code = forms.CharField(
        label="Sigla",
        max_length=6,
        help_text="Come la scrive il menù della cucina, per esempio D1.",
        error_messages={"required": "Scrivi la sigla."},
    )
    menu = forms.CharField(
        label="Che cosa servire",
        max_length=80,
        help_text="Lo leggono cucina e scuola, per esempio: senza glutine. Mai il perché. Poi non si cambia.",
        error_messages={"required": "Scrivi che cosa servire, bastano due parole."},
    )
    needs_certificate = forms.BooleanField(
        label="Serve il certificato del medico",
        required=False,
        initial=True,
        help_text="Toglilo per le diete religiose o di scelta, che la famiglia dichiara da sé.",
    )


@staff(Role.OFFICE)
def codes(request: PersonRequest) -> HttpResponse:
    """Show the town's diets, with what the menus do not say of them yet, and add one."""
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            made = diet_codes.add_code(by=request.user, now=clock.now(), **form.cleaned_data)
        except (diet_codes.NotACode, diet_codes.CodeTaken) as refusal:
            form.add_error("code", refusal.message)
        else:
            messages.success(request, f"Dieta {made.code} aggiunta. Adesso scrivi nei menù che cosa mangia.")
            return HttpResponseRedirect(reverse("office:diet-codes"))
    known = diet_codes.codes()
    gaps = menus.gaps(codes=[one.code for one in known], day=clock.today())
    page = {
        "form": form,
        "codes": [(one, len(gaps[one.code])) for one in known],
        "acts": audit.acts_on(subjects=[diet_codes.SUBJECT], limit=10),
    }
    return render(request, "office/diets/codes.html", {**SECTION, **page})


@require_POST
@staff(Role.OFFICE)
def certificate(request: PersonRequest, code_id: int) -> HttpResponse:
    """Say whether a diet needs a doctor's certificate."""
    is_needed = request.POST.get("serve") == "1"
    found = diet_codes.ask_certificate(by=request.user, code_id=code_id, is_needed=is_needed, now=clock.now())
    said = "da adesso serve il certificato" if is_needed else "da adesso non serve il certificato"
    messages.success(request, f"{found.code}: {said}. Le diete che ci sono già restano.")
    return HttpResponseRedirect(reverse("office:diet-codes"))
