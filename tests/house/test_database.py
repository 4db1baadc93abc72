import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_application_is_not_a_superuser_of_its_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False)
