"""What is rendered again while migrating: what stands on the changed model, and nothing else."""

from django.db import models
from django.db.migrations.operations import AddField, CreateModel
from django.db.migrations.state import ProjectState

from campanella.config import rendering


def _towns_children_and_meals() -> ProjectState:
    state = ProjectState()
    for name, points_at in (("Town", ()), ("Child", ("Town",)), ("Meal", ("Child",)), ("School", ("Town",))):
        keys = [(to.lower(), models.ForeignKey(f"here.{to}", models.CASCADE)) for to in points_at]
        CreateModel(name, [("id", models.AutoField(primary_key=True)), *keys]).state_forwards("here", state)
    CreateModel("Lunch", [("at", models.TextField())], bases=("here.meal",)).state_forwards("here", state)
    return state


def test_only_what_points_at_a_model_or_inherits_from_it_stands_on_it() -> None:
    state = _towns_children_and_meals()

    assert rendering.standing_on(state, "here", "child") == {("here", "child"), ("here", "meal"), ("here", "lunch")}
    assert rendering.standing_on(state, "here", "School") == {("here", "school")}
    assert len(rendering.standing_on(state, "here", "town")) == 5


def test_whoever_points_at_a_changed_model_points_at_the_new_one_and_its_town_stays() -> None:
    with rendering.only_what_stands_on_it():
        state = _towns_children_and_meals()
        town, school = state.apps.get_model("here.town"), state.apps.get_model("here.school")

        AddField("child", "name", models.TextField(default="")).state_forwards("here", state)

        child, meal = state.apps.get_model("here.child"), state.apps.get_model("here.meal")
        assert meal._meta.get_field("child").related_model is child
        assert "name" in {field.name for field in child._meta.get_fields()}
        assert {relation.related_model for relation in town._meta.related_objects} == {child, school}
        assert state.apps.get_model("here.town") is town
        assert state.apps.get_model("here.school") is school
