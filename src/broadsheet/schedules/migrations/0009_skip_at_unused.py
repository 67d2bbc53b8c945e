from django.db import migrations


class Migration(migrations.Migration):
    """`overrides` holds since 0007 what ``skip_at`` held. This release neither reads nor writes it; the column stays, empty in
    new rows, for processes of the release before that still run beside it, and goes with the next one."""

    dependencies = [
        ("schedules", "0008_conditions"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="schedule", name="skip_at")],
            database_operations=[],
        ),
    ]
