import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pupils', '0001_append_only'),
        ('accounts', '0002_sessions_end_at_once'),
    ]

    operations = [
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
    ]
