from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0002_sealed"),
    ]

    operations = [
        migrations.AddField(
            model_name="journalend",
            name="mac",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
    ]
