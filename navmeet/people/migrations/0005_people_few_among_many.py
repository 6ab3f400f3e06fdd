from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_person_is_reserved")]

    # Not CONCURRENTLY: that waits for everybody who waits for the lock by which releases prepare a database in turn.
    operations = [
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                name="people_strictly_protected",
                fields=["id"],
                condition=models.Q(protection__in=["STRENGT_FORTROLIG", "STRENGT_FORTROLIG_UTLAND"]),
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                name="people_who_died", fields=["id"], condition=models.Q(deceased_known_at__isnull=False)
            ),
        ),
    ]
