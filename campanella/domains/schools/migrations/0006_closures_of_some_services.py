"""A closure may be of some services: after a half-day the others go on."""

import django.contrib.postgres.fields
from django.db import migrations, models

# Row-level security holds for the owner too, so each town is named in turn.
OF_ONE = """
do $$ declare town int; begin
  for town in select id from tenants_municipality loop
    perform set_config('app.town', town::text, true);
    update schools_closure set service_ids = array[service_id] where municipality_id = town and service_id is not null;
  end loop;
  perform set_config('app.town', '', true);
end $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0005_closures_are_withdrawn"),
        ("tenants", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="closure",
            name="service_ids",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), null=True, size=None),
        ),
        migrations.RunSQL(OF_ONE, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name="closure",
            name="service",
        ),
    ]
