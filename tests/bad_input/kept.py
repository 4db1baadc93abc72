"""What is in the database, so that a refusal can be seen to have saved nothing."""

from django.db import connection

#: What a refusal may leave: that somebody looked, and their session.
MAY_CHANGE = {"pupils_accesslog", "django_session"}

#: Of every table: how many rows there are, and the sum of what each of them says.
Kept = dict[str, tuple[int, int]]

_statement: list[str] = []


def rows() -> Kept:
    """Every table but those: how many rows there are, and the sum of what each of them says."""
    with connection.cursor() as cursor:
        if not _statement:
            cursor.execute(
                "SELECT table_name FROM information_schema.tables"
                " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
            )
            tables = sorted({name for (name,) in cursor.fetchall()} - MAY_CHANGE)
            _statement.append(
                " UNION ALL ".join(
                    f"SELECT '{name}', count(*), coalesce(sum(hashtext(t::text)), 0) FROM \"{name}\" t"
                    for name in tables
                )
            )
        cursor.execute(_statement[0])
        return {name: (count, told) for name, count, told in cursor.fetchall()}


def changed(before: Kept) -> list[str]:
    """The tables that are not as they were."""
    now = rows()
    return sorted(name for name in before if before[name] != now[name])
