"""Before the tables, the function behind every append-only one of them."""

import accounts.words
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('accounts', '0001_initial'), ('accounts', '0002_sessions_end_at_once'), ('accounts', '0003_what_changes_of_an_account'), ('accounts', '0004_parents_keep_versions'), ('accounts', '0005_capacity_needs_medical'), ('accounts', '0006_text_messages_and_addresses')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.RunSQL(
            sql="""
            CREATE OR REPLACE FUNCTION alongside_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
            END $$
            """,
            reverse_sql='DROP FUNCTION alongside_append_only()',
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('name', models.CharField(max_length=150, verbose_name='full name')),
                ('known_as', models.CharField(blank=True, help_text='What to call you', max_length=60)),
                ('is_active', models.BooleanField(default=True)),
                ('is_staff', models.BooleanField(default=False, verbose_name='looks after the installation')),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sign_outs', models.PositiveIntegerField(default=0, help_text='How often every open session was ended; one more ends all that are open')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='an e-mail address is kept in lower case')],
            },
        ),
        migrations.CreateModel(
            name='Setting',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=150)),
                ('phase', models.CharField(choices=[('early_years', 'Early years'), ('primary', 'Primary'), ('secondary', 'Secondary'), ('all_through', 'All-through'), ('special', 'Special'), ('sixth_form', 'Sixth form'), ('college', 'College')], max_length=20)),
                ('urn', models.CharField(blank=True, max_length=6, validators=[django.core.validators.RegexValidator('^\\d{6}$')], verbose_name='URN')),
                ('laestab', models.CharField(blank=True, max_length=7, validators=[django.core.validators.RegexValidator('^\\d{7}$')], verbose_name='LAESTAB')),
                ('ukprn', models.CharField(blank=True, max_length=8, validators=[django.core.validators.RegexValidator('^\\d{8}$')], verbose_name='UKPRN')),
                ('ofsted_urn', models.CharField(blank=True, max_length=10, verbose_name='Ofsted URN')),
                ('control_trigger', models.CharField(choices=[('earliest', 'Whichever comes first'), ('sixteenth', 'The 16th birthday'), ('school_leaving', 'The day after compulsory school age ends'), ('post16', 'The day they start post-16 provision')], default='earliest', max_length=20)),
                ('working_view_before_post16', models.BooleanField(default=True, help_text='Key adults keep profile, plan and strategies when the young person decides, before post-16.')),
                ('working_view_in_post16', models.BooleanField(default=False, help_text='The same, once the young person is in post-16 provision.')),
                ('capacity_needs_medical', models.BooleanField(default=False, help_text='Whether only what a medical professional assessed is recorded about capacity')),
                ('parents_keep_versions', models.BooleanField(default=False, help_text='Parent carers keep reading the plans they were given before the young person decided.')),
                ('review_every_weeks', models.PositiveSmallIntegerField(default=12)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('urn'), condition=models.Q(('urn', ''), _negated=True), name='one setting has one URN'), models.CheckConstraint(condition=models.Q(('review_every_weeks__range', (1, 52))), name='a review is due within a year')],
            },
        ),
        migrations.CreateModel(
            name='Preferences',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='preferences', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('spoken_language', models.CharField(default='en-GB', help_text='A BCP 47 tag, such as pl or uk', max_length=35)),
                ('written_language', models.CharField(default='en-GB', max_length=35)),
                ('needs_interpreter', models.BooleanField(default=False)),
                ('format', models.CharField(choices=[('standard', 'Standard text'), ('easy_read', 'Easy read'), ('large_print', 'Large print'), ('audio', 'Audio'), ('phone', 'A phone call'), ('paper', 'Paper')], default='standard', max_length=20)),
                ('channel', models.CharField(choices=[('email', 'E-mail'), ('in_app', 'Only when I sign in'), ('text', 'Text message'), ('phone', 'Phone'), ('letter', 'Letter')], default='email', max_length=20)),
                ('phone', models.CharField(blank=True, help_text='For text messages, as +447700900123', max_length=20)),
                ('postal_address', accounts.words.Words(blank=True, help_text='For letters, with its postcode as the last line', limit=400)),
                ('good_times', models.CharField(blank=True, max_length=200)),
                ('quiet_from', models.TimeField(default='18:00')),
                ('quiet_until', models.TimeField(default='07:30')),
                ('quiet_weekends', models.BooleanField(default=True)),
                ('daily_digest', models.BooleanField(default=False)),
                ('trusted_person', models.CharField(blank=True, max_length=150)),
                ('notes', models.CharField(blank=True, max_length=500)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'verbose_name_plural': 'preferences',
            },
        ),
        migrations.CreateModel(
            name='AccountEvent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('verb', models.CharField(max_length=60)),
                ('object_type', models.CharField(blank=True, max_length=40)),
                ('object_id', models.CharField(blank=True, max_length=40)),
                ('detail', models.JSONField(default=dict, help_text='Names of fields and codes; never the words themselves')),
                ('by', models.ForeignKey(help_text='Nobody: a command on the server', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='account_events', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at'],
                'indexes': [models.Index(fields=['person', '-at'], name='accounts_ac_person__bf547e_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accountevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='1bb12d0da8a797f6dcd8ac4568d87fbfccf583e9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a5014', table='accounts_accountevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accountevent',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='47b3feda8f359becc79091f66b37e962d708b7cb', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_291d7', table='accounts_accountevent', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('secret_hash', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('senco', 'SENCO'), ('key_adult', 'Key adult'), ('dsl', 'Designated safeguarding lead'), ('deputy_dsl', 'Deputy safeguarding lead'), ('leader', 'Leader')], max_length=20)),
                ('starts_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('setting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='accounts.setting')),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'role', 'setting'], name='accounts_me_person__63b3a0_idx'), models.Index(fields=['setting', 'role'], name='accounts_me_setting_a73abe_idx')],
                'constraints': [models.UniqueConstraint(models.F('setting'), models.F('person'), models.F('role'), condition=models.Q(('ends_at', None)), name='a role in a setting is held once at a time'), models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__gte', models.F('starts_at')), _connector='OR'), name='a membership ends after it starts')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('staff', 'Member of staff'), ('parent', 'Parent carer'), ('young_person', 'Child or young person'), ('professional', 'Visiting professional')], max_length=20)),
                ('email', models.EmailField(max_length=254)),
                ('name', models.CharField(blank=True, max_length=150)),
                ('role', models.CharField(blank=True, choices=[('senco', 'SENCO'), ('key_adult', 'Key adult'), ('dsl', 'Designated safeguarding lead'), ('deputy_dsl', 'Deputy safeguarding lead'), ('leader', 'Leader')], max_length=20)),
                ('secret_hash', models.CharField(max_length=64, unique=True)),
                ('invited_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, help_text='Withdrawn, or expired and swept', null=True)),
                ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invited_by', models.ForeignKey(blank=True, help_text='Nobody: a command on the server', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('setting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='accounts.setting')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind', 'staff'), ('role', ''), _connector='XOR'), name='an invitation names a role only for staff'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at', None), ('accepted_by', None)), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), _connector='OR'), name='an accepted invitation says by whom'), models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='an invitation keeps its address in lower case')],
            },
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(help_text='The first day after the term')),
                ('half_term_from', models.DateField(blank=True, null=True)),
                ('half_term_until', models.DateField(blank=True, help_text='The first day back', null=True)),
                ('setting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='accounts.setting')),
            ],
            options={
                'ordering': ['starts_on'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='a term ends after it starts'), models.CheckConstraint(condition=models.Q(models.Q(('half_term_from', None), ('half_term_until', None)), models.Q(('half_term_from__gte', models.F('starts_on')), ('half_term_until__gt', models.F('half_term_from')), ('half_term_until__lte', models.F('ends_on'))), _connector='OR'), name='half term lies inside its term')],
            },
        ),
    ]
