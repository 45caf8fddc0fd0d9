"""An access to one child stands for the adult it was handed to: so far, whoever paid for the child."""

import django.db.models.deletion
from django.db import migrations, models

import campanella.foundation.core.tables

# Row-level security holds for the owner too, so each town is named in turn. Of several accesses of one child the newest is
# the payer's; the others, and those without any adult, had nobody to stand for.
HOLDERS = """
do $$ declare town int; begin
  for town in select id from tenants_municipality loop
    perform set_config('app.town', town::text, true);
    update people_childaccount x set holder_id = (
      select t.guardian_id from people_guardianship t
       where t.municipality_id = town and t.child_id = x.child_id order by t.is_payer desc, t.id limit 1
    ) where x.municipality_id = town and not exists (
      select 1 from people_childaccount y where y.municipality_id = town and y.child_id = x.child_id and y.id > x.id
    );
    update accounts_user u set is_active = false from people_childaccount x
     where x.municipality_id = town and u.municipality_id = town and u.id = x.user_id and x.holder_id is null;
    delete from people_childaccount x where x.municipality_id = town and x.holder_id is null;
  end loop;
  perform set_config('app.town', '', true);
end $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("people", "0002_news_by_mail"),
        ("tenants", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="childaccount",
            name="holder",
            field=campanella.foundation.core.tables.TownForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.guardian",
            ),
        ),
        migrations.RunSQL(HOLDERS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="childaccount",
            name="holder",
            field=campanella.foundation.core.tables.TownForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.guardian",
            ),
        ),
        migrations.AddConstraint(
            model_name="childaccount",
            constraint=models.UniqueConstraint(
                models.F("municipality_id"),
                models.F("child"),
                models.F("holder"),
                name="one_access_per_child_and_adult",
            ),
        ),
    ]
