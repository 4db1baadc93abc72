"""The caseload's first page, by the rule, by the fastest SQL for the same rows, and by guardian alone.

The raw statements know beforehand what the rule has to find out: on which ground the person stands. They honour
dates, restrictions and when the young person decides. Guardian's answer knows none of these, so it is a larger one;
and since a SENCO's role is no relation to a pupil, guardian is given a group of SENCOs over all pupils of a setting.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db import connection
from guardian.shortcuts import get_objects_for_user
from psycopg import RawCursor

from accounts.models import User
from pupils import policy
from pupils.circle import permission
from pupils.enums import Relation, Section
from pupils.models import Pupil

from .authority import AT, Authority

PAGE = 25
BY_NAME = ("family_name", "given_name", "pk")
Rows = list[tuple[Any, ...]]

_DAY = "date '2026-03-10'"


def _live(row: str) -> str:
    return f"{row}.starts_at <= %(at)s AND ({row}.ends_at IS NULL OR {row}.ends_at > %(at)s)"


_ENROLLED = f"e.starts_on <= {_DAY} AND (e.ends_on IS NULL OR e.ends_on > {_DAY})"
_UNDECIDED = f"""least(p.competent_from, CASE s.control_trigger
    WHEN 'sixteenth' THEN p.turns_16_on WHEN 'school_leaving' THEN least(p.school_leaving_on + 1, p.turns_18_on)
    WHEN 'post16' THEN least(coalesce(p.post16_from, p.school_leaving_on + 1), p.turns_18_on)
    ELSE least(p.turns_16_on, p.school_leaving_on + 1, p.post16_from) END) > {_DAY}"""
_WORKING = f"""CASE WHEN coalesce(p.post16_from, p.school_leaving_on + 1) <= {_DAY}
    THEN s.working_view_in_post16 ELSE s.working_view_before_post16 END"""
_UNRESTRICTED = f"""NOT EXISTS (SELECT 1 FROM pupils_restriction r
    WHERE r.person_id = %(person)s AND r.pupil_id = p.id AND {_live("r")})"""
_END = f"ORDER BY p.family_name, p.given_name, p.id LIMIT {PAGE}"

RAW = {
    "a SENCO": f"""
        WITH here AS MATERIALIZED (
            SELECT p.id, p.family_name, p.given_name FROM accounts_membership m
            JOIN accounts_user u ON u.id = m.person_id AND u.is_active
            JOIN pupils_enrolment e ON e.setting_id = m.setting_id AND {_ENROLLED}
            JOIN pupils_pupil p ON p.id = e.pupil_id
            WHERE m.person_id = %(person)s AND m.role = 'senco' AND {_live("m")})
        SELECT p.id, p.family_name, p.given_name FROM here p {_END}""",
    "a teacher": f"""
        SELECT p.id, p.family_name, p.given_name FROM pupils_pupil p
        JOIN pupils_enrolment e ON e.pupil_id = p.id AND {_ENROLLED}
        JOIN accounts_setting s ON s.id = e.setting_id
        WHERE p.id IN (
            SELECT g.content_object_id FROM pupils_classstaff x
            JOIN pupils_classgroup c ON c.id = x.class_group_id AND (c.closed_at IS NULL OR c.closed_at > %(at)s)
            JOIN pupils_pupilgrouppermission g ON g.group_id = c.group_id AND {_live("g")}
            WHERE x.person_id = %(person)s AND {_live("x")}
            UNION ALL SELECT g.content_object_id FROM pupils_pupiluserpermission g
            WHERE g.user_id = %(person)s AND g.permission_id = %(key_adult)s AND {_live("g")})
        AND e.setting_id = ANY(ARRAY(
            SELECT m.setting_id FROM accounts_membership m JOIN accounts_user u ON u.id = m.person_id AND u.is_active
            WHERE m.person_id = %(person)s AND {_live("m")}))
        AND ({_UNDECIDED} OR {_WORKING}) AND {_UNRESTRICTED} {_END}""",
    "a parent": f"""
        SELECT p.id, p.family_name, p.given_name FROM pupils_pupiluserpermission g
        JOIN accounts_user u ON u.id = g.user_id AND u.is_active
        JOIN pupils_pupil p ON p.id = g.content_object_id
        LEFT JOIN pupils_enrolment e ON e.pupil_id = p.id AND {_ENROLLED}
        LEFT JOIN accounts_setting s ON s.id = e.setting_id
        WHERE g.user_id = %(person)s AND g.permission_id = %(parent_carer)s AND {_live("g")}
        AND ({_UNDECIDED} OR EXISTS (SELECT 1 FROM pupils_choice h WHERE h.pupil_id = p.id
            AND h.person_id = %(person)s AND h.voice = 'young_person' AND h.section = 'plan' AND h.answer = 'yes'
            AND {_live("h")}))
        AND {_UNRESTRICTED} {_END}""",
}


@dataclass(frozen=True)
class Case:
    """One person's first page in three ways."""

    name: str
    person: User
    rule: Callable[[], Rows]
    raw: Callable[[], Rows]
    guardian: Callable[[], Rows]


def statement(person: User, pupil: Pupil) -> Callable[[], Rows]:
    """The rule's own statement for one person, section and pupil, prepared, with nothing of the application around it."""
    sql, params = policy._listed("count(*)", person, Section.PLAN, AT)
    numbered, names = policy._numbered(f"{sql} AND rule.pupil_id = %(pupil)s")
    values = [{**params, "pupil": pupil.pk}[name] for name in names]
    connection.ensure_connection()

    def ask() -> Rows:
        with RawCursor(connection.connection) as cursor:  # type: ignore[arg-type]
            return cursor.execute(numbered, values, prepare=True).fetchall()

    return ask


def cases(authority: Authority) -> list[Case]:
    key_adult, parent_carer = permission(Relation.KEY_ADULT).pk, permission(Relation.PARENT_CARER).pk

    def case(name: str, pk: Any, relation: Relation) -> Case:
        person = User.objects.get(pk=pk)
        values = {"at": AT, "person": person.pk, "key_adult": key_adult, "parent_carer": parent_carer}

        def rule() -> Rows:
            found = policy.pupils_for(person, Section.PLAN, AT).order_by(*BY_NAME)[:PAGE]
            return list(found.values_list("pk", "family_name", "given_name"))

        def raw() -> Rows:
            with connection.cursor() as cursor:
                cursor.execute(RAW[name], values)
                return cursor.fetchall()

        def guardian() -> Rows:
            fresh = copy(
                person
            )  # permissions looked up earlier are remembered on the object, for one request
            found = get_objects_for_user(fresh, f"pupils.{relation.value}", Pupil).order_by(*BY_NAME)[:PAGE]
            return list(found.values_list("pk", "family_name", "given_name"))

        return Case(name, person, rule, raw, guardian)

    return [
        case("a SENCO", authority.senco, Relation.KEY_ADULT),
        case("a teacher", authority.teacher, Relation.KEY_ADULT),
        case("a parent", authority.parent, Relation.PARENT_CARER),
    ]
