"""Whether an adult has opened a letter in the portal; of those that are there nobody knows, so none is called unread."""

from django.db import migrations, models

# Row-level security holds for the owner too, so each town is named in turn.
KNOWN = """
do $$ declare town int; begin
  for town in select id from tenants_municipality loop
    perform set_config('app.town', town::text, true);
    update messaging_message set read_at = queued_at where municipality_id = town and read_at is null;
  end loop;
  perform set_config('app.town', '', true);
end $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0003_what_it_speaks_of"),
        ("tenants", "0001_initial"),
    ]

    operations = [
        migrations.AddField(model_name="message", name="read_at", field=models.DateTimeField(null=True)),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
