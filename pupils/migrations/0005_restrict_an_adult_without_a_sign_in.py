
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pupils', '0004_warn_of_rows'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='invitedto',
            name='closed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='restriction',
            name='parent_carer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='restrictions', to='pupils.parentcarer'),
        ),
        migrations.AlterField(
            model_name='restriction',
            name='person',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='parentcarer',
            trigger=pgtrigger.compiler.Trigger(name='restrictions_follow_the_person', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                    UPDATE pupils_restriction SET person_id = NEW.person_id\n                    WHERE parent_carer_id = NEW.id AND person_id IS NULL AND NEW.person_id IS NOT NULL;\n                    RETURN NULL;\n                ', hash='994a11b106c91bd70880026ad09a140208e284cb', operation='INSERT OR UPDATE OF "person_id"', pgid='pgtrigger_restrictions_follow_the_person_0cb30', table='pupils_parentcarer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='restriction',
            trigger=pgtrigger.compiler.Trigger(name='names_whoever_is_linked', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                    IF NEW.person_id IS NULL AND NEW.parent_carer_id IS NOT NULL THEN\n                        SELECT person_id INTO NEW.person_id FROM pupils_parentcarer\n                        WHERE id = NEW.parent_carer_id FOR UPDATE;\n                    END IF;\n                    RETURN NEW;\n                ', hash='9706369e8d2ea252975980aabae9464b69776224', operation='INSERT', pgid='pgtrigger_names_whoever_is_linked_9acc4', table='pupils_restriction', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.CheckConstraint(condition=models.Q(('person__isnull', False), ('parent_carer__isnull', False), _connector='OR'), name='a restriction names somebody'),
        ),
    ]
