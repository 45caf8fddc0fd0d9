"""The diets that a town serves are its list; each code means what most of its children are served."""

from django.db import migrations, models

import campanella.foundation.core.scope

# Row-level security holds for the owner too, so each town is named in turn.
KNOWN = """
do $$ declare town int; begin
  for town in select id from tenants_municipality loop
    perform set_config('app.town', town::text, true);
    insert into enrolment_dietcode (municipality_id, code, menu, needs_certificate)
    select distinct on (x.code) town, x.code, x.menu, true
      from (select d.code, d.menu from enrolment_diet d where d.municipality_id = town
            union all
            select p.code, p.menu from enrolment_dietproposal p where p.municipality_id = town and p.decided_at is null) x
     where x.code <> ''
     group by x.code, x.menu
     order by x.code, count(*) desc, x.menu;
  end loop;
  perform set_config('app.town', '', true);
end $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("enrolment", "0004_diets_are_read_twice"),
        ("tenants", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="DietCode",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "municipality_id",
                    models.IntegerField(default=campanella.foundation.core.scope.active_town_id, editable=False),
                ),
                ("code", models.CharField(max_length=6)),
                ("menu", models.CharField(max_length=80)),
                ("needs_certificate", models.BooleanField(default=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint("municipality_id", "code", name="one_meaning_per_diet_code")],
            },
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
