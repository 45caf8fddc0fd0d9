from typing import Any

from django.db import migrations, models

from campanella.foundation.core import clock

# Of closures that were entered twice the first one stays: whatever the others shut, it shuts.
ONCE = """
update schools_closure x set withdrawn_at = %s from schools_closure o
 where o.municipality_id = x.municipality_id and o.days = x.days and o.id < x.id
   and o.school_id is not distinct from x.school_id and o.class_group_id is not distinct from x.class_group_id
   and o.service_ids is not distinct from x.service_ids and o.withdrawn_at is null and x.withdrawn_at is null
"""


def once(_: Any, editor: Any) -> None:
    """Withdraw the others now."""
    editor.execute("alter table schools_closure no force row level security")
    editor.execute(ONCE, [clock.now()])
    editor.execute("alter table schools_closure force row level security")


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0006_closures_of_some_services"),
    ]

    operations = [
        migrations.RunPython(once, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.UniqueConstraint(
                models.F("municipality_id"),
                models.F("school"),
                models.F("class_group"),
                models.F("service_ids"),
                models.F("days"),
                condition=models.Q(("withdrawn_at", None)),
                name="one_closure_per_place_services_and_days",
                nulls_distinct=False,
            ),
        ),
    ]
