"""The walls of what arrives from outside: it may belong to no town, and nobody changes it."""

from django.db import migrations

WALLS = """
alter table payments_inboundmessage enable row level security;
alter table payments_inboundmessage force row level security;
create policy kept on payments_inboundmessage for insert with check (true);
create policy read_by_its_town on payments_inboundmessage for select using (
  municipality_id is null or municipality_id = nullif(current_setting('app.town', true), '')::int
);
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunSQL(WALLS, migrations.RunSQL.noop)]
