from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_closed_kinds"),
        ("people", "0002_news_by_mail"),
        ("services", "0001_initial"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="wallet",
            constraint=models.UniqueConstraint(
                models.F("municipality_id"),
                models.F("id"),
                models.F("child"),
                name="wallet_with_child",
            ),
        ),
    ]
