"""A child's diet is one of the town's list, with the words of its code; what stands from before it is left as it is."""

from django.db import migrations, models

TOWNS = """
alter table enrolment_diet add constraint a_diet_is_one_of_the_towns
  foreign key (municipality_id, code, menu) references enrolment_dietcode (municipality_id, code, menu) not valid
"""


class Migration(migrations.Migration):
    dependencies = [
        ("enrolment", "0005_diet_codes"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="dietcode",
            constraint=models.UniqueConstraint(
                models.F("municipality_id"), models.F("code"), models.F("menu"), name="diet_code_with_its_menu"
            ),
        ),
        migrations.RunSQL(TOWNS, "alter table enrolment_diet drop constraint a_diet_is_one_of_the_towns"),
    ]
