import accounts.words
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('reviews', '0001_initial'), ('reviews', '0002_who_attends_and_what_changed'), ('reviews', '0003_whoever_scheduled_attends'), ('reviews', '0004_calendar_feeds'), ('reviews', '0005_people_are_asked_and_take_part'), ('reviews', '0006_the_review_in_the_room')]

    initial = True

    dependencies = [
        ('apdr', '0001_squashed_0005_how_in_words'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('secret_hash', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('last_read_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feeds', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('person'), condition=models.Q(('ended_at', None)), name='a person has one calendar address at a time')],
            },
        ),
        migrations.CreateModel(
            name='Deciding',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(blank=True, choices=[('continue', 'Carry on with the support'), ('change', 'Change the support'), ('step_down', 'Step the support down'), ('specialist', 'Involve a specialist'), ('request_ehc', 'Request an EHC needs assessment'), ('end', 'End SEN support')], max_length=12)),
                ('why', accounts.words.Words(blank=True)),
                ('who_was_told', accounts.words.Words(blank=True)),
                ('open_next', models.BooleanField(default=True)),
                ('review_on', models.DateField(blank=True, null=True)),
                ('statuses', models.JSONField(blank=True, default=dict)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('version', models.PositiveIntegerField(default=1)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cycle', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='deciding', to='apdr.cycle')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('continue', 'Carry on with the support'), ('change', 'Change the support'), ('step_down', 'Step the support down'), ('specialist', 'Involve a specialist'), ('request_ehc', 'Request an EHC needs assessment'), ('end', 'End SEN support')], max_length=12)),
                ('why', accounts.words.Words()),
                ('who_was_told', accounts.words.Words(blank=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cycle', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='apdr.cycle')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Judgement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('perspective', models.CharField(choices=[('child', 'Child or young person'), ('parent', 'Parent carer'), ('staff', 'Staff'), ('professional', 'Visiting professional')], max_length=12)),
                ('rating', models.CharField(choices=[('lot', 'Helped a lot'), ('bit', 'Helped a bit'), ('not_yet', 'Not helping yet'), ('not_tried', 'Not tried'), ('unsure', 'Not sure')], max_length=10)),
                ('words', accounts.words.Words(blank=True)),
                ('said_by_name', models.CharField(blank=True, max_length=150)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='judgements', to='apdr.cycle')),
                ('household', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pupils.household')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('said_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('step', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='judgements', to='apdr.nextstep')),
                ('strategy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='judgements', to='apdr.strategy')),
            ],
            options={
                'ordering': ['at'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('step', None), ('strategy__isnull', False)), models.Q(('step__isnull', False), ('strategy', None)), _connector='OR'), name='a judgement is of a step or a strategy')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('plan', 'Review'), ('annual', 'Annual review')], default='plan', max_length=10)),
                ('starts_at', models.DateTimeField()),
                ('minutes', models.PositiveSmallIntegerField(default=30)),
                ('where', models.CharField(blank=True, max_length=150)),
                ('state', models.CharField(choices=[('scheduled', 'Scheduled'), ('held', 'Held'), ('exempt', 'Not needed, with a reason'), ('cancelled', 'Cancelled, with a reason')], default='scheduled', max_length=10)),
                ('exempt_reason', accounts.words.Words(blank=True)),
                ('cancel_reason', accounts.words.Words(blank=True)),
                ('who_came', accounts.words.Words(blank=True)),
                ('child_took_part', models.CharField(blank=True, max_length=200, verbose_name='How the child took part')),
                ('working', accounts.words.Words(blank=True, verbose_name='What is working')),
                ('not_working', accounts.words.Words(blank=True, verbose_name='What is not working')),
                ('what_next', accounts.words.Words(blank=True, verbose_name='What we do next')),
                ('scheduled_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('held_at', models.DateTimeField(blank=True, null=True)),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('version', models.PositiveIntegerField(default=1)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='apdr.cycle')),
                ('scheduled_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-starts_at'],
                'indexes': [models.Index(fields=['cycle', 'starts_at'], name='reviews_rev_cycle_i_438921_idx'), models.Index(condition=models.Q(('state', 'scheduled')), fields=['starts_at'], name='reviews_to_come')],
                'constraints': [models.UniqueConstraint(models.F('cycle'), condition=models.Q(('state', 'scheduled')), name='a cycle has one review to come'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'exempt'), _negated=True), models.Q(('exempt_reason', ''), _negated=True), _connector='OR'), name='a review not needed says why'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'cancelled'), _negated=True), models.Q(('cancel_reason', ''), _negated=True), _connector='OR'), name='a cancelled review says why')],
            },
        ),
        migrations.CreateModel(
            name='Contribution',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('perspective', models.CharField(choices=[('child', 'Child or young person'), ('parent', 'Parent carer'), ('staff', 'Staff'), ('professional', 'Visiting professional')], max_length=12)),
                ('working', accounts.words.Words(blank=True, verbose_name='What is working?')),
                ('not_working', accounts.words.Words(blank=True, verbose_name='What is not working?')),
                ('what_next', accounts.words.Words(blank=True, verbose_name='What next?')),
                ('said_by_name', models.CharField(max_length=150)),
                ('how', models.CharField(choices=[('talked', 'We talked'), ('wrote', 'In writing'), ('drew', 'Drawing'), ('symbols', 'Symbols or pictures'), ('signed', 'Signing'), ('observed', 'Watching and noticing'), ('scribed', 'Somebody wrote it down for them'), ('interpreted', 'With an interpreter'), ('online', 'They wrote it here'), ('declined', 'They chose not to say')], max_length=12)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('household', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pupils.household')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('said_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to='reviews.review')),
            ],
            options={
                'ordering': ['at'],
                'constraints': [models.UniqueConstraint(models.F('review'), models.F('said_by'), models.F('version'), condition=models.Q(('said_by__isnull', False)), name='what somebody says is said once after another')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contribution',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='aebe633bccda86ad6ed0665cc825c5d2d688b299', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b2a4d', table='reviews_contribution', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contribution',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='24c699d87e6c00e111cdfa585ad5507d3316d688', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_b30ae', table='reviews_contribution', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='CalendarEntry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('starts_at', models.DateTimeField()),
                ('minutes', models.PositiveSmallIntegerField()),
                ('cancelled', models.BooleanField(default=False)),
                ('sequence', models.PositiveIntegerField()),
                ('added', models.PositiveIntegerField(default=0)),
                ('changed_at', models.DateTimeField(help_text='When what it is told last changed')),
                ('feed', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='reviews.calendarfeed')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='reviews.review')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('feed'), models.F('review'), name='a calendar has one entry of a review')],
            },
        ),
        migrations.CreateModel(
            name='Attendee',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendees', to='reviews.review')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('review'), models.F('person'), name='a person is at a review once')],
            },
        ),
        migrations.CreateModel(
            name='ReviewChange',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('what', models.CharField(choices=[('moved', 'Moved'), ('cancelled', 'Cancelled'), ('exempt', 'Not needed')], max_length=10)),
                ('reason', accounts.words.Words(blank=True)),
                ('starts_at', models.DateTimeField()),
                ('minutes', models.PositiveSmallIntegerField()),
                ('where', models.CharField(blank=True, max_length=150)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='reviews.review')),
            ],
            options={
                'ordering': ['-at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('what', 'moved'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='what is not held says why')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewchange',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='c25e0981dce8891b0bafbc959cc55f4e7b6be475', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9efd6', table='reviews_reviewchange', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewchange',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='cbafc9c5cce221e194b028b0b0181e9491a8f8a7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_64107', table='reviews_reviewchange', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='ReviewInvitation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('perspective', models.CharField(choices=[('child', 'Child or young person'), ('parent', 'Parent carer'), ('staff', 'Staff'), ('professional', 'Visiting professional')], max_length=12)),
                ('because', models.CharField(help_text='What they were to the pupil when they were asked', max_length=200)),
                ('sequence', models.PositiveIntegerField(help_text='Of the review, when they were asked')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='reviews.review')),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['at'],
                'indexes': [models.Index(fields=['person', 'review'], name='reviews_rev_person__7d2caf_idx')],
                'constraints': [models.UniqueConstraint(models.F('review'), models.F('person'), name='a person is asked to a review once'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='an invitation that was taken back says by whom')],
            },
        ),
        migrations.CreateModel(
            name='TakingPart',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('sequence', models.PositiveIntegerField()),
                ('part', models.CharField(choices=[('all', 'I come for all of it'), ('short', 'I come for ten minutes'), ('make', 'I draw or bring something'), ('words', 'I say it in words now'), ('symbols', 'I say it with pictures now'), ('speaks', 'Somebody speaks for me'), ('not_this_time', 'Not this time')], max_length=15)),
                ('who', models.CharField(blank=True, max_length=150, verbose_name='Who speaks for them')),
                ('words', accounts.words.Words(blank=True)),
                ('how', models.CharField(choices=[('themselves', 'By themselves, here'), ('spoken', 'They said it'), ('signed', 'They signed it'), ('symbols', 'With symbols or pictures'), ('supported', 'With somebody who supports them'), ('passed_on', 'By accepting an invitation it was made for')], max_length=12)),
                ('how_words', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taking_part', to='reviews.review')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(models.F('review'), models.F('number'), name='how to take part is said once after another'), models.CheckConstraint(condition=models.Q(models.Q(('part', 'speaks'), _negated=True), models.Q(('who', ''), _negated=True), _connector='OR'), name='who speaks for somebody is named')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='takingpart',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='1a6a63f8bf454391458001ea2e239360cdeb297c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3bab4', table='reviews_takingpart', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='takingpart',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='938a500c76c3d48b42a5be0d8e074076eaa4d735', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_ed2ec', table='reviews_takingpart', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='WhoComes',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('words', accounts.words.Words(blank=True)),
                ('how', models.CharField(choices=[('themselves', 'By themselves, here'), ('spoken', 'They said it'), ('signed', 'They signed it'), ('symbols', 'With symbols or pictures'), ('supported', 'With somebody who supports them'), ('passed_on', 'By accepting an invitation it was made for')], max_length=12)),
                ('how_words', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='who_comes', to='reviews.review')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(models.F('review'), models.F('number'), name='who comes is said once after another')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='whocomes',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='f787301f115b46e55c81bfdddc1ba8eef9179b9b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_26469', table='reviews_whocomes', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='whocomes',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='0e29a175c9dbed3e8955b90f9e1fc6c50ca5cc20', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_11208', table='reviews_whocomes', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='ReviewReply',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('sequence', models.PositiveIntegerField()),
                ('answer', models.CharField(choices=[('yes', 'Yes, I will come'), ('other_time', 'I need another time'), ('other_way', 'I will take part another way'), ('not_this_time', 'Not this time')], max_length=15)),
                ('way', models.CharField(blank=True, choices=[('call', 'By phone or video'), ('writing', 'In writing'), ('speaks', 'Somebody speaks for me')], max_length=10)),
                ('slots', django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), blank=True, default=list, size=None)),
                ('words', accounts.words.Words(blank=True)),
                ('through', models.CharField(choices=[('here', 'Signed in'), ('link', 'By the link in an e-mail'), ('said', 'They said it, and it was written down')], max_length=5)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(help_text='Who answered, or wrote it down', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='reviews.reviewinvitation')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(models.F('invitation'), models.F('number'), name='an invitation is answered once after another'), models.CheckConstraint(condition=models.Q(models.Q(('answer', 'other_way'), models.Q(('way', ''), _negated=True)), models.Q(models.Q(('answer', 'other_way'), _negated=True), ('way', '')), _connector='OR'), name='another way says which')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewreply',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='58d2cb0f5f95cf07c1b42c970b7bcea3fdd36595', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_15923', table='reviews_reviewreply', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewreply',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='ab2a793af3b4e6e7ccf91f3b2b24f9e68bfdc366', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_9abdd', table='reviews_reviewreply', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='WhatWeDid',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('words', accounts.words.Words()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contribution', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='what_we_did', to='reviews.contribution')),
                ('judgement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='what_we_did', to='reviews.judgement')),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='what_we_did', to='pupils.pupil')),
                ('view', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='what_we_did', to='apdr.view')),
            ],
            options={
                'ordering': ['at'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('contribution', None), ('judgement', None), ('view__isnull', False)), models.Q(('contribution', None), ('judgement__isnull', False), ('view', None)), models.Q(('contribution__isnull', False), ('judgement', None), ('view', None)), _connector='OR'), name='what we did is about one thing that was said')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='whatwedid',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='6b611ec8d1773a4dc0ef98cec44714a2425c0ffd', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_19bb1', table='reviews_whatwedid', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='whatwedid',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='2f089e1a402d1687b1f7128e517d8e334f3427dd', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_c551e', table='reviews_whatwedid', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='WhoComesPerson',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='reviews.whocomes')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('sheet'), models.F('person'), name='a person is wanted there once')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='whocomesperson',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='d9265da6b4929d9dc9b720538cc93331244f6bea', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9e321', table='reviews_whocomesperson', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='whocomesperson',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='c127732b57cb23a77f850b024919943c0d8125e1', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_5c0f3', table='reviews_whocomesperson', when='BEFORE')),
        ),
    ]
