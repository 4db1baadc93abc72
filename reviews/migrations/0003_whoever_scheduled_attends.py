from django.db import migrations

SQL = """
    INSERT INTO reviews_attendee (id, review_id, person_id)
    SELECT gen_random_uuid(), id, scheduled_by_id FROM reviews_review WHERE state = 'scheduled'
"""


class Migration(migrations.Migration):
    """Of reviews that had a time before it was written down who must be there, whoever set the time is."""

    dependencies = [('reviews', '0002_who_attends_and_what_changed')]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
