import django.db.models.deletion
from django.db import migrations

import campanella.foundation.core.tables


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0003_wallet_with_child"),
        ("payments", "0006_one_index_of_what_waits"),
    ]

    operations = [
        # The column stays as it is: only the walls know more of it.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField(model_name="paymentrequest", old_name="wallet_id", new_name="wallet"),
                migrations.AlterField(
                    model_name="paymentrequest",
                    name="wallet",
                    field=campanella.foundation.core.tables.TownForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.wallet",
                    ),
                ),
            ],
        ),
        # The walls put up the reference to the wallet, with the child in it: the child's own is then proven by the wallet's.
        migrations.RunSQL(
            "alter table payments_paymentrequest drop constraint if exists payments_paymentrequest_child_id_town",
            migrations.RunSQL.noop,
        ),
    ]
