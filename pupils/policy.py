"""Who may see and do what about a pupil, decided once, as SQL at an instant.

`CIRCLE` says who stands near whom, and on what ground; `RULE` opens sections on those grounds. Everything else
here (`pupils_for`, `why`, `people_for`, `can`, `User.has_perm`, the API's filter and permission classes) asks `RULE`
and adds nothing to it. Unrecorded means no.

Not decided here: whether a record is in a state for an action (that a closed cycle takes no new step is `apdr`'s).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Self
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import BooleanField, DateField, Exists, Field, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import RawCursor

from accounts.enums import Role
from accounts.models import Membership, Setting, User

from .enums import Answer, Ground, Relation, Section, Voice
from .models import (
    AccessLog,
    Capacity,
    Choice,
    Enrolment,
    Override,
    ParentCarer,
    Pupil,
    PupilUserPermission,
    Restriction,
)

Person = User | AnonymousUser

#: What each ground opens while the young person does not decide (design: the one rule).
OPENS: dict[Ground, frozenset[Section]] = {
    Ground.OWN: frozenset(Section),
    Ground.COORDINATES: frozenset(Section),
    Ground.TEACHES: frozenset(
        {Section.PROFILE, Section.PLAN, Section.STRATEGIES, Section.VIEWS, Section.NEEDS, Section.UPDATES}
    ),
    Ground.PARENT: frozenset(Section),
}

#: What these grounds can open, of what a choice or a recorded decision names.
NAMED: dict[Ground, frozenset[Section]] = {
    Ground.SHARED: frozenset(Section),
    Ground.OVERRIDE: frozenset(Section),
}

#: What a key adult keeps as a working view when the young person decides and the setting's policy allows it.
WORKING_VIEW = frozenset({Section.PROFILE, Section.PLAN, Section.STRATEGIES})


@dataclass(frozen=True)
class Action:
    """Something done to a pupil's record: the section it touches, and the grounds that suffice."""

    section: Section
    grounds: frozenset[Ground]
    by_choice: bool = True  #: whether a ground suffices that only a sharing choice opened


_STAFF = frozenset({Ground.COORDINATES, Ground.TEACHES})
_FAMILY = frozenset({Ground.OWN, Ground.PARENT})
_SENCO = frozenset({Ground.COORDINATES})

ACTIONS: dict[str, Action] = {
    # the pupil and their circle
    "edit_pupil": Action(Section.PROFILE, _SENCO),
    "edit_circle": Action(Section.PROFILE, _SENCO),
    "restrict": Action(Section.PROFILE, _SENCO),
    "reveal_upn": Action(Section.PROFILE, _SENCO),
    "write_profile": Action(Section.PROFILE, _STAFF | {Ground.OWN}),
    "read_who_looked": Action(Section.PROFILE, _SENCO | _FAMILY, by_choice=False),
    # who sees what: the young person's, the family's agreement before hand-over, and what a SENCO writes down
    "choose": Action(Section.PROFILE, frozenset({Ground.OWN})),
    "agree_to_share": Action(Section.PROFILE, frozenset({Ground.PARENT}), by_choice=False),
    "record_choice": Action(Section.PROFILE, _SENCO),
    "record_capacity": Action(Section.PROFILE, _SENCO),
    "prepare_hand_over": Action(Section.PROFILE, _SENCO),
    # assess
    "write_needs": Action(Section.NEEDS, _STAFF),
    "record_views": Action(Section.VIEWS, _STAFF),
    "say_views": Action(Section.VIEWS, _FAMILY),
    # plan
    "write_plan": Action(Section.PLAN, _STAFF),
    "write_strategies": Action(Section.STRATEGIES, _STAFF),
    "answer_strategy": Action(Section.STRATEGIES, _STAFF | _FAMILY),
    "write_funding": Action(Section.FUNDING, _SENCO),
    "say_funding": Action(Section.FUNDING, _FAMILY | _SENCO),
    "coordinate": Action(Section.PLAN, _SENCO),
    "see_drafts": Action(Section.PLAN, _STAFF),
    "answer_plan": Action(Section.PLAN, _FAMILY),
    "comment_plan": Action(Section.PLAN, _FAMILY | {Ground.SHARED}),
    "propose": Action(Section.PLAN, _FAMILY),
    "answer_proposal": Action(Section.PLAN, _STAFF),
    # do
    "log_progress": Action(Section.PLAN, _STAFF | _FAMILY),
    # review
    "judge": Action(Section.PLAN, _STAFF | _FAMILY),
    "hold_review": Action(Section.REVIEWS, _SENCO),
    # home and school
    "write_update": Action(Section.UPDATES, _STAFF | {Ground.PARENT, Ground.OWN}),
}

# A person near a pupil, on a ground. `open` says whether the ground opens its sections by itself at the instant: it
# does not where the young person decides. `working` says whether a key adult then keeps the working view. `voice` says
# whose choices count for this person at the instant: the young person's once they decide; before, the family's, for
# visiting professionals only; nobody's for the pupil themselves and for coordinators, who need none.
#
# The young person decides from the day the setting's policy names; whatever it names, no later than the 18th
# birthday, when parental responsibility ends. Where a pupil is enrolled nowhere, the earliest day counts; where nobody
# wrote down when they enter post-16 provision, the day after compulsory school age does. A competence record can make
# it earlier, never later.
_DECIDES_FROM = """least(p.competent_from, CASE s.control_trigger
        WHEN 'sixteenth' THEN least(p.turns_16_on, p.turns_18_on)
        WHEN 'school_leaving' THEN least(p.school_leaving_on + 1, p.turns_18_on)
        WHEN 'post16' THEN least(coalesce(p.post16_from, p.school_leaving_on + 1), p.turns_18_on)
        ELSE least(p.turns_16_on, p.school_leaving_on + 1, p.post16_from)
    END)"""
_DECIDES = f"({_DECIDES_FROM} <= %(day)s)"

_WORKING = """(CASE WHEN coalesce(p.post16_from, p.school_leaving_on + 1) <= %(day)s
        THEN s.working_view_in_post16 ELSE s.working_view_before_post16 END)"""

_CHOSEN_BY = f"CASE WHEN {_DECIDES} IS TRUE THEN 'young_person' END"
_CHOSEN_BY_EITHER = f"CASE WHEN {_DECIDES} IS TRUE THEN 'young_person' ELSE 'parents' END"


def _live(row: str) -> str:
    return f"({row}.starts_at <= %(at)s AND ({row}.ends_at IS NULL OR {row}.ends_at > %(at)s))"


def _relation(codename: str) -> str:
    return (
        "(SELECT a.id FROM auth_permission a JOIN django_content_type t ON t.id = a.content_type_id"
        f" WHERE t.app_label = 'pupils' AND t.model = 'pupil' AND a.codename = '{codename}')"
    )


_ENROLLED = "(e.starts_on <= %(day)s AND (e.ends_on IS NULL OR e.ends_on > %(day)s))"


def _unrestricted(person: str, pupil: str) -> str:
    return (
        f"NOT EXISTS (SELECT 1 FROM pupils_restriction r WHERE r.person_id = {person}"
        f" AND r.pupil_id = {pupil} AND {_live('r')})"
    )


_OWN = f"""
    SELECT g.content_object_id AS pupil_id, g.user_id AS person_id, 'own' AS ground,
           TRUE AS open, FALSE AS working, NULL AS voice, NULL AS via
    FROM pupils_pupiluserpermission g
    WHERE g.permission_id = {_relation("is_self")} AND {_live("g")}"""

_COORDINATES = f"""
    SELECT e.pupil_id, m.person_id, 'coordinates', TRUE, FALSE, NULL, s.name
    FROM accounts_membership m
    JOIN accounts_setting s ON s.id = m.setting_id
    JOIN pupils_enrolment e ON e.setting_id = m.setting_id AND {_ENROLLED}
    WHERE m.role = 'senco' AND {_live("m")}"""

# A key adult, alone. Membership of the pupil's setting is asked for as well, so that neither a pupil who moves nor an
# adult who leaves keeps anything.
_TEACHES_ALONE = f"""
    SELECT g.content_object_id, g.user_id, 'teaches', {_DECIDES} IS NOT TRUE, {_WORKING}, {_CHOSEN_BY}, NULL
    FROM pupils_pupiluserpermission g
    JOIN pupils_pupil p ON p.id = g.content_object_id
    JOIN pupils_enrolment e ON e.pupil_id = g.content_object_id AND {_ENROLLED}
    JOIN accounts_setting s ON s.id = e.setting_id
    WHERE g.permission_id = {_relation("is_key_adult")} AND {_live("g")}
      AND EXISTS (SELECT 1 FROM accounts_membership m WHERE m.person_id = g.user_id
                  AND m.setting_id = e.setting_id AND {_live("m")})
      AND {_unrestricted("g.user_id", "g.content_object_id")}"""

_TEACHES_CLASS = f"""
    SELECT g.content_object_id, x.person_id, 'teaches', {_DECIDES} IS NOT TRUE, {_WORKING}, {_CHOSEN_BY}, c.name
    FROM pupils_classstaff x
    JOIN pupils_classgroup c ON c.id = x.class_group_id AND (c.closed_at IS NULL OR c.closed_at > %(at)s)
    JOIN pupils_pupilgrouppermission g ON g.group_id = c.group_id
    JOIN pupils_pupil p ON p.id = g.content_object_id
    JOIN pupils_enrolment e ON e.pupil_id = g.content_object_id AND e.setting_id = c.setting_id AND {_ENROLLED}
    JOIN accounts_setting s ON s.id = e.setting_id
    WHERE g.permission_id = {_relation("is_key_adult")} AND {_live("g")} AND {_live("x")}
      AND EXISTS (SELECT 1 FROM accounts_membership m WHERE m.person_id = x.person_id
                  AND m.setting_id = c.setting_id AND {_live("m")})
      AND {_unrestricted("x.person_id", "g.content_object_id")}"""

_PUPIL_AND_POLICY = f"""JOIN pupils_pupil p ON p.id = g.content_object_id
    LEFT JOIN pupils_enrolment e ON e.pupil_id = g.content_object_id AND {_ENROLLED}
    LEFT JOIN accounts_setting s ON s.id = e.setting_id"""

_PARENT = f"""
    SELECT g.content_object_id, g.user_id, 'parent', {_DECIDES} IS NOT TRUE, FALSE, {_CHOSEN_BY}, NULL
    FROM pupils_pupiluserpermission g
    {_PUPIL_AND_POLICY}
    WHERE g.permission_id = {_relation("is_parent_carer")} AND {_live("g")}
      AND {_unrestricted("g.user_id", "g.content_object_id")}"""

# Visiting professionals stand in the circle, and nothing opens on this ground: only a sharing choice does.
_PROFESSIONAL = f"""
    SELECT g.content_object_id, g.user_id, 'professional', FALSE, FALSE, {_CHOSEN_BY_EITHER}, NULL
    FROM pupils_pupiluserpermission g
    {_PUPIL_AND_POLICY}
    WHERE g.permission_id = {_relation("is_professional")} AND {_live("g")}
      AND {_unrestricted("g.user_id", "g.content_object_id")}"""

#: Everybody near a pupil, each on their grounds. Only active people are near anybody.
CIRCLE = "SELECT n.* FROM ({}) n JOIN accounts_user u ON u.id = n.person_id AND u.is_active".format(
    "\n    UNION ALL".join([_OWN, _COORDINATES, _TEACHES_ALONE, _TEACHES_CLASS, _PARENT, _PROFESSIONAL])
)


def _list(names: Iterable[str]) -> str:
    return "ARRAY[" + ", ".join(f"'{name}'" for name in sorted(names)) + "]::text[]"


# What a ground opens by itself, and what a working view keeps.
_OPENED = ", ".join(
    f"('{section.value}', {_list(ground.value for ground, opened in OPENS.items() if section in opened)},"
    f" {_list([Ground.TEACHES.value] if section in WORKING_VIEW else [])})"
    for section in Section
)


def _later(than: str, same_recipient: str) -> str:
    """A choice about the same section of the same pupil, made later than `than` and begun."""
    return (
        f"EXISTS (SELECT 1 FROM pupils_choice l WHERE l.pupil_id = {than}.pupil_id AND l.voice = {than}.voice"
        f" AND l.section = {than}.section AND l.starts_at <= %(at)s AND {same_recipient})"
    )


# A decision that somebody else makes under a capacity record holds no longer than the record, and for its sections.
_CAPACITY_HOLDS = (
    "k.starts_at <= %(at)s AND k.review_on > %(day)s AND (k.ended_at IS NULL OR k.ended_at > %(at)s)"
)

# The choices in force for somebody near a pupil, where the choices of `c.voice` count: the latest that has begun. A
# choice for all teachers opens to those about whom nothing was chosen by name; a later no to all of them closes to
# each. What was chosen once and is over does not come back.
_NAMED_LATER = _later("h", "l.person_id = h.person_id AND l.number > h.number")
_ALL_CLOSED_LATER = _later("h", "l.kind = 'teachers' AND l.answer <> 'yes' AND l.number > h.number")
_ALL_LATER = _later("h", "l.kind = 'teachers' AND l.number > h.number")
_BY_NAME = _later("h", "l.person_id = c.person_id")
_CHOSEN = f"""
    SELECT h.section FROM pupils_choice h
    WHERE c.voice IS NOT NULL AND h.pupil_id = c.pupil_id AND h.voice = c.voice
      AND h.answer = 'yes' AND {_live("h")}
      AND ((h.person_id = c.person_id AND NOT {_NAMED_LATER} AND NOT (c.ground = 'teaches' AND {_ALL_CLOSED_LATER}))
        OR (h.kind = 'teachers' AND c.ground = 'teaches' AND NOT {_ALL_LATER} AND NOT {_BY_NAME}))
      AND (h.capacity_id IS NULL OR EXISTS (SELECT 1 FROM pupils_capacity k WHERE k.id = h.capacity_id
           AND h.section = ANY(k.sections) AND {_CAPACITY_HOLDS}))"""

# What a recorded decision opens to somebody it names: a confirmed safeguarding disclosure, and a capacity record to
# whoever decides. Both end by themselves. `via` says of a disclosure whether the young person was told of it yet.
# The sections are unnested in FROM, as text: else the database finds all sections of everybody before it looks for one.
_RECORDED = f"""
    SELECT v.pupil_id, v.person_id, 'override' AS ground, named.section::text AS section,
           CASE WHEN v.told_at <= %(at)s THEN 'told' ELSE 'untold' END AS via
    FROM pupils_override v JOIN accounts_user u ON u.id = v.person_id AND u.is_active
    CROSS JOIN LATERAL unnest(v.sections) AS named(section)
    WHERE v.confirmed_at <= %(at)s AND v.ends_at > %(at)s AND (v.ended_at IS NULL OR v.ended_at > %(at)s)
      AND {_unrestricted("v.person_id", "v.pupil_id")}
    UNION ALL
    SELECT k.pupil_id, k.decider_id, 'override', named.section::text, NULL
    FROM pupils_capacity k JOIN accounts_user u ON u.id = k.decider_id AND u.is_active
    CROSS JOIN LATERAL unnest(k.sections) AS named(section)
    WHERE {_CAPACITY_HOLDS} AND {_unrestricted("k.decider_id", "k.pupil_id")}"""

#: One row per pupil, person, ground and section: the rule. Somebody to whom their ground opens nothing now has one row
#: with no section. Sections stand one to a row, so that to ask for one section walks the circle once. `chosen` says
#: that only a sharing choice opened it: on the ground that somebody has anyway, where that ground could open it, else
#: on `shared`, by whose choice `via` says.
RULE = f"""
    SELECT c.pupil_id, c.person_id, coalesce(o.ground, c.ground) AS ground, o.section, o.via,
           coalesce(o.chosen, FALSE) AS chosen
    FROM ({CIRCLE}) c
    LEFT JOIN LATERAL (
        SELECT o.section, c.ground, c.via, FALSE AS chosen FROM (VALUES {_OPENED}) AS o(section, opened_by, kept_by)
        WHERE (c.open AND c.ground = ANY(o.opened_by)) OR (c.working AND c.ground = ANY(o.kept_by))
        UNION ALL
        SELECT o.section, CASE WHEN c.ground = ANY(o.opened_by) THEN c.ground ELSE 'shared' END,
               CASE WHEN c.ground = ANY(o.opened_by) THEN c.via ELSE c.voice END, TRUE
        FROM ({_CHOSEN}) h JOIN (VALUES {_OPENED}) AS o(section, opened_by, kept_by) ON o.section = h.section
    ) o ON TRUE
    UNION ALL
    SELECT d.pupil_id, d.person_id, d.ground, d.section, d.via, FALSE FROM ({_RECORDED}) d"""


#: Whether somebody is written down as family of a pupil, now or once: what they hear as a teacher stays a parent's.
_IS_FAMILY = f"""(EXISTS (SELECT 1 FROM pupils_parentcarer f
        WHERE f.pupil_id = rule.pupil_id AND f.person_id = rule.person_id)
    OR EXISTS (SELECT 1 FROM pupils_pupiluserpermission f
        WHERE f.content_object_id = rule.pupil_id AND f.user_id = rule.person_id
          AND f.permission_id = {_relation("is_parent_carer")}))"""


def _instant(at: datetime) -> dict[str, Any]:
    return {"at": at, "day": timezone.localdate(at)}


class _Prepared(RawCursor[tuple[Any, ...]]):
    """A cursor whose statements the database plans once per connection.

    To plan the rule takes it twenty times as long as to answer it.
    """

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        if self.connection.prepare_threshold is None:  # else psycopg prepares nothing, even where asked to
            self.connection.prepare_threshold = 0
        return super().execute(query, params, **{**options, "prepare": True})


@cache
def _numbered(sql: str) -> tuple[str, list[str]]:
    """A statement with its named parameters numbered, as the database itself writes them; and the names in turn."""
    names: list[str] = []

    class Numbers(dict[str, str]):
        def __missing__(self, name: str) -> str:
            names.append(name)
            return self.setdefault(name, f"${len(names)}")

    return sql % Numbers(), names


def _rows(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    numbered, names = _numbered(sql)
    connection.ensure_connection()
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with wrap(_Prepared(connection.connection)) as cursor:  # type: ignore[arg-type]
        cursor.execute(numbered, [params[name] for name in names])
        return cursor.fetchall()


class _Named(RawSQL):
    """Raw SQL with named parameters, which `RawSQL` passes on only as a sequence."""

    def __init__(
        self, sql: str, params: dict[str, Any], output_field: "Field[Any, Any] | None" = None
    ) -> None:
        names: list[str] = []

        class Positions(dict[str, str]):
            def __missing__(self, name: str) -> str:
                names.append(name)
                return "%s"

        positional = sql % Positions()
        super().__init__(positional, [params[name] for name in names], output_field)


def pupils_for(person: Person, wanted: Section | str | None, at: datetime) -> QuerySet[Pupil]:
    """The pupils of whom `person` may see a section, or do an action, at an instant.

    `wanted` is a Section, the name of an action, or None for everybody in whose circle the person stands.
    One query finds who they are, now; the queryset that is returned looks no further.
    Raises ValueError for a name that is neither.
    """
    if not person.is_authenticated:
        return Pupil.objects.none()
    # The ids travel back as the text they came as: hundreds cost next to nothing, and the page's own query stays small.
    [[ids]] = _rows(*_listed("array_agg(DISTINCT rule.pupil_id)::text", person, wanted, at))
    return Pupil.objects.filter(pk__in=RawSQL("SELECT unnest(%s::uuid[])", [ids]))


def _listed(
    what: str, person: Person, wanted: Section | str | None, at: datetime
) -> tuple[str, dict[str, Any]]:
    sql = f"SELECT {what} FROM ({RULE}) rule WHERE rule.person_id = %(person)s"
    params = {"person": person.pk, **_instant(at)}
    if wanted is not None:
        section, grounds = meaning(wanted)
        sql += " AND rule.section = %(section)s AND rule.ground = ANY(%(grounds)s)"
        params |= {"section": section.value, "grounds": [g.value for g in grounds]}
        if wanted in ACTIONS and not ACTIONS[wanted].by_choice:
            sql += " AND NOT rule.chosen"
    return sql, params


def meaning(wanted: Section | str) -> tuple[Section, frozenset[Ground]]:
    """The section that something wanted lies in, and the grounds that suffice. Raises ValueError for an unknown name."""
    if wanted in ACTIONS:
        action = ACTIONS[wanted]
        return action.section, action.grounds
    return Section(wanted), frozenset(Ground)


@dataclass(frozen=True)
class Reason:
    """A ground, in words the person can read. `chosen`: only a sharing choice opened it."""

    ground: Ground
    via: str = ""
    chosen: bool = False

    @property
    def untold(self) -> bool:
        """A safeguarding disclosure of which the young person was not told yet: nobody else is told of it either."""
        return self.ground is Ground.OVERRIDE and self.via == "untold"

    @property
    def safeguarding(self) -> bool:
        """A safeguarding disclosure, told or not: the young person alone is ever told of it, once it is told."""
        return self.ground is Ground.OVERRIDE and self.via in ("told", "untold")

    @property
    def role(self) -> str:
        """What the ground makes of somebody, to other people."""
        if self.ground is Ground.OVERRIDE:
            return _("to keep you safe") if self.safeguarding else _("decides about this for now")
        return {
            Ground.OWN: _("whose plan this is"),
            Ground.COORDINATES: _("SENCO"),
            Ground.TEACHES: _("teaches %(via)s") % {"via": self.via} if self.via else _("key adult"),
            Ground.PARENT: _("parent carer"),
        }.get(self.ground, _("shared with"))

    def words(self, pupil: Pupil) -> str:
        """What comes after "You can see this because", such as "you teach Ada in 9B"."""
        told = self._words(pupil)
        if self.chosen and self.ground is not Ground.SHARED:
            return _("%(told)s and %(pupil)s chose to share it with you") % {
                "told": told,
                "pupil": pupil.called,
            }
        return told

    def _words(self, pupil: Pupil) -> str:
        name = pupil.called
        match self.ground:
            case Ground.OWN:
                return _("it is about you")
            case Ground.COORDINATES:
                return _("you are the SENCO at %(via)s") % {"via": self.via}
            case Ground.TEACHES if self.via:
                return _("you teach %(name)s in %(via)s") % {"name": name, "via": self.via}
            case Ground.TEACHES:
                return _("you are a key adult for %(name)s") % {"name": name}
            case Ground.PARENT:
                return _("you are %(name)s’s parent carer") % {"name": name}
            case Ground.SHARED:
                if self.via == Voice.PARENTS:
                    return _("%(name)s’s family agreed to share it with you") % {"name": name}
                return _("%(name)s’s choices share it with you") % {"name": name}
            case _:
                return _("a recorded decision names you")


_ORDER = list(Ground)


@dataclass(frozen=True)
class Sight:
    """What one person sees of one pupil at one instant, and why. Empty `reasons` with `near`: in the circle only.

    `family`: they are written down as family of the pupil, whatever else they are and whatever opens a section.
    """

    person: User
    pupil: Pupil
    at: datetime
    near: bool
    reasons: dict[Section, list[Reason]] = field(default_factory=dict)
    #: The young person, where they look through these eyes (`through`).
    looker: "Sight | None" = None
    family: bool = False

    @property
    def eyes(self) -> "list[Sight]":
        """Everybody who reads what this sight shows: the person and, where it is looked through, who looks."""
        return [self] if self.looker is None else [self, self.looker]

    @property
    def sections(self) -> list[Section]:
        return [s for s in Section if s in self.reasons]

    def sees(self, section: Section | str) -> bool:
        return section in self.reasons

    def may(self, action: str) -> bool:
        """Whether the person may do an action of `ACTIONS`. Raises KeyError for an unknown one."""
        wanted = ACTIONS[action]
        return any(
            r.ground in wanted.grounds and (wanted.by_choice or not r.chosen)
            for r in self.reasons.get(wanted.section, [])
        )

    @property
    def given(self) -> bool:
        """Whether something was shared with them beyond what their own ground could open, and they are nobody's family."""
        return not self.family and any(Ground.SHARED in self.grounds(section) for section in self.sections)

    def grounds(self, section: Section | str) -> set[Ground]:
        return {r.ground for r in self.reasons.get(Section(section), [])}

    def because(self, section: Section | str) -> str:
        """The strongest reason to see a section, as words after "You can see this because"."""
        return self.reasons[Section(section)][0].words(self.pupil)

    def heard(self, section: Section | str, by: str = "by", audience: bool = False) -> Q:
        """Which of people's words in a section this person hears, as a filter on a model that has a `household`.

        `by` is the field that says whose words they are; `audience` says whether the model has that field.
        Coordinators hear all. Nobody else hears what was said to the SENCO alone unless they said it, and a parent
        carer, also where only that they teach opens the section, hears no other household, nor a parent carer of whom no
        household is written down (domain: talking with families). Where somebody else looks through these eyes, only
        what both hear is heard.
        """
        both = Q()
        for one in self.eyes:
            both &= one._hears(section, by, audience)
        return both

    def _hears(self, section: Section | str, by: str, audience: bool) -> Q:
        grounds = self.grounds(section)
        if Ground.COORDINATES in grounds:
            return Q()
        heard = Q(audience="everyone") if audience else Q()
        if self.family or not grounds & {Ground.OWN, Ground.TEACHES}:
            own = self.person.children.filter(pupil=self.pupil).values("household")
            heard &= (Q(household=None) & ~Q(perspective="parent")) | Q(household__in=own)
        # An empty Q is not "everything": joined to another by "or", it is only that other.
        return heard | Q(**{by: self.person.pk}) if heard else Q()


class NotThisSection(PermissionDenied):
    """In the circle, but not for this. Says why in plain words and nothing of whether anything is there.

    `section` is the one that is closed, where it is one; what somebody can do about it is `pupils.requests`' to say.
    """

    def __init__(self, pupil: Pupil, section: Section | None = None) -> None:
        self.pupil, self.section = pupil, section
        super().__init__(
            _("This part of %(pupil)s’s record is not open to you. You can ask to see it, and say why.")
            % {"pupil": pupil.called}
        )


def sights(person: Person, pupils: Iterable[Pupil], at: datetime) -> dict[UUID, Sight]:
    """What `person` sees of each of `pupils`, by pupil id, in one query."""
    found = {p.pk: p for p in pupils}
    if not person.is_authenticated or not found:
        return {}
    rows = _rows(
        f"SELECT rule.pupil_id, {_IS_FAMILY}, rule.section, rule.ground, rule.via, rule.chosen FROM ({RULE}) rule"
        " WHERE rule.person_id = %(person)s AND rule.pupil_id = ANY(%(pupils)s)",
        {"person": person.pk, "pupils": list(found), **_instant(at)},
    )
    here: dict[UUID, list[tuple[Any, ...]]] = {}
    family = {pupil_id for pupil_id, theirs, *__ in rows if theirs}
    for pupil_id, __, *opened in rows:
        here.setdefault(pupil_id, []).append(tuple(opened))
    return {
        pk: Sight(person, found[pk], at, pk in here, _reasons(here.get(pk, [])), family=pk in family)
        for pk in found
    }


def _reasons(rows: Iterable[tuple[Any, ...]]) -> dict[Section, list[Reason]]:
    """Rows of the rule (section, ground, via, chosen) of one person and pupil as reasons, the strongest first."""
    found: dict[Section, list[Reason]] = {}
    for section, ground, via, chosen in rows:
        if section is not None:
            reason = Reason(Ground(ground), via or "", chosen)
            here = found.setdefault(Section(section), [])
            if reason not in here:
                here.append(reason)
    for here in found.values():
        here.sort(key=lambda r: (_ORDER.index(r.ground), r.via, r.chosen))
    return found


def sights_each(pupils: Iterable[UUID], at: datetime) -> dict[UUID, list[Sight]]:
    """What everybody near each of these pupils sees of them, by pupil id: `sights` the other way round, in 3 queries."""
    wanted = list(pupils)
    rows = _rows(
        f"SELECT rule.pupil_id, rule.person_id, {_IS_FAMILY}, rule.section, rule.ground, rule.via, rule.chosen"
        f" FROM ({RULE}) rule WHERE rule.pupil_id = ANY(%(pupils)s)",
        {"pupils": wanted, **_instant(at)},
    )
    here: dict[tuple[UUID, UUID], list[tuple[Any, ...]]] = {}
    family = {(pupil_id, person_id) for pupil_id, person_id, theirs, *__ in rows if theirs}
    for pupil_id, person_id, __, *opened in rows:
        here.setdefault((pupil_id, person_id), []).append(tuple(opened))
    people = User.objects.select_related("preferences").in_bulk({person for __, person in here})
    of, found = Pupil.objects.in_bulk(wanted), {pk: [] for pk in wanted}
    for (pupil, person), opened in sorted(here.items(), key=lambda pair: pair[0]):
        sight = Sight(people[person], of[pupil], at, near=True, reasons=_reasons(opened))
        found[pupil].append(replace(sight, family=(pupil, person) in family))
    return found


def why(person: Person, pupil: Pupil, at: datetime) -> Sight:
    """Which sections of a pupil a person sees at an instant, each with its grounds in words."""
    return sights(person, [pupil], at).get(pupil.pk) or Sight(person, pupil, at, near=False)  # type: ignore[arg-type]


def can(person: Person, wanted: Section | str, pupil: Pupil, at: datetime) -> bool:
    """Whether a person may see a section of, or do an action to, one pupil: the list's answer for that pupil."""
    if not person.is_authenticated:
        return False
    sql, params = _listed("count(*)", person, wanted, at)
    [[found]] = _rows(f"{sql} AND rule.pupil_id = %(pupil)s", {**params, "pupil": pupil.pk})
    return bool(found)


def require(person: Person, wanted: Section | str | None, pupil: Pupil, at: datetime) -> Sight:
    """The person's sight of a pupil, when they may see or do `wanted`; None: when they stand in the circle.

    Raises Http404 outside the circle and NotThisSection inside it.
    """
    return passed(why(person, pupil, at), wanted)


def passed(sight: Sight, wanted: Section | str | None) -> Sight:
    """A sight, when it suffices for `wanted`. Raises as `require`."""
    if not sight.near:
        raise Http404
    if wanted is None:
        return sight
    section, __ = meaning(wanted)
    if not (sight.may(wanted) if wanted in ACTIONS else sight.sees(wanted)):
        raise NotThisSection(sight.pupil, None if sight.sees(section) else section)
    return sight


def through(person: User, looker: Sight, at: datetime) -> Sight:
    """What a person sees of a pupil at an instant, for the young person to look at.

    It is the rule's own answer for that person, less a disclosure that the young person is not told of; and whoever
    looks hears in it no words that they do not hear themselves (`Sight.heard`).
    """
    sight = why(person, looker.pupil, at)
    told = {
        section: [reason for reason in reasons if not reason.untold]
        for section, reasons in sight.reasons.items()
    }
    return replace(sight, reasons={section: here for section, here in told.items() if here}, looker=looker)


def people_for(pupil: Pupil, section: Section, at: datetime) -> list[tuple[User, Reason]]:
    """Who would see a section of a pupil at an instant, each on their strongest ground, by ground and name.

    The whole answer of the rule: what of it a reader is told is `told_of`'s.
    """
    return people_by_section(pupil, [section], at)[section]


def people_by_section(
    pupil: Pupil, sections: Iterable[Section], at: datetime
) -> dict[Section, list[tuple[User, Reason]]]:
    """`people_for` of several sections, in one query. Of each person what they are called is read, the rest when asked."""
    wanted = list(sections)
    rows = _rows(
        f"SELECT rule.section, rule.ground, rule.via, rule.chosen, p.id, p.name, p.known_as FROM ({RULE}) rule"
        " JOIN accounts_user p ON p.id = rule.person_id"
        " WHERE rule.pupil_id = %(pupil)s AND rule.section = ANY(%(sections)s)",
        {"pupil": pupil.pk, "sections": [s.value for s in wanted], **_instant(at)},
    )
    people: dict[UUID, User] = {}
    best: dict[Section, dict[UUID, Reason]] = {section: {} for section in wanted}
    for name, ground, via, chosen, *person in sorted(
        rows, key=lambda r: (_ORDER.index(Ground(r[1])), r[2] or "", r[3])
    ):
        people.setdefault(person[0], User.from_db(None, ["id", "name", "known_as"], person))
        best[Section(name)].setdefault(person[0], Reason(Ground(ground), via or "", chosen))
    return {
        section: sorted(
            ((people[pk], reason) for pk, reason in here.items()),
            key=lambda pair: (_ORDER.index(pair[1].ground), pair[0].name),
        )
        for section, here in best.items()
    }


def near(pupil: Pupil, grounds: set[str], at: datetime) -> list[tuple[User, set[str]]]:
    """Those who stand near a pupil on one of these grounds of `CIRCLE`, by name, each with theirs: 2 queries.

    Nothing is said of what is open to them. `professional` is a ground of the circle and opens nothing by itself.
    """
    rows = _rows(
        f"SELECT DISTINCT c.person_id, c.ground FROM ({CIRCLE}) c"
        " WHERE c.pupil_id = %(pupil)s AND c.ground = ANY(%(near)s)",
        {"pupil": pupil.pk, "near": sorted(grounds), **_instant(at)},
    )
    found: dict[UUID, set[str]] = {}
    for person_id, ground in rows:
        found.setdefault(person_id, set()).add(ground)
    return [(person, found[person.pk]) for person in User.objects.filter(pk__in=found).order_by("name", "pk")]


def visits(sight: Sight) -> bool:
    """Whether somebody is a visiting professional with whom something is shared, and nobody of the family: 1 query where
    something is. A teacher to whom a choice opened more than their work does is none.
    """
    pupil = sight.pupil.pk
    return sight.given and sight.person.pk in near_each([pupil], {"professional"}, sight.at)[pupil]


def near_as(person: User, at: datetime) -> dict[Relation, list[Pupil]]:
    """The pupils near whom a person stands by themselves, as what, by name: 1 query. Classes and settings are not asked.

    Nothing is said of what is open to them, nor of whom a restriction shuts out: `sights` says that.
    """
    live = Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))
    rows = PupilUserPermission.objects.filter(live, user=person.pk).select_related(
        "permission", "content_object__page"
    )
    found: dict[Relation, list[Pupil]] = {}
    for row in rows.order_by("content_object__given_name", "content_object__family_name", "content_object"):
        found.setdefault(Relation(row.permission.codename), []).append(row.content_object)
    return found


def near_each(pupils: Iterable[UUID], grounds: set[str], at: datetime) -> dict[UUID, dict[UUID, set[str]]]:
    """`near` of several pupils, all by id, in one query: for each pupil the people, each with their grounds."""
    found: dict[UUID, dict[UUID, set[str]]] = {pk: {} for pk in pupils}
    rows = _rows(
        f"SELECT DISTINCT c.pupil_id, c.person_id, c.ground FROM ({CIRCLE}) c"
        " WHERE c.pupil_id = ANY(%(pupils)s) AND c.ground = ANY(%(near)s)",
        {"pupils": list(found), "near": sorted(grounds), **_instant(at)},
    )
    for pupil_id, person_id, ground in rows:
        found[pupil_id].setdefault(person_id, set()).add(ground)
    return found


def one_near(pupil: Pupil, person_id: UUID, grounds: set[str], at: datetime) -> User | None:
    """The person, if they stand near a pupil on one of these grounds of `CIRCLE`: 1 query."""
    sql = (
        f"EXISTS (SELECT 1 FROM ({CIRCLE}) c WHERE c.pupil_id = %(pupil)s AND c.person_id = accounts_user.id"
        " AND c.ground = ANY(%(near)s))"
    )
    params = {"pupil": pupil.pk, "near": sorted(grounds), **_instant(at)}
    return User.objects.filter(_Named(sql, params, BooleanField()), pk=person_id).first()


def own_record(person: User, pupil_id: UUID, at: datetime) -> tuple[Sight, date] | None:
    """The sight of whoever this record is about, and the day from which they decide; None for others: 1 query."""
    sql = (
        f"EXISTS (SELECT 1 FROM ({CIRCLE}) c WHERE c.pupil_id = pupils_pupil.id AND c.person_id = %(person)s"
        " AND c.ground = 'own')"
    )
    own = _Named(sql, {"person": person.pk, **_instant(at)}, BooleanField())
    pupil: Any = with_day(Pupil.objects.filter(own, pk=pupil_id), at).first()
    if pupil is None:
        return None
    opened = {section: [Reason(Ground.OWN)] for section in Section}  # all of it is theirs
    return Sight(person, pupil, at, near=True, reasons=opened), pupil.decides_on


Asked = tuple[bool, list[tuple[UUID, str, Section]]]


def asked_for(pupil: Pupil, at: datetime) -> Asked:
    """Whether the young person decides, and what was asked and waits, oldest first: the request, who asked, for which
    section. 1 query.

    Only of those who stand near the pupil still and whom nothing has given the section meanwhile. A safeguarding
    disclosure does not count as such: a request that went because of one would tell of it.
    """
    return asked_each([pupil.pk], at)[pupil.pk]


def asked_each(pupils: Iterable[UUID], at: datetime) -> dict[UUID, Asked]:
    """`asked_for` of several pupils, by id, in one query."""
    wanted = list(pupils)
    rows = _rows(
        "WITH near AS MATERIALIZED"
        f" (SELECT rule.pupil_id, rule.person_id, rule.section FROM ({RULE}) rule"
        " WHERE rule.pupil_id = ANY(%(pupils)s) AND (rule.ground <> 'override' OR rule.via IS NULL))"
        f" SELECT p.id, {_DECIDES} IS TRUE, w.id, w.name, w.section FROM pupils_pupil p"
        f" LEFT JOIN pupils_enrolment e ON e.pupil_id = p.id AND {_ENROLLED}"
        " LEFT JOIN accounts_setting s ON s.id = e.setting_id"
        " LEFT JOIN LATERAL"
        " (SELECT q.id, u.name, q.section, q.asked_at FROM pupils_sharingrequest q"
        " JOIN accounts_user u ON u.id = q.asker_id WHERE q.pupil_id = p.id AND q.answered_at IS NULL"
        " AND EXISTS (SELECT 1 FROM near WHERE near.pupil_id = p.id AND near.person_id = q.asker_id)"
        " AND NOT EXISTS (SELECT 1 FROM near WHERE near.pupil_id = p.id AND near.person_id = q.asker_id"
        " AND near.section = q.section)"
        ") w ON TRUE WHERE p.id = ANY(%(pupils)s) ORDER BY w.asked_at, w.id",
        {"pupils": wanted, **_instant(at)},
    )
    decides, waits = set(), {pk: [] for pk in wanted}
    for pupil_id, theirs, pk, name, section in rows:
        if theirs:
            decides.add(pupil_id)
        if pk is not None:
            waits[pupil_id].append((pk, name, Section(section)))
    return {pk: (pk in decides, waits[pk]) for pk in wanted}


def told_of(people: Iterable[tuple[User, Reason]], to: Sight | None = None) -> list[tuple[User, Reason]]:
    """Of those who see a section, the ones whom a page may name to a reader.

    A safeguarding disclosure is named to the young person alone, from the moment that they were told of it; to
    everybody else, and where nobody says who reads, it is named never.
    """
    own = to is not None and Ground.OWN in to.grounds(Section.PROFILE)
    return [(who, why) for who, why in people if not why.safeguarding or (own and not why.untold)]


def decides(pupil: Pupil, at: datetime) -> bool:
    """Whether the young person decides who sees their record, from an instant on: the rule's own condition."""
    from_on = decides_from(pupil, at)
    return from_on is not None and from_on <= timezone.localdate(at)


def decides_from(pupil: Pupil, at: datetime) -> date | None:
    """The day from which the young person decides, as the setting of an instant has it: the rule's own condition."""
    rows = _rows(
        f"SELECT {_DECIDES_FROM} FROM pupils_pupil p"
        f" LEFT JOIN pupils_enrolment e ON e.pupil_id = p.id AND {_ENROLLED}"
        " LEFT JOIN accounts_setting s ON s.id = e.setting_id WHERE p.id = %(pupil)s",
        {"pupil": pupil.pk, **_instant(at)},
    )
    return rows[0][0] if rows else None


def they_decide(sight: Sight) -> bool:
    """Whether the young person decides at the instant of a sight; as few queries as `day_of`."""
    return day_of(sight) <= timezone.localdate(sight.at)


def day_of(sight: Sight) -> date:
    """The day from which the young person decides; no query where the pupil was read with it (`with_day`)."""
    day = getattr(sight.pupil, "decides_on", None) if sight.looker is None else None
    day = day or decides_from(sight.pupil, sight.at)
    assert day is not None  # everybody turns 18
    return day


def decide_from(pupils: Iterable[Pupil], at: datetime) -> dict[UUID, date]:
    """`decides_from` of several pupils, by id, in one query."""
    return dict(
        _rows(
            f"SELECT p.id, {_DECIDES_FROM} FROM pupils_pupil p"
            f" LEFT JOIN pupils_enrolment e ON e.pupil_id = p.id AND {_ENROLLED}"
            " LEFT JOIN accounts_setting s ON s.id = e.setting_id WHERE p.id = ANY(%(pupils)s)",
            {"pupils": [pupil.pk for pupil in pupils], **_instant(at)},
        )
    )


def by_day_of_deciding(pupils: QuerySet[Pupil], first: date, last: date, at: datetime) -> QuerySet[Any]:
    """Of some pupils, those who begin to decide on [first, last], each with the day as `decides_on`."""
    return with_day(pupils, at).filter(decides_on__gte=first, decides_on__lte=last)


def with_day(pupils: QuerySet[Pupil], at: datetime) -> QuerySet[Any]:
    """Some pupils, each with the day from which they decide as `decides_on`: the rule's own condition."""
    day = f"""(SELECT {_DECIDES_FROM} FROM pupils_pupil p
        LEFT JOIN pupils_enrolment e ON e.pupil_id = p.id AND {_ENROLLED}
        LEFT JOIN accounts_setting s ON s.id = e.setting_id WHERE p.id = pupils_pupil.id)"""
    return pupils.annotate(decides_on=_Named(day, _instant(at), DateField()))


@dataclass(frozen=True)
class Kept:
    """What a parent carer keeps of the plans they were given: these sections of versions shared before an instant."""

    sections: frozenset[Section]
    before: datetime


#: The sections that a shared version holds.
_IN_VERSIONS = frozenset({Section.PLAN, Section.STRATEGIES, Section.NEEDS, Section.FUNDING})


def kept(person: Person, pupil: Pupil, at: datetime) -> Kept | None:
    """What a parent carer keeps reading of the plans they had before the young person began to decide, or None.

    Only where the pupil's setting has it so, for whoever is their parent carer now and, by the rule, read the plan on
    that ground until the moment before. What the young person answered to this person by name since goes before it:
    a no, a "not each time", and a yes that is over all close the section in the versions too.
    """
    rows = _rows(
        f"""SELECT {_DECIDES_FROM} FROM pupils_pupil p
        JOIN pupils_enrolment e ON e.pupil_id = p.id AND {_ENROLLED}
        JOIN accounts_setting s ON s.id = e.setting_id AND s.parents_keep_versions
        WHERE p.id = %(pupil)s AND {_DECIDES} AND EXISTS (
            SELECT 1 FROM ({CIRCLE}) c
            WHERE c.pupil_id = p.id AND c.person_id = %(person)s AND c.ground = 'parent')""",
        {"pupil": pupil.pk, "person": person.pk, **_instant(at)},
    )
    if not rows:
        return None
    before = timezone.make_aware(datetime.combine(rows[0][0], time()))
    had = why(person, pupil, before - timedelta(microseconds=1))
    given = {s for s in _IN_VERSIONS if Reason(Ground.PARENT) in had.reasons.get(s, [])}
    sections = given - _answered_since(person, pupil, at)
    return Kept(frozenset(sections), before) if Section.PLAN in sections else None


def _answered_since(person: Person, pupil: Pupil, at: datetime) -> set[Section]:
    """The sections that the young person's latest answer to somebody by name does not open now."""
    latest: dict[str, Choice] = {}
    chosen = Choice.objects.filter(pupil=pupil, voice=Voice.YOUNG_PERSON, person=person.pk, starts_at__lte=at)
    for choice in chosen.order_by("number"):
        latest[choice.section] = choice
    return {
        Section(section)
        for section, choice in latest.items()
        if choice.answer != Answer.YES or (choice.ends_at is not None and choice.ends_at <= at)
    }


def looks_shown(sight: Sight) -> QuerySet[AccessLog]:
    """The looks at a pupil's record that this person may read.

    The young person and their SENCO read all of them. A parent carer reads of staff, professionals and their own
    household: nothing of another household's looks, in whatever role, nor of the young person's own. Looks on a
    safeguarding disclosure are shown to the young person alone, from the moment that they were told of it.
    """
    grounds = sight.grounds(Section.PROFILE)
    hidden = Override.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=OuterRef("at")),
        pupil=sight.pupil,
        person=OuterRef("person"),
        confirmed_at__lte=OuterRef("at"),
        ends_at__gt=OuterRef("at"),
    )
    if Ground.OWN in grounds:
        hidden = hidden.filter(Q(told_at=None) | Q(told_at__gt=sight.at))
    on_it = Q(grounds__contains=[Ground.OVERRIDE.value]) & Exists(hidden)
    rows = AccessLog.objects.filter(~on_it | Q(person=sight.person.pk), pupil=sight.pupil)
    if grounds & {Ground.OWN, Ground.COORDINATES}:
        return rows
    homes = sight.person.children.filter(pupil=sight.pupil).values("household")
    carers = ParentCarer.objects.filter(pupil=sight.pupil).exclude(person=None)
    family = carers.filter(household__in=homes).values("person")
    as_family = Q(grounds__overlap=[Ground.PARENT.value, Ground.OWN.value])
    others = ~as_family & ~Q(person__in=carers.values("person"))
    return rows.filter(others | Q(person__in=family) | Q(person=sight.person.pk))


def deciding(at: datetime) -> QuerySet[Pupil]:
    """The young people who decide themselves who sees what, at an instant."""
    sql = f"""
        SELECT p.id FROM pupils_pupil p
        LEFT JOIN pupils_enrolment e ON e.pupil_id = p.id AND {_ENROLLED}
        LEFT JOIN accounts_setting s ON s.id = e.setting_id
        WHERE {_DECIDES}"""
    return Pupil.objects.filter(pk__in=_Named(sql, _instant(at)))


def coordinates(person: Person, setting: Setting, at: datetime) -> bool:
    """Whether a person is a SENCO of a setting: who may take a new pupil into it."""
    return _memberships(person, at).filter(setting=setting).exists()


def settings_coordinated(person: Person, at: datetime) -> QuerySet[Setting]:
    """The settings in which a person is a SENCO."""
    return Setting.objects.filter(memberships__in=_memberships(person, at)).distinct()


#: Who is a pupil of which setting now, or a parent carer of one whom no restriction shuts out.
_FAMILIES = f"""SELECT DISTINCT e.setting_id, c.person_id, c.ground FROM ({CIRCLE}) c
    JOIN pupils_enrolment e ON e.pupil_id = c.pupil_id AND {_ENROLLED}
    WHERE c.ground IN ('own', 'parent')"""


def settings_of_family(person: Person, at: datetime) -> list[UUID]:
    """The settings in which somebody is a pupil now, or a parent carer of one whom no restriction shuts out: 1 query."""
    return list(family_grounds(person, at))


def family_grounds(person: Person, at: datetime) -> dict[UUID, set[Ground]]:
    """`settings_of_family`, each with whether they are a pupil there, a parent carer, or both: 1 query."""
    found: dict[UUID, set[Ground]] = {}
    rows = _rows(f"{_FAMILIES} AND c.person_id = %(person)s", {"person": person.pk, **_instant(at)})
    for setting, __, ground in rows:
        found.setdefault(setting, set()).add(Ground(ground))
    return found


def families_each(settings: Iterable[UUID], at: datetime) -> list[tuple[UUID, UUID, Ground]]:
    """Everybody who is a pupil of one of these settings now, or a parent carer of one: setting, person, ground. 1 query."""
    rows = _rows(
        f"{_FAMILIES} AND e.setting_id = ANY(%(settings)s)", {"settings": list(settings), **_instant(at)}
    )
    return [(setting, person, Ground(ground)) for setting, person, ground in rows]


def family_of(person: Person, setting: Setting, at: datetime) -> bool:
    """Whether somebody is a pupil of a setting, or a parent carer of one."""
    return setting.pk in settings_of_family(person, at)


@dataclass(frozen=True)
class Here:
    """A pupil who is in a setting, and one person of their family, or (`own`) the pupil: what says who is meant by
    something of that setting, and nothing of a record.
    """

    setting: UUID
    phase: str
    pupil: UUID
    person: UUID
    own: bool
    year: str
    classes: frozenset[UUID]


def families_here(at: datetime, *, person: UUID | None = None, setting: UUID | None = None) -> list[Here]:
    """The families of pupils who are in a setting now, of one person or of one setting: 1 query.

    Nobody of whom a restriction shuts them out, for that pupil's sake. Raises ValueError where nobody is asked about.
    """
    if (person is None) == (setting is None):
        raise ValueError("Ask about one person, or about one setting.")
    among = "c.person_id = %(person)s" if setting is None else "e.setting_id = %(setting)s"
    rows = _rows(
        f"""SELECT DISTINCT e.setting_id, s.phase, c.pupil_id, c.person_id, c.ground = 'own', e.year_group,
            ARRAY(SELECT k.id FROM pupils_pupilgrouppermission g JOIN pupils_classgroup k ON k.group_id = g.group_id
                WHERE g.content_object_id = c.pupil_id AND k.setting_id = e.setting_id AND {_live("g")}
                  AND (k.closed_at IS NULL OR k.closed_at > %(at)s) ORDER BY k.id)
        FROM ({CIRCLE}) c JOIN pupils_enrolment e ON e.pupil_id = c.pupil_id AND {_ENROLLED}
        JOIN accounts_setting s ON s.id = e.setting_id
        WHERE {among} AND c.ground IN ('own', 'parent')""",
        {"person": person, "setting": setting, **_instant(at)},
    )
    return [
        Here(place, phase, pupil, who, own, year, frozenset(classes))
        for place, phase, pupil, who, own, year, classes in rows
    ]


def settings_counted(person: Person, at: datetime) -> QuerySet[Setting]:
    """The settings whose numbers a person reads, and nobody's record for it: a SENCO and a leader of them."""
    held = _memberships(person, at, (Role.SENCO, Role.LEADER))
    return Setting.objects.filter(memberships__in=held).distinct()


def _memberships(person: Person, at: datetime, roles: Iterable[Role] = (Role.SENCO,)) -> QuerySet[Membership]:
    """The roles among these that somebody holds now, while they may sign in."""
    return Membership.objects.filter(
        _holds(at), person=person.pk, person__is_active=True, role__in=list(roles)
    )


def _holds(at: datetime) -> Q:
    return Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


# Safeguarding. Whoever looks after it stands in no circle: they know the names of the pupils of their setting and the
# disclosures about them, and see no section.

#: Who asks for a disclosure without permission.
SAFEGUARDING = frozenset({Role.DSL, Role.DEPUTY_DSL})
#: Who may be the second person.
SECOND_PERSON = SAFEGUARDING | {Role.LEADER}


def pupils_safeguarded(person: Person, at: datetime, roles: Iterable[Role] = SAFEGUARDING) -> QuerySet[Pupil]:
    """The pupils of the settings in which a person holds such a role now, by where each pupil is now.

    Nobody looks after their own child in this, nor themselves, nor a pupil of whom a restriction shuts them out.
    """
    today, pupil = timezone.localdate(at), OuterRef("pk")
    held = _memberships(person, at, roles).values("setting")
    here = Enrolment.objects.filter(pupil=pupil, starts_on__lte=today, setting__in=held)
    family = PupilUserPermission.objects.filter(
        content_object=pupil,
        user=person.pk,
        permission__codename__in=[Relation.SELF.value, Relation.PARENT_CARER.value],
    )
    shut_out = Restriction.objects.filter(_holds(at), pupil=pupil, person=person.pk)
    return Pupil.objects.filter(
        Exists(here.exclude(ends_on__lte=today)),
        ~Exists(family),
        ~Exists(shut_out),
        ~Exists(ParentCarer.objects.filter(pupil=pupil, person=person.pk)),
    )


def safeguards(person: Person, pupil: Pupil, at: datetime) -> bool:
    """Whether a person is the safeguarding lead, or a deputy, of the setting that a pupil is in now."""
    return pupils_safeguarded(person, at).filter(pk=pupil.pk).exists()


def safeguarding_each(pupils: Iterable[UUID], at: datetime) -> dict[UUID, list[User]]:
    """The safeguarding leads and deputies who look after each of these pupils: 1 query, and 1 for each of them."""
    found: dict[UUID, list[User]] = {pk: [] for pk in pupils}
    held = Membership.objects.filter(
        _holds(at), person=OuterRef("pk"), role__in=SAFEGUARDING, setting__enrolments__pupil__in=list(found)
    )
    people = User.objects.filter(Exists(held), is_active=True).select_related("preferences")
    for person in people.order_by("pk"):
        for pk in pupils_safeguarded(person, at).filter(pk__in=list(found)).values_list("pk", flat=True):
            found[pk].append(person)
    return found


def confirms(person: Person, pupil: Pupil, at: datetime) -> bool:
    """Whether a person may be the second person for a disclosure about a pupil that somebody else asked for."""
    return pupils_safeguarded(person, at, SECOND_PERSON).filter(pk=pupil.pk).exists()


def overrides_shown(person: Person, at: datetime) -> QuerySet[Override]:
    """The safeguarding disclosures that a person reads as part of their work.

    A safeguarding lead or deputy all those about pupils of their setting; a leader what waits for a second person, and
    what they confirmed themselves. Nobody else any: not the SENCO, not those who teach, not the family.
    """
    waiting = Q(confirmed_at=None, ended_at=None, ends_at__gt=at)
    led = Q(pupil__in=pupils_safeguarded(person, at, [Role.LEADER]))
    return Override.objects.filter(
        Q(pupil__in=pupils_safeguarded(person, at)) | led & (waiting | Q(confirmed_by=person.pk))
    )


def overrides_told(sight: Sight) -> QuerySet[Override]:
    """The disclosures about themselves that a young person reads of: those that they were told of by now."""
    if Ground.OWN not in sight.grounds(Section.PROFILE):
        return Override.objects.none()
    return Override.objects.filter(pupil=sight.pupil, confirmed_at__lte=sight.at, told_at__lte=sight.at)


def capacity_shown(sight: Sight) -> QuerySet[Capacity]:
    """The capacity records that this person reads: their own, a SENCO's, and for whoever decides what is in force."""
    rows = Capacity.objects.filter(pupil=sight.pupil, starts_at__lte=sight.at)
    if sight.grounds(Section.PROFILE) & {Ground.OWN, Ground.COORDINATES}:
        return rows
    if not sight.near:
        return rows.none()
    today = timezone.localdate(sight.at)
    return rows.filter(decider=sight.person.pk, review_on__gt=today).exclude(ended_at__lte=sight.at)
