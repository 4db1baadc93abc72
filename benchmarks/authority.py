"""A local authority's worth of people and pupils, written straight into the tables in seconds.

Every setting has 400 pupils in classes of 25 (each pupil in two classes), 40 staff and, for one pupil in six, a plan
with a key adult, two parent carers and now and then a professional. One row in ten is of the past: of an adult who
left a class, a parent whose relation ended, a pupil who came from elsewhere. Sizes scale with the number of settings.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Permission
from django.db import connection

AT = datetime(2026, 3, 10, 10, 30, tzinfo=ZoneInfo("Europe/London"))
PUPILS = 400
STAFF = 40
CLASSES = 16

# Ids are made from what a row is and its number, so that every row can name another without a look-up.
_ID = "md5('{kind}' || ({number}))::uuid"


def _id(kind: str, number: str) -> str:
    return _ID.format(kind=kind, number=number)


@dataclass(frozen=True)
class Authority:
    """How much of everything there is, and people to look for."""

    counts: dict[str, int]
    senco: UUID
    teacher: UUID
    parent: UUID


def build(settings: int) -> Authority:
    """Fill the empty tables of the database in use. `settings` × 400 pupils."""
    relations = dict(
        Permission.objects.filter(content_type__app_label="pupils", content_type__model="pupil").values_list(
            "codename", "id"
        )
    )
    pupils, staff, classes = settings * PUPILS, settings * STAFF, settings * CLASSES
    plans = -(-pupils // 6)  # every sixth pupil from the first on
    long_ago, earlier = "timestamptz '2024-09-02 08:00+01'", "timestamptz '2025-12-19 15:00+00'"
    ended = f"CASE WHEN n %% 10 = 9 THEN {earlier} END"
    person = "name, known_as, is_active, is_staff, is_superuser, password, joined_at, sign_outs"
    near = "user_id, content_object_id, permission_id, starts_at, ends_at"
    statements = {
        "settings": f"""
            INSERT INTO accounts_setting (id, name, phase, urn, laestab, ukprn, ofsted_urn, control_trigger,
                working_view_before_post16, working_view_in_post16, parents_keep_versions, capacity_needs_medical,
                review_every_weeks, version)
            SELECT {_id("setting", "n")}, 'Setting ' || n,
                (ARRAY['primary', 'secondary', 'secondary', 'college'])[1 + n %% 4], '', '', '', '',
                (ARRAY['earliest', 'earliest', 'earliest', 'sixteenth', 'school_leaving', 'post16'])[1 + n %% 6],
                TRUE, FALSE, FALSE, FALSE, 12, 1
            FROM generate_series(0, {settings - 1}) n""",
        "staff": f"""
            INSERT INTO accounts_user (id, email, {person})
            SELECT {_id("staff", "n")}, 'staff' || n || '@authority.example', 'Staff ' || n, '', n %% 50 <> 49,
                FALSE, FALSE, '', {long_ago}, 0 FROM generate_series(0, {staff - 1}) n""",
        "parents": f"""
            INSERT INTO accounts_user (id, email, {person})
            SELECT {_id("parent", "n")}, 'parent' || n || '@authority.example', 'Parent ' || n, '', TRUE,
                FALSE, FALSE, '', {long_ago}, 0 FROM generate_series(0, {2 * plans - 1}) n""",
        "professionals": f"""
            INSERT INTO accounts_user (id, email, {person})
            SELECT {_id("professional", "n")}, 'professional' || n || '@authority.example', 'Professional ' || n,
                '', TRUE, FALSE, FALSE, '', {long_ago}, 0 FROM generate_series(0, {settings - 1}) n""",
        # Of forty: one SENCO, one DSL, two leaders, the rest key adults, one in ten of whom has left.
        "memberships": f"""
            INSERT INTO accounts_membership (id, setting_id, person_id, role, starts_at, ends_at)
            SELECT {_id("membership", "n")}, {_id("setting", f"n / {STAFF}")}, {_id("staff", "n")},
                CASE n %% {STAFF} WHEN 0 THEN 'senco' WHEN 1 THEN 'dsl' WHEN 2 THEN 'leader' WHEN 3 THEN 'leader'
                    ELSE 'key_adult' END, {long_ago}, {ended}
            FROM generate_series(0, {staff - 1}) n""",
        "pupils": f"""
            INSERT INTO pupils_pupil (id, given_name, family_name, known_as, date_of_birth, upn, uln, sen_provision,
                home_language, home_language_code, post16_from, version)
            SELECT {_id("pupil", "n")}, initcap(substr(translate(md5('g' || n), '0123456789', 'aeiourstln'), 1, 6)),
                initcap(substr(translate(md5('f' || n), '0123456789', 'aeiourstln'), 1, 8)), '',
                date '2008-01-01' + (n * 37) %% 4700, '', '', CASE WHEN n %% 6 = 0 THEN 'K' ELSE 'N' END, '', '',
                CASE WHEN (n * 37) %% 4700 < 600 THEN date '2025-09-02' END, 1
            FROM generate_series(0, {pupils - 1}) n""",
        "enrolments": f"""
            INSERT INTO pupils_enrolment (id, pupil_id, setting_id, year_group, starts_on, ends_on)
            SELECT {_id("enrolment", "n")}, {_id("pupil", "n")}, {_id("setting", f"n / {PUPILS}")}, '',
                date '2025-09-02', NULL FROM generate_series(0, {pupils - 1}) n""",
        "enrolments of the past": f"""
            INSERT INTO pupils_enrolment (id, pupil_id, setting_id, year_group, starts_on, ends_on)
            SELECT {_id("earlier", "n")}, {_id("pupil", "n")}, {_id("setting", f"(n / {PUPILS} + 1) %% {settings}")},
                '', date '2023-09-04', date '2025-09-02' FROM generate_series(9, {pupils - 1}, 10) n""",
        "groups": f"INSERT INTO auth_group (name) SELECT 'group ' || n FROM generate_series(0, {classes - 1}) n",
        "classes": f"""
            INSERT INTO pupils_classgroup (id, setting_id, name, group_id, closed_at)
            SELECT {_id("class", "n")}, {_id("setting", f"n / {CLASSES}")}, 'Class ' || n %% {CLASSES}, g.id, NULL
            FROM generate_series(0, {classes - 1}) n JOIN auth_group g ON g.name = 'group ' || n""",
        # Each class has three adults; an adult from number 4 on has one class or several.
        "time with classes": f"""
            INSERT INTO pupils_classstaff (id, class_group_id, person_id, subject, starts_at, ends_at)
            SELECT {_id("classstaff", "n")}, {_id("class", "n / 3")},
                {_id("staff", f"(n / 3 / {CLASSES}) * {STAFF} + 4 + (n %% 3) * 9 + (n / 3) %% 4")}, '', {long_ago}, {ended}
            FROM generate_series(0, {classes * 3 - 1}) n""",
        "pupils in classes": f"""
            INSERT INTO pupils_pupilgrouppermission (content_object_id, group_id, permission_id, starts_at, ends_at)
            SELECT {_id("pupil", "n")}, g.id, {relations["is_key_adult"]}, {long_ago}, {ended}
            FROM generate_series(0, {pupils - 1}) n, generate_series(0, 1) k, auth_group g
            WHERE g.name = 'group ' || (n / {PUPILS} * {CLASSES} + (n + k * (1 + n / 16 %% 7)) %% {CLASSES})
            ON CONFLICT DO NOTHING""",
        # What guardian needs beside the rule's rows: group membership of staff, and each SENCO over a group of all pupils.
        "guardian: groups of staff": """
            INSERT INTO accounts_user_groups (user_id, group_id)
            SELECT DISTINCT x.person_id, c.group_id FROM pupils_classstaff x
            JOIN pupils_classgroup c ON c.id = x.class_group_id WHERE x.ends_at IS NULL""",
        "guardian: groups of SENCOs": f"""
            INSERT INTO auth_group (name) SELECT 'sencos ' || n FROM generate_series(0, {settings - 1}) n""",
        "guardian: SENCOs": f"""
            INSERT INTO accounts_user_groups (user_id, group_id)
            SELECT {_id("staff", f"n * {STAFF}")}, g.id
            FROM generate_series(0, {settings - 1}) n JOIN auth_group g ON g.name = 'sencos ' || n""",
        "guardian: their pupils": f"""
            INSERT INTO pupils_pupilgrouppermission (content_object_id, group_id, permission_id, starts_at, ends_at)
            SELECT {_id("pupil", "n")}, g.id, {relations["is_key_adult"]}, {long_ago}, NULL
            FROM generate_series(0, {pupils - 1}) n JOIN auth_group g ON g.name = 'sencos ' || n / {PUPILS}""",
        "pupils themselves": f"""
            INSERT INTO accounts_user (id, email, {person})
            SELECT {_id("self", "n")}, 'pupil' || n || '@authority.example', 'Pupil ' || n, '', TRUE,
                FALSE, FALSE, '', {long_ago}, 0 FROM generate_series(0, {pupils - 1}, 60) n""",
    }
    for relation, who, number, numbers in (
        ("is_key_adult", "staff", f"n / {PUPILS} * {STAFF} + 4 + n %% 36", f"0, {pupils - 1}, 6"),
        ("is_parent_carer", "parent", "n / 6 * 2", f"0, {pupils - 1}, 6"),
        ("is_parent_carer", "parent", "n / 6 * 2 + 1", f"0, {pupils - 1}, 6"),
        # every fifth family has a brother or a sister at the same setting
        ("is_parent_carer", "parent", "(n - 1) / 6 * 2", f"1, {pupils - 1}, 30"),
        ("is_professional", "professional", f"n / {PUPILS}", f"0, {pupils - 1}, 24"),
        ("is_self", "self", "n", f"0, {pupils - 1}, 60"),
    ):
        statements[f"{relation}: {number}"] = f"""
            INSERT INTO pupils_pupiluserpermission ({near})
            SELECT {_id(who, number)}, {_id("pupil", "n")}, {relations[relation]}, {long_ago}, {ended}
            FROM generate_series({numbers}) n"""
    statements["restrictions"] = f"""
        INSERT INTO pupils_restriction (id, pupil_id, person_id, kind, reason, recorded_by_id, recorded_at,
            starts_at, ends_at)
        SELECT {_id("restriction", "n")}, {_id("pupil", "n")}, {_id("parent", "n / 6 * 2")}, 'court_order', 'An order',
            {_id("staff", "0")}, {long_ago}, {long_ago}, {ended}
        FROM generate_series(0, {pupils - 1}, 300) n"""
    # Each plan has a sheet, and on it five sections for the first parent carer: whether they count is the rule's.
    statements["sheets"] = f"""
        INSERT INTO pupils_choicesheet (id, pupil_id, number, voice, how, how_words, wording, format, language,
            recorded_by_id, at)
        SELECT {_id("sheet", "n")}, {_id("pupil", "n")}, 1, 'young_person', 'spoken', '', 'young-1', 'standard',
            'en-GB', {_id("staff", "0")}, {long_ago}
        FROM generate_series(0, {pupils - 1}, 6) n"""
    statements["choices"] = f"""
        INSERT INTO pupils_choice (id, sheet_id, pupil_id, voice, number, kind, person_id, section, answer, purpose,
            starts_at, ends_at)
        SELECT gen_random_uuid(), {_id("sheet", "n")}, {_id("pupil", "n")}, 'young_person', 1, 'person',
            {_id("parent", "n / 6 * 2")}, s.section, (ARRAY['yes', 'no', 'ask', 'yes'])[1 + n / 6 %% 4], '',
            {long_ago}, {ended}
        FROM generate_series(0, {pupils - 1}, 6) n,
            unnest(ARRAY['profile', 'needs', 'plan', 'funding', 'views']) s(section)"""
    with connection.cursor() as cursor:
        for statement in statements.values():
            cursor.execute(statement, [])
        if not connection.in_atomic_block:
            cursor.execute("VACUUM ANALYZE")
    return find(settings)


def find(settings: int) -> Authority:
    """What `build` made earlier."""
    plans, middle = -(-settings * PUPILS // 6), settings // 2 * STAFF
    counts = {}
    with connection.cursor() as cursor:
        for name, table in (
            ("settings", "accounts_setting"),
            ("people", "accounts_user"),
            ("pupils", "pupils_pupil"),
            ("relations of a person", "pupils_pupiluserpermission"),
            ("relations of a class", "pupils_pupilgrouppermission"),
            ("choices", "pupils_choice"),
        ):
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts[name] = cursor.fetchone()[0]
        cursor.execute(
            f"SELECT {_id('staff', str(middle))}, {_id('staff', str(middle + 4))}, {_id('parent', '10')}", []
        )
        senco, teacher, parent = cursor.fetchone()
    counts |= {"with plans": plans, "staff": settings * STAFF, "parents": 2 * plans}
    return Authority(counts, senco, teacher, parent)
