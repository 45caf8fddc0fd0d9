"""``campanella town``."""

import re

import pytest
from django.core.management import CommandError

from campanella.domains.accounts.models import User
from campanella.domains.payments.choices import PagopaChoices
from campanella.domains.support.queries import faqs
from campanella.foundation.core.scope import scope
from campanella.foundation.tenants.queries import town_by_slug
from tests.config.commands.running import said
from tests.towns import IBAN, as_owner

GOOD = {
    "--name": "Comune di Bra", "--tax-code": "00142920438", "--province": "cn",
    "--iban": "IT60 X054 2811 1010 0000 0123 456", "--segregation": "7", "--office-email": "scuola@bra.example",
}  # fmt: skip


def create(slug: str = "bra", **changes: str) -> str:
    answers = {**GOOD, **{f"--{name.replace('_', '-')}": value for name, value in changes.items()}}
    with as_owner():
        return said("town", "create", slug, *(word for pair in answers.items() for word in pair))


def test_a_new_town_answers_and_its_office_enters_with_a_password_to_change(db: None) -> None:
    printed = create()
    town = town_by_slug(slug="bra")
    assert (town.name, town.host, town.province) == ("Comune di Bra", "bra.localhost", "CN")
    pagopa = town.chosen(PagopaChoices)
    assert (pagopa.iban, pagopa.pagopa_segregation) == (IBAN, 7)
    found = re.search(r"user name “(\w+)” and password “([\w-]+)”", printed)
    assert found
    with scope(town.id):
        office = User.objects.get(username=found[1])
        assert office.check_password(found[2])
        assert (office.roles, office.must_change_password) == (["office"], True)
        assert len(faqs()) == 12
    assert "bra.localhost" in said("town", "list")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"slug": "Bra!"}, "The short name “Bra!” must be lower-case letters, digits and hyphens."),
        ({"tax_code": "0014292"}, "The tax code “0014292” is not valid: 11 digits, the last is a check digit."),
        ({"iban": "IT60X05428"}, "The IBAN “IT60X05428” is no Italian one, or its check digits do not agree."),
        ({"segregation": "48"}, "The segregation code is 48: pagoPA gives a number from 0 to 47."),
        ({"segregation": "100"}, "The segregation code is 100: pagoPA gives a number from 0 to 47."),
        ({"province": "Cuneo"}, "The province “Cuneo” must be two letters."),
        ({"office_email": "scuola"}, "The office's e-mail address “scuola” is not valid."),
        ({"name": " "}, "The name of the town is empty."),
    ],
)  # fmt: skip
def test_a_wrong_answer_makes_nothing(db: None, changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(CommandError, match=f"^{re.escape(sentence)}$"):
        create(**changes)
    assert "bra" not in said("town", "list")


def test_what_may_be_answered_is_told_as_it_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        said("town", "create", "--help")
    assert "pagoPA segregation code, 0 to 47" in " ".join(capsys.readouterr().out.split())


def test_a_second_town_of_the_same_name_is_refused(db: None) -> None:
    create()
    with pytest.raises(CommandError, match=r"already answers at bra\.localhost"):
        create()
