import accounts.words
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('notifications', '0001_initial'), ('notifications', '0002_initial'), ('notifications', '0003_handoverletter'), ('notifications', '0004_reminders_and_their_emails'), ('notifications', '0005_channels_of_messages'), ('notifications', '0006_home_and_school')]

    initial = True

    dependencies = [
        ('reviews', '0001_squashed_0006_the_review_in_the_room'),
    ]

    operations = [
        migrations.CreateModel(
            name='HandOverLetter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField(help_text='From which the young person decides, as it was when this was planned')),
                ('months', models.PositiveSmallIntegerField(help_text='How long before the day it is due')),
                ('state', models.CharField(choices=[('planned', 'To be sent'), ('sent', 'Sent'), ('not_sent', 'Not sent')], default='planned', max_length=10)),
                ('why_not', models.CharField(blank=True, choices=[('begun', 'The young person decides already'), ('moved', 'They decide from another day now'), ('overtaken', 'A later letter is due'), ('not_near', 'They stand near no longer, or are shut out'), ('no_mail', 'They want no e-mail')], max_length=10)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('planned_at', models.DateTimeField()),
                ('next_at', models.DateTimeField(help_text='Before this instant nobody tries to send it')),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hand_over_letters', to='pupils.pupil')),
            ],
            options={
                'ordering': ['planned_at'],
                'indexes': [models.Index(condition=models.Q(('state', 'planned')), fields=['next_at'], name='letters_to_send')],
                'constraints': [models.UniqueConstraint(models.F('pupil'), models.F('person'), models.F('day'), models.F('months'), name='one is told once so long before a day'), models.CheckConstraint(condition=models.Q(('months__in', (12, 6, 3, 1))), name='a letter is due when everybody is told'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent'), ('why_not', '')), models.Q(('sent_at', None), ('state', 'planned'), ('why_not', '')), models.Q(('sent_at', None), ('state', 'not_sent'), models.Q(('why_not', ''), _negated=True)), _connector='OR'), name='a letter says when it was sent or why it was not')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('planned', 'To be sent'), ('sent', 'Sent'), ('not_sent', 'Not sent')], default='planned', max_length=10)),
                ('why_not', models.CharField(blank=True, choices=[('done', 'It is done, or called off'), ('overtaken', 'It moved, or is nearer now: another reminder stands in its place'), ('not_open', 'It is not open to them, or not theirs to do'), ('no_mail', 'They want no e-mail'), ('refused', 'Their mail server takes nothing for this address')], max_length=10)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('made_at', models.DateTimeField()),
                ('next_at', models.DateTimeField(help_text='Before this instant nobody tries to send it')),
                ('settled_at', models.DateTimeField(blank=True, help_text='When it was sent, or found not to be', null=True)),
                ('channel', models.CharField(choices=[('email', 'E-mail'), ('in_app', 'Only when I sign in'), ('text', 'Text message'), ('phone', 'Phone'), ('letter', 'Letter')], default='email', help_text='By which it was sent, or refused', max_length=20)),
                ('address', models.CharField(blank=True, help_text='Where it was sent, or refused', max_length=400)),
                ('receipt', models.CharField(blank=True, help_text='What became of a text or a letter, in the words of GOV.UK Notify', max_length=30)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['made_at'],
                'indexes': [models.Index(condition=models.Q(('state', 'planned')), fields=['next_at'], name='messages_to_send'), models.Index(fields=['person', '-settled_at'], name='notificatio_person__b4608c_idx'), models.Index(condition=models.Q(('receipt', ''), ('state', 'sent'), models.Q(('channel', 'email'), _negated=True)), fields=['settled_at'], name='messages_without_receipt')],
                'constraints': [models.UniqueConstraint(models.F('person'), condition=models.Q(('state', 'planned')), name='one e-mail waits for a person'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', False), ('state', 'sent'), ('why_not', ''), models.Q(('address', ''), _negated=True)), models.Q(('settled_at', None), ('state', 'planned'), ('why_not', '')), models.Q(('settled_at__isnull', False), ('state', 'not_sent'), models.Q(('why_not', ''), _negated=True)), _connector='OR'), name='an e-mail says when it was sent or why it was not')],
            },
        ),
        migrations.CreateModel(
            name='Talk',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('perspective', models.CharField(choices=[('child', 'Child or young person'), ('parent', 'Parent carer'), ('staff', 'Staff'), ('professional', 'Visiting professional')], max_length=12)),
                ('suits', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('before', 'Before school'), ('day', 'During the school day'), ('after', 'Straight after school'), ('evening', 'In the evening')], max_length=10), blank=True, default=list, size=None)),
                ('times', accounts.words.Words(blank=True, limit=500, verbose_name='Other times that suit')),
                ('reason', accounts.words.Words(blank=True, limit=500, verbose_name='What it is about')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('starts_at', models.DateTimeField(blank=True, null=True)),
                ('how', models.CharField(blank=True, choices=[('phone', 'By phone'), ('meet', 'In person'), ('video', 'By video call')], max_length=10)),
                ('where', models.CharField(blank=True, max_length=150)),
                ('sent_key', models.UUIDField(help_text='The form this came from: a form posted twice is one row', unique=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('household', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pupils.household')),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='talks', to='pupils.pupil')),
                ('to', models.ForeignKey(blank=True, help_text='Nobody: the SENCO', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at'],
                'indexes': [models.Index(fields=['pupil', '-at'], name='notificatio_pupil_i_c39dc7_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('suits', []), _negated=True), models.Q(('times', ''), _negated=True), _connector='OR'), name='somebody who asks to talk says when it suits'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('answered_by', None), ('how', ''), ('starts_at', None), ('where', '')), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), ('starts_at__isnull', False), models.Q(('how', ''), _negated=True)), _connector='OR'), name='an answer says when and how to talk')],
            },
        ),
        migrations.CreateModel(
            name='Update',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('perspective', models.CharField(choices=[('child', 'Child or young person'), ('parent', 'Parent carer'), ('staff', 'Staff'), ('professional', 'Visiting professional')], max_length=12)),
                ('kind', models.CharField(choices=[('words', 'Words'), ('daily', 'How the day went')], default='words', max_length=10)),
                ('good_thing', accounts.words.Words(blank=True, verbose_name='One good thing')),
                ('words', accounts.words.Words(blank=True)),
                ('worked', accounts.words.Words(blank=True, verbose_name='What worked at home')),
                ('on', models.DateField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('edited_at', models.DateTimeField(blank=True, null=True)),
                ('photo_digest', models.CharField(blank=True, help_text='Of the file that its photo was made from', max_length=64)),
                ('sent_key', models.UUIDField(help_text='The form this came from: a form posted twice is one update', unique=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('class_group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pupils.classgroup')),
                ('household', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pupils.household')),
                ('proposal', models.OneToOneField(blank=True, help_text='What worked at home, as it was put to the plan', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='update', to='apdr.proposal')),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='pupils.pupil')),
            ],
            options={
                'ordering': ['-at'],
                'indexes': [models.Index(fields=['pupil', '-at'], name='notificatio_pupil_i_59e391_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('good_thing', ''), _negated=True), models.Q(('words', ''), _negated=True), models.Q(('worked', ''), _negated=True), ('kind', 'daily'), _connector='OR'), name='an update says something'), models.UniqueConstraint(models.F('pupil'), models.F('on'), condition=models.Q(('kind', 'daily')), name='a child has one daily form a day'), models.CheckConstraint(condition=models.Q(('worked', ''), ('perspective__in', ['parent', 'child']), _connector='OR'), name='what worked at home is said at home')],
            },
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('words', accounts.words.Words(blank=True, verbose_name='What it is about')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('rang_on', models.DateField(blank=True, null=True)),
                ('outcome', accounts.words.Words(blank=True, verbose_name='How it went')),
                ('rang_at', models.DateTimeField(blank=True, help_text='When it was written down', null=True)),
                ('sent_key', models.UUIDField(help_text='The form this came from: a form posted twice is one call', unique=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('household', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pupils.household')),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='pupils.pupil')),
                ('rang_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at'],
                'indexes': [models.Index(condition=models.Q(('rang_at', None)), fields=['pupil'], name='calls_to_make')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('rang_at', None), ('rang_by', None), ('rang_on', None)), models.Q(('rang_at__isnull', False), ('rang_by__isnull', False), ('rang_on__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='a call that was made says when and how it went')],
            },
        ),
        migrations.CreateModel(
            name='Daily',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('here', models.BooleanField(default=True)),
                ('ate', models.CharField(blank=True, choices=[('most', 'Ate most of it'), ('some', 'Ate some of it'), ('little', 'Ate a little'), ('own', 'Ate their own food')], max_length=10)),
                ('slept', models.CharField(blank=True, choices=[('long', 'Slept well'), ('short', 'Slept a little'), ('not', 'Did not sleep')], max_length=10)),
                ('mood', models.CharField(blank=True, choices=[('happy', 'Happy'), ('calm', 'Calm'), ('mixed', 'Up and down'), ('tired', 'Tired'), ('upset', 'Upset')], max_length=10)),
                ('tried', accounts.words.Words(blank=True, limit=500, verbose_name='What they tried')),
                ('version', models.PositiveIntegerField(default=1)),
                ('edited_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('update', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='daily', to='notifications.update')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('here', True), models.Q(('ate', ''), ('mood', ''), ('slept', ''), ('tried', '')), _connector='OR'), name='of a child who was not there nothing is said')],
            },
        ),
        migrations.CreateModel(
            name='Photo',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('alt', accounts.words.Words(limit=300, verbose_name='What can be seen in it')),
                ('width', models.PositiveIntegerField(help_text='In pixels')),
                ('height', models.PositiveIntegerField(help_text='In pixels')),
                ('size', models.PositiveIntegerField(help_text='In bytes')),
                ('update', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='photo', to='notifications.update')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('alt', ''), _negated=True), name='a photo says what can be seen in it')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('invited', 'An invitation to a review waits for an answer'), ('review_coming', 'A review is coming'), ('views_wanted', 'Somebody has not said yet how it went'), ('review_overdue', 'A review is overdue'), ('review_told', 'What was said and decided at a review can be read'), ('step_due', 'A step is due'), ('quiet', 'No note for three weeks'), ('choice_ending', 'A sharing choice ends'), ('look_again', 'Whether telling is safe is to be looked at again'), ('capacity', 'A capacity record is to be looked at again'), ('request', 'A request waits for an answer'), ('call', 'A home is to be rung'), ('talk', 'Somebody asks to talk'), ('talk_set', 'A talk has its time'), ('daily', 'The daily form is not written yet')], max_length=20)),
                ('subject', models.UUIDField(help_text='The id of the review, cycle, step, choice or record it is about')),
                ('occasion', models.CharField(help_text='Such as the day it is due', max_length=40)),
                ('state', models.CharField(choices=[('planned', 'To be sent'), ('sent', 'Sent'), ('not_sent', 'Not sent')], default='planned', max_length=10)),
                ('why_not', models.CharField(blank=True, choices=[('done', 'It is done, or called off'), ('overtaken', 'It moved, or is nearer now: another reminder stands in its place'), ('not_open', 'It is not open to them, or not theirs to do'), ('no_mail', 'They want no e-mail'), ('refused', 'Their mail server takes nothing for this address')], max_length=10)),
                ('planned_at', models.DateTimeField()),
                ('message', models.ForeignKey(blank=True, help_text='Its e-mail', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='notifications.message')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='pupils.pupil')),
            ],
            options={
                'ordering': ['planned_at'],
                'indexes': [models.Index(condition=models.Q(('message', None), ('state', 'planned')), fields=['person'], name='reminders_to_gather'), models.Index(fields=['pupil', 'state'], name='notificatio_pupil_i_8edd2d_idx')],
                'constraints': [models.UniqueConstraint(models.F('kind'), models.F('pupil'), models.F('person'), models.F('subject'), models.F('occasion'), name='one is reminded of an occasion once'), models.CheckConstraint(condition=models.Q(models.Q(('message__isnull', False), ('state', 'sent'), ('why_not', '')), models.Q(('state', 'planned'), ('why_not', '')), models.Q(('state', 'not_sent'), models.Q(('why_not', ''), _negated=True)), _connector='OR'), name='a reminder says in which e-mail it went or why not')],
            },
        ),
    ]
