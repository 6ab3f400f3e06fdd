from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_partners"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="is_caseworker",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
