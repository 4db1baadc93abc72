import accounts.words
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import pupils.codes
import pupils.dates
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('pupils', '0001_append_only'), ('pupils', '0002_initial'), ('pupils', '0003_bring_in_files'), ('pupils', '0004_warn_of_rows'), ('pupils', '0005_restrict_an_adult_without_a_sign_in'), ('pupils', '0006_choices'), ('pupils', '0007_who_looked_in_full'), ('pupils', '0008_read_by_a_calendar')]

    initial = True

    dependencies = [
        ('account', '0009_emailaddress_unique_primary_email'),
        ('guardian', '0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more'),
        ('mfa', '0003_authenticator_type_uniq'),
        ('accounts', '0001_squashed_0006_text_messages_and_addresses'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Household',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('address', accounts.words.Words(blank=True)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('how_to_communicate', accounts.words.Words(blank=True, help_text='What works when talking with this family')),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ClassGroup',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='class_group', to='auth.group')),
                ('setting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='class_groups', to='accounts.setting')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(models.F('setting'), models.F('name'), condition=models.Q(('closed_at', None)), name='a class name is used once')],
            },
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('staff', 'Staff'), ('classes', 'Classes'), ('pupils', 'Pupils'), ('families', 'Families')], max_length=20)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('checked', 'Checked, not saved'), ('waiting', 'Being saved'), ('failed', 'Stopped, nothing saved'), ('done', 'Saved'), ('cancelled', 'Cancelled'), ('expired', 'Left too long, and thrown away')], default='checked', max_length=20)),
                ('note', models.CharField(blank=True, help_text='Why it stopped, in a sentence', max_length=300)),
                ('encoding', models.CharField(max_length=30)),
                ('separator', models.CharField(max_length=20)),
                ('ignored', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, help_text='Headings that name no column', size=None)),
                ('leaves_other_classes', models.BooleanField(default=False, help_text='Pupils leave the classes that the file does not name for them')),
                ('total', models.PositiveIntegerField(default=0)),
                ('added', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('same', models.PositiveIntegerField(default=0)),
                ('wrong', models.PositiveIntegerField(default=0)),
                ('warned', models.PositiveIntegerField(default=0)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('setting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='accounts.setting')),
            ],
            options={
                'ordering': ['-uploaded_at'],
                'indexes': [models.Index(fields=['setting', '-uploaded_at'], name='pupils_impo_setting_4e4580_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('wrong', 0), _connector='OR'), name='an import with errors is not saved')],
            },
        ),
        migrations.CreateModel(
            name='Pupil',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('given_name', models.CharField(max_length=80)),
                ('family_name', models.CharField(max_length=80)),
                ('known_as', models.CharField(blank=True, help_text='What they like to be called', max_length=80)),
                ('date_of_birth', models.DateField()),
                ('upn', models.CharField(blank=True, max_length=13, validators=[pupils.codes.check_upn], verbose_name='UPN')),
                ('uln', models.CharField(blank=True, max_length=10, validators=[pupils.codes.check_uln], verbose_name='ULN')),
                ('sen_provision', models.CharField(choices=[('N', 'No special educational need'), ('K', 'SEN support'), ('E', 'EHC plan')], default='K', max_length=1)),
                ('home_language', models.CharField(blank=True, help_text='A BCP 47 tag, said by the family', max_length=35)),
                ('home_language_code', models.CharField(blank=True, help_text='The DfE code, as imported', max_length=4)),
                ('post16_from', models.DateField(blank=True, help_text='The day they enter post-16 provision', null=True)),
                ('competent_from', models.DateField(blank=True, help_text='An early start: what the last competence record says', null=True)),
                ('turns_16_on', models.GeneratedField(db_persist=True, expression=pupils.dates.Birthday(models.F('date_of_birth'), 16), output_field=models.DateField())),
                ('turns_18_on', models.GeneratedField(db_persist=True, expression=pupils.dates.Birthday(models.F('date_of_birth'), 18), output_field=models.DateField())),
                ('school_leaving_on', models.GeneratedField(db_persist=True, expression=pupils.dates.SchoolLeavingDay(models.F('date_of_birth')), output_field=models.DateField())),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'permissions': [('is_self', 'is this child or young person'), ('is_parent_carer', 'is a parent carer of'), ('is_key_adult', 'is a key adult of'), ('is_professional', 'is a visiting professional for')],
                'default_permissions': (),
                'indexes': [models.Index(models.F('family_name'), models.F('given_name'), models.F('id'), name='pupil_by_name'), models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('family_name'), name='text_pattern_ops'), name='pupil_by_family_name')],
                'constraints': [models.UniqueConstraint(models.F('upn'), condition=models.Q(('upn', ''), _negated=True), name='one pupil has one UPN'), models.UniqueConstraint(models.F('uln'), condition=models.Q(('uln', ''), _negated=True), name='one pupil has one ULN'), models.CheckConstraint(condition=models.Q(('date_of_birth__gte', '1980-01-01')), name='a pupil was born after 1980')],
            },
        ),
        migrations.CreateModel(
            name='Capacity',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('decision', accounts.words.Words(limit=300, verbose_name='Which decision this is about')),
                ('sections', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('profile', 'One-page profile'), ('needs', 'Strengths and needs'), ('plan', 'Support plan'), ('strategies', 'What helps'), ('funding', 'Funding'), ('views', 'What we said'), ('reviews', 'Reviews'), ('updates', 'Home and school')], max_length=20), size=None)),
                ('assessor', models.CharField(max_length=150, verbose_name='Who assessed')),
                ('assessor_role', models.CharField(max_length=150, verbose_name='In what role')),
                ('assessed_on', models.DateField()),
                ('support', accounts.words.Words(verbose_name='How they were helped to decide')),
                ('findings', accounts.words.Words(verbose_name='What was found')),
                ('wishes', accounts.words.Words(verbose_name='What they want and feel, in their words where possible')),
                ('authority', models.CharField(choices=[('deputy', 'A deputy of the Court of Protection'), ('attorney', 'An attorney'), ('parent', 'A parent, as there is no deputy or attorney')], max_length=20)),
                ('authority_words', models.CharField(blank=True, help_text='Where the authority is written: an order, a power of attorney', max_length=300)),
                ('starts_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('review_on', models.DateField(help_text='From this day on the record holds no longer')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('decider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='capacity_records', to='pupils.pupil')),
            ],
            options={
                'ordering': ['-starts_at'],
                'indexes': [models.Index(fields=['pupil'], name='pupils_capa_pupil_i_5b5b10_idx'), models.Index(fields=['decider'], name='pupils_capa_decider_a4107b_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sections__len__gt', 0)), name='a capacity record names a section'), models.CheckConstraint(condition=models.Q(('review_on__gt', models.F('assessed_on'))), name='capacity is looked at again after it is assessed'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='an ended capacity record says by whom')],
            },
        ),
        migrations.CreateModel(
            name='ClassStaff',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('starts_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('subject', models.CharField(blank=True, max_length=60)),
                ('class_group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='staff', to='pupils.classgroup')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='classes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('class_group'), models.F('person'), condition=models.Q(('ends_at', None)), name='a person joins a class once at a time'), models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__gte', models.F('starts_at')), _connector='OR'), name='time with a class ends after it starts')],
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(help_text='As Excel shows it')),
                ('cells', models.JSONField(default=dict)),
                ('too_many', models.BooleanField(default=False, help_text='It has more cells than there are headings')),
                ('has_warning', models.BooleanField(default=False)),
                ('outcome', models.CharField(choices=[('add', 'Will be added'), ('change', 'Will change'), ('same', 'Stays the same'), ('wrong', 'To put right')], max_length=10)),
                ('problems', models.JSONField(default=list, help_text='Column key, sentence, and whether it is only a warning')),
                ('changes', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, help_text='By field: what is there now, what the file says')),
                ('about', models.UUIDField(help_text='The pupil who is there already', null=True)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='pupils.import')),
            ],
            options={
                'ordering': ['number'],
                'indexes': [models.Index(fields=['batch', 'outcome', 'number'], name='pupils_impo_batch_i_401211_idx')],
                'constraints': [models.UniqueConstraint(models.F('batch'), models.F('number'), name='a row of a file is read once')],
            },
        ),
        migrations.CreateModel(
            name='InvitedToClass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(blank=True, max_length=60)),
                ('class_group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pupils.classgroup')),
                ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='classes', to='accounts.invitation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('invitation'), models.F('class_group'), name='an invitation names a class once')],
            },
        ),
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('people_like', accounts.words.Words(blank=True, verbose_name='What people like about me')),
                ('important', accounts.words.Words(blank=True, verbose_name='What is important to me')),
                ('helps', accounts.words.Words(blank=True, verbose_name='How best to support me')),
                ('talk', accounts.words.Words(blank=True, verbose_name='How to talk with me')),
                ('how_made', models.CharField(blank=True, max_length=200, verbose_name='How this was made')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='profiles', to='pupils.pupil')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(models.F('pupil'), models.F('number'), name='profile versions count up')],
            },
        ),
        migrations.CreateModel(
            name='ParentCarer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=150)),
                ('relationship', models.CharField(help_text='Such as mother, father, grandparent, foster carer', max_length=60)),
                ('has_parental_responsibility', models.BooleanField(default=False)),
                ('email', models.EmailField(blank=True, help_text='Where an invitation may go. It gives no sight by itself', max_length=254)),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parent_carers', to='pupils.household')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to=settings.AUTH_USER_MODEL)),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parent_carers', to='pupils.pupil')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(models.F('pupil'), models.F('person'), condition=models.Q(('person__isnull', False)), name="a person is a child's parent carer once")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='parentcarer',
            trigger=pgtrigger.compiler.Trigger(name='restrictions_follow_the_person', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                    UPDATE pupils_restriction SET person_id = NEW.person_id\n                    WHERE parent_carer_id = NEW.id AND person_id IS NULL AND NEW.person_id IS NOT NULL;\n                    RETURN NULL;\n                ', hash='994a11b106c91bd70880026ad09a140208e284cb', operation='INSERT OR UPDATE OF "person_id"', pgid='pgtrigger_restrictions_follow_the_person_0cb30', table='pupils_parentcarer', when='AFTER')),
        ),
        migrations.CreateModel(
            name='Override',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recipient', models.CharField(max_length=200, verbose_name='Who it is disclosed to')),
                ('sections', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('profile', 'One-page profile'), ('needs', 'Strengths and needs'), ('plan', 'Support plan'), ('strategies', 'What helps'), ('funding', 'Funding'), ('views', 'What we said'), ('reviews', 'Reviews'), ('updates', 'Home and school')], max_length=20), size=None)),
                ('reason', accounts.words.Words()),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ends_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('told_at', models.DateTimeField(blank=True, help_text='When the young person was told', null=True)),
                ('told_how', models.CharField(blank=True, max_length=300)),
                ('not_told_why', accounts.words.Words(blank=True)),
                ('look_again_on', models.DateField(blank=True, help_text='When to ask again whether telling is safe', null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrides', to='pupils.pupil')),
            ],
            options={
                'ordering': ['-asked_at'],
                'indexes': [models.Index(fields=['pupil'], name='pupils_over_pupil_i_0c12c1_idx'), models.Index(fields=['person'], name='pupils_over_person__4c3c45_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sections__len__gt', 0)), name='an override names a section'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('asked_at'))), name='an override ends after it is asked for'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), models.Q(('confirmed_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='somebody else confirms an override'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='an ended override says by whom'), models.CheckConstraint(condition=models.Q(models.Q(('told_at__isnull', False), models.Q(('told_how', ''), _negated=True)), models.Q(('look_again_on__isnull', False), ('told_at', None), models.Q(('not_told_why', ''), _negated=True)), _connector='OR'), name='they were told and how, or not told and why and until when')],
            },
        ),
        migrations.CreateModel(
            name='HandOverTalk',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('on', models.DateField()),
                ('with_whom', models.CharField(max_length=300)),
                ('how', accounts.words.Words(verbose_name='How it was explained')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hand_over_talks', to='pupils.pupil')),
            ],
            options={
                'ordering': ['-on', '-at'],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='handovertalk',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='4ab59d3f60963c6ceb8b42ce708444833baeac85', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_158d6', table='pupils_handovertalk', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='handovertalk',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='1f164afcdd036ced3448447c952db8b819637e59', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_402a3', table='pupils_handovertalk', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('year_group', models.CharField(blank=True, max_length=2)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('setting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='accounts.setting')),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enrolments', to='pupils.pupil')),
            ],
            options={
                'ordering': ['starts_on'],
                'indexes': [models.Index(fields=['setting', 'ends_on'], name='pupils_enro_setting_a2ed88_idx'), models.Index(fields=['pupil', 'starts_on'], name='pupils_enro_pupil_i_1682cd_idx')],
                'constraints': [models.UniqueConstraint(models.F('pupil'), condition=models.Q(('ends_on', None)), name='a pupil is in one setting at a time'), models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='an enrolment ends after it starts')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='enrolment',
            trigger=pgtrigger.compiler.Trigger(name='never_overlaps', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    PERFORM 1 FROM pupils_pupil WHERE id = NEW.pupil_id FOR UPDATE;\n                    IF EXISTS (\n                        SELECT 1 FROM pupils_enrolment e\n                        WHERE e.pupil_id = NEW.pupil_id AND e.id <> NEW.id\n                          AND daterange(e.starts_on, e.ends_on) && daterange(NEW.starts_on, NEW.ends_on)\n                    ) THEN\n                        RAISE EXCEPTION 'a pupil is in one setting at a time' USING ERRCODE = 'exclusion_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='d8161f747e6dfd613844f0193f8472796fb20f73', operation='INSERT OR UPDATE', pgid='pgtrigger_never_overlaps_a314b', table='pupils_enrolment', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='Competence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('from_on', models.DateField(blank=True, null=True)),
                ('assessor', models.CharField(max_length=150, verbose_name='Who judged it')),
                ('assessor_role', models.CharField(max_length=150, verbose_name='In what role')),
                ('findings', accounts.words.Words(verbose_name='What it rests on')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='competence_records', to='pupils.pupil')),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='competence',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='39abf28e60c82bda762d7982e8216591a5d5cd4c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_014e6', table='pupils_competence', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='competence',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='b2b42353763faa161f03a107c851aa40def9e39f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_e0efc', table='pupils_competence', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('verb', models.CharField(max_length=60)),
                ('section', models.CharField(blank=True, choices=[('profile', 'One-page profile'), ('needs', 'Strengths and needs'), ('plan', 'Support plan'), ('strategies', 'What helps'), ('funding', 'Funding'), ('views', 'What we said'), ('reviews', 'Reviews'), ('updates', 'Home and school')], max_length=20)),
                ('object_type', models.CharField(blank=True, max_length=40)),
                ('object_id', models.UUIDField(null=True)),
                ('detail', models.JSONField(default=dict, help_text='Names of fields and codes; never the words themselves')),
                ('by', models.ForeignKey(help_text='Nobody: the system itself', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('setting', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.setting')),
                ('pupil', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='pupils.pupil')),
            ],
            options={
                'ordering': ['-at'],
                'indexes': [models.Index(fields=['pupil', '-at'], name='pupils_audi_pupil_i_b43ca0_idx'), models.Index(fields=['object_id'], name='pupils_audi_object__8d25ab_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='f0a4e7e1489a36ffe28e4df6003a1231e49e2b00', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f74b6', table='pupils_auditevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditevent',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='c7e90b5526d10da0f4d539040f250069cd5fdd7c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_1d7be', table='pupils_auditevent', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='AccessLog',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sections', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('profile', 'One-page profile'), ('needs', 'Strengths and needs'), ('plan', 'Support plan'), ('strategies', 'What helps'), ('funding', 'Funding'), ('views', 'What we said'), ('reviews', 'Reviews'), ('updates', 'Home and school')], max_length=20), size=None)),
                ('grounds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None)),
                ('via', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(blank=True, max_length=150), help_text='Through what, then: a class, a setting', null=True, size=None)),
                ('by_choice', django.contrib.postgres.fields.ArrayField(base_field=models.BooleanField(), help_text='Whether only a choice opened it', null=True, size=None)),
                ('way', models.CharField(choices=[('page', 'on a page'), ('api', 'through the API'), ('print', 'on paper'), ('preview', 'to see what somebody else sees'), ('file', 'as a file'), ('sent', 'in a message'), ('calendar', 'by their calendar'), ('automatic', 'automatically')], default='page', max_length=10)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('seen_as', models.ForeignKey(help_text='Through whose eyes they looked', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='looks', to='pupils.pupil')),
            ],
            options={
                'ordering': ['-at'],
                'indexes': [models.Index(fields=['pupil', '-at'], name='pupils_acce_pupil_i_35c1d5_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accesslog',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='797b8c316e6c82543db76ee4089ea048728776b8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_528b8', table='pupils_accesslog', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accesslog',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='af83930702a6852b11c3bf7b43b5555eba5b8ea2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_83b32', table='pupils_accesslog', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='PupilGroupPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='group_permissions', to='pupils.pupil')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__gte', models.F('starts_at')), _connector='OR'), name="a group's relation ends after it starts")],
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='PupilNeedType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(choices=[('SPLD', 'Specific learning difficulty'), ('MLD', 'Moderate learning difficulty'), ('SLD', 'Severe learning difficulty'), ('PMLD', 'Profound and multiple learning difficulty'), ('SLCN', 'Speech, language and communication needs'), ('ASD', 'Autistic spectrum disorder'), ('SEMH', 'Social, emotional and mental health'), ('HI', 'Hearing impairment'), ('VI', 'Vision impairment'), ('MSI', 'Multi-sensory impairment'), ('PD', 'Physical disability'), ('DS', 'Down syndrome'), ('OTH', 'Other difficulty or disability'), ('NSA', 'SEN support but no specialist assessment of type of need')], max_length=4)),
                ('rank', models.PositiveSmallIntegerField(default=1)),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='need_types', to='pupils.pupil')),
            ],
            options={
                'ordering': ['rank'],
                'constraints': [models.UniqueConstraint(models.F('pupil'), models.F('rank'), name='a rank of need is given once'), models.UniqueConstraint(models.F('pupil'), models.F('type'), name='a type of need is given once'), models.CheckConstraint(condition=models.Q(('rank__gte', 1)), name='the primary need has rank 1')],
            },
        ),
        migrations.CreateModel(
            name='PupilUserPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='user_permissions', to='pupils.pupil')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__gte', models.F('starts_at')), _connector='OR'), name="a person's relation ends after it starts")],
                'unique_together': {('user', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='InvitedTo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pupils', to='accounts.invitation')),
                ('parent_carer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pupils.parentcarer')),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pupils.pupil')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('invitation'), models.F('pupil'), name='an invitation names a pupil once')],
            },
        ),
        migrations.CreateModel(
            name='ChoiceSheet',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('voice', models.CharField(choices=[('young_person', 'The young person'), ('parents', 'The family')], max_length=20)),
                ('how', models.CharField(choices=[('themselves', 'By themselves, here'), ('spoken', 'They said it'), ('signed', 'They signed it'), ('symbols', 'With symbols or pictures'), ('supported', 'With somebody who supports them'), ('passed_on', 'By accepting an invitation it was made for')], max_length=20)),
                ('how_words', models.CharField(blank=True, help_text='Who was there, and how it was explained', max_length=300)),
                ('wording', models.CharField(help_text='Which version of the words was shown', max_length=20)),
                ('format', models.CharField(choices=[('standard', 'Standard text'), ('easy_read', 'Easy read'), ('large_print', 'Large print'), ('audio', 'Audio'), ('phone', 'A phone call'), ('paper', 'Paper')], default='standard', max_length=20)),
                ('language', models.CharField(default='en-GB', help_text='A BCP 47 tag', max_length=35)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('capacity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='pupils.capacity')),
                ('confirms', models.ForeignKey(blank=True, help_text='The sheet written down for them that they stand by with this one', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='confirmed_by', to='pupils.choicesheet')),
                ('given_by', models.ForeignKey(blank=True, help_text='Nobody: they have no sign-in', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='choice_sheets', to='pupils.pupil')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(models.F('pupil'), models.F('number'), name='choice sheets of a pupil count up'), models.CheckConstraint(condition=models.Q(('capacity', None), ('voice', 'young_person'), _connector='OR'), name='a decider under a capacity record speaks for the young person')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='choicesheet',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='d09e0265001361bab95e69e9230c4fe3185fb445', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f06a3', table='pupils_choicesheet', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='choicesheet',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='c3708444bc15ab82f6aff3dfd915ea063f3cb753', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_6854f', table='pupils_choicesheet', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='Restriction',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('starts_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('kind', models.CharField(choices=[('court_order', 'A court order'), ('unsafe', 'Sharing with this person is not safe')], max_length=20)),
                ('reason', accounts.words.Words()),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('parent_carer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='restrictions', to='pupils.parentcarer')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='restrictions', to='pupils.pupil')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['pupil', 'person'], name='pupils_rest_pupil_i_351f2d_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__gte', models.F('starts_at')), _connector='OR'), name='a restriction ends after it starts'), models.CheckConstraint(condition=models.Q(('person__isnull', False), ('parent_carer__isnull', False), _connector='OR'), name='a restriction names somebody')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='restriction',
            trigger=pgtrigger.compiler.Trigger(name='names_whoever_is_linked', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                    IF NEW.person_id IS NULL AND NEW.parent_carer_id IS NOT NULL THEN\n                        SELECT person_id INTO NEW.person_id FROM pupils_parentcarer\n                        WHERE id = NEW.parent_carer_id FOR UPDATE;\n                    END IF;\n                    RETURN NEW;\n                ', hash='9706369e8d2ea252975980aabae9464b69776224', operation='INSERT', pgid='pgtrigger_names_whoever_is_linked_9acc4', table='pupils_restriction', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='Choice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('voice', models.CharField(choices=[('young_person', 'The young person'), ('parents', 'The family')], max_length=20)),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('person', 'One person'), ('teachers', 'Everybody who teaches them'), ('invited', 'Somebody who was invited')], max_length=20)),
                ('section', models.CharField(choices=[('profile', 'One-page profile'), ('needs', 'Strengths and needs'), ('plan', 'Support plan'), ('strategies', 'What helps'), ('funding', 'Funding'), ('views', 'What we said'), ('reviews', 'Reviews'), ('updates', 'Home and school')], max_length=20)),
                ('answer', models.CharField(choices=[('yes', 'Yes'), ('no', 'No'), ('ask', 'Ask me each time')], max_length=10)),
                ('purpose', models.CharField(blank=True, max_length=300)),
                ('starts_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('capacity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pupils.capacity')),
                ('invitation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.invitation')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='pupils.choicesheet')),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='pupils.pupil')),
            ],
            options={
                'ordering': ['-number'],
                'indexes': [models.Index(fields=['pupil', 'section', 'number'], name='pupils_choi_pupil_i_76d185_idx'), models.Index(fields=['person', 'pupil'], name='pupils_choi_person__997a2a_idx')],
                'constraints': [models.UniqueConstraint(models.F('sheet'), models.F('kind'), models.F('person'), models.F('invitation'), models.F('section'), name='a sheet answers once about a recipient and a section', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('invitation', None), ('kind', 'person'), ('person__isnull', False)), models.Q(('invitation', None), ('kind', 'teachers'), ('person', None)), models.Q(('invitation__isnull', False), ('kind', 'invited'), ('person', None)), _connector='OR'), name='a choice names one recipient'), models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='a choice ends after it starts'), models.CheckConstraint(condition=models.Q(('voice', 'young_person'), models.Q(('kind', 'teachers'), _negated=True), _connector='OR'), name='only the young person opens a part to all teachers')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='choice',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='e16ce46e4d37e87e0552876b5c241a9e08bd9228', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c3663', table='pupils_choice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='choice',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(execute='alongside_append_only()', func='RETURN NULL;', hash='f50a1d7ed98d42a8e6fd0744e5a87915dde733bc', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_7679b', table='pupils_choice', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='SharingRequest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('section', models.CharField(choices=[('profile', 'One-page profile'), ('needs', 'Strengths and needs'), ('plan', 'Support plan'), ('strategies', 'What helps'), ('funding', 'Funding'), ('views', 'What we said'), ('reviews', 'Reviews'), ('updates', 'Home and school')], max_length=20)),
                ('reason', accounts.words.Words(limit=500)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, choices=[('yes', 'Yes'), ('no', 'No'), ('ask', 'Ask me each time')], max_length=10)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sharing_requests', to='pupils.pupil')),
                ('sheet', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='pupils.choicesheet')),
            ],
            options={
                'ordering': ['-asked_at'],
                'constraints': [models.UniqueConstraint(models.F('pupil'), models.F('asker'), models.F('section'), condition=models.Q(('answered_at', None)), name='one asks once at a time'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None), ('answered_by', None)), models.Q(('answer__in', ['yes', 'no']), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='an answered request says by whom and what')],
            },
        ),
    ]
