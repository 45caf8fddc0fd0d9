from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0008_refused_marks"),
    ]

    operations = [
        migrations.AlterField(
            model_name="dayevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("asked", "richiesta"),
                    ("undone", "richiesta annullata"),
                    ("marked", "segno"),
                    ("arrived", "entrata"),
                    ("left", "uscita"),
                    ("adults", "adulti"),
                    ("confirmed", "conferma"),
                    ("corrected", "correzione"),
                    ("closed", "chiusura"),
                    ("opened", "chiusura tolta"),
                ],
                max_length=10,
            ),
        ),
    ]
