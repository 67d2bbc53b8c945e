from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runs", "0008_turns_in_order"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="occurrence",
            index=models.Index(fields=["organization", "finished_at"], name="occurrence_ended"),
        ),
    ]
