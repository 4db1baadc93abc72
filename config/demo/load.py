"""Writes the demo: four settings, their people and pupils, and histories across up to three cycles.

The stories are in `content/`. All days are relative to the instant it is loaded at; it is loaded once, and what
people change afterwards stays. Nothing pretends to have happened that did not: there are no made-up looks in the
access log, and the audit says once per pupil that demo data was loaded.
"""

import copy
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from accounts.models import Setting
from accounts.words import english
from apdr.enums import Perspective, Stage, StepStatus
from apdr.models import Cycle, PlanVersion, Strategy
from apdr.services.sharing import draft
from pupils.models import AuditEvent, Pupil

from .days import Days
from .families import Families
from .kept import keep
from .people import Content
from .plans import write
from .replies import proposed, replies
from .rows import Rows, fixed
from .story import Story, shared_on
from .surveys import ask

CONTENT = Path(__file__).parent / "content"
#: In the order in which they are shown.
SETTINGS = ["hazelmere", "larkfold", "teasel", "saltings"]


def read(name: str) -> Content:
    return dict(json.loads((CONTENT / f"{name}.json").read_text(encoding="utf-8")))


def loaded_at() -> datetime | None:
    """When the demo was written, or None."""
    return (
        AuditEvent.objects.filter(verb="demo data loaded").order_by("at").values_list("at", flat=True).first()
        if Setting.objects.filter(pk=fixed("setting", SETTINGS[0])).exists()
        else None
    )


@transaction.atomic
def load(now: datetime) -> bool:
    """Write the demo as seen from `now`. Gives False, having done nothing, where it is there already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('alongside demo'))")
    if loaded_at() is not None:
        return False
    everybody, days, rows = read("people"), Days(now), Rows()
    people = Families(rows, days, make_password(everybody["password"]))
    for one in everybody["professionals"]:
        people.professionals[one["key"]] = people.person(one["email"], one["name"])
    places = []
    stories: list[tuple[Story, list[tuple[Cycle, Content]]]] = []
    for name in SETTINGS:
        place = people.open_setting(read(name))
        places.append(place)
        for one in place.content["pupils"]:
            pupil = people.enrol(place, one)
            story = Story(rows, days, place, pupil, people.circle(place, one, pupil), one)
            stories.append((story, write(story)))
    rows.write()
    for story, cycles in stories:
        for cycle, content in cycles:
            _share(rows, story, cycle, content)
    rows.write()
    for place in places:
        keep(place, days)
        ask(place, days)
    return True


def _share(rows: Rows, story: Story, cycle: Cycle, content: Content) -> None:
    """The versions of a cycle as the family saw them: before anything was judged, measured again or spent."""
    if content.get("stage") == Stage.ASSESS:
        return
    whole = _as_it_was(draft(cycle), cycle)
    days = shared_on(content)
    from_home = _last_from_home(cycle) if len(days) > 1 else None
    latest: PlanVersion | None = None
    for number, day in enumerate(days, start=1):
        seen, note = whole, ""
        if from_home is not None and number == 1:
            seen = copy.deepcopy(whole)
            for place in seen["strategies"].values():
                place[:] = [s for s in place if s["id"] != str(from_home.pk)]
        elif from_home is not None:
            note = f"New in this version, proposed from home: {from_home.words}"
        latest = rows.add(
            PlanVersion(
                id=story.key(cycle.number, "version", number),
                cycle=cycle,
                number=number,
                content=seen,
                note=note,
                shared_by=story.senco,
                shared_at=story.days.moment(day, "11:00"),
            )
        )
    if from_home is not None:
        proposed(story, from_home, content)
    replies(story, latest, cycle, content)


def _as_it_was(content: dict[str, Any], cycle: Cycle) -> dict[str, Any]:
    for measure in content["needs"]["measures"]:
        measure["exit"] = measure["exit_on"] = None
    for outcome in content["plan"]["outcomes"]:
        for step in outcome["steps"]:
            step["status"] = english(StepStatus.CURRENT.label)
    began = cycle.opened_at.date().isoformat()
    of_this_cycle = [a for a in content["funding"]["allocations"] if a["starts_on"] == began]
    for allocation in of_this_cycle:
        for use in allocation["uses"]:
            use["used"] = None
    content["funding"]["allocations"] = of_this_cycle
    return content


def _last_from_home(cycle: Cycle) -> Strategy | None:
    return (
        cycle.strategies.filter(
            perspective__in=[Perspective.PARENT, Perspective.CHILD],
            proposed_by__isnull=False,
            carried_from=None,
        )
        .select_related("cycle", "proposed_by")
        .order_by("position")
        .last()
    )


def shown() -> dict[str, list[dict[str, str]]]:
    """Who can be tried out, and every pupil: what `manage.py demo --json` says."""
    everybody = read("people")
    password = everybody["password"]
    roles: dict[str, str] = {}
    for name in SETTINGS:
        content = read(name)
        for one in content["staff"]:
            if "." not in one["email"].partition("@")[0]:
                roles[one["email"]] = f"{one['title']}, {content['setting']['name']}"
        for pupil in content["pupils"]:
            called = pupil["name"]
            for home in pupil["family"]:
                for carer in home["people"]:
                    email = carer["email"] or ""
                    if _is_shown(email, everybody):
                        if email in roles:
                            roles[email] += f" and {called}"
                        else:
                            role = f"{carer['is'].removesuffix(' 2')} of {called}"
                            role += ", shut out by a court order" if "restricted" in carer else ""
                            roles[email] = role[0].upper() + role[1:]
            if _is_shown(pupil.get("email", ""), everybody):
                roles[pupil["email"]] = f"{called}, at {content['setting']['name']}"
    for one in everybody["professionals"]:
        roles[one["email"]] = f"Visiting: {one['title'][0].lower()}{one['title'][1:]}"
    first = everybody["shown_first"]
    order = [*first, *(email for email in roles if email not in first)]
    return {
        "people": [{"email": email, "password": password, "role": roles[email]} for email in order],
        "pupils": [
            {"id": str(pupil.pk), "name": pupil.name, "date_of_birth": pupil.date_of_birth.isoformat()}
            for pupil in Pupil.objects.filter(events__verb="demo data loaded").order_by(
                "family_name", "given_name"
            )
        ],
    }


def _is_shown(email: str, everybody: Content) -> bool:
    local, _, domain = email.partition("@")
    named = email in everybody["also_shown"]
    return named or (bool(local) and "." not in local and domain not in {"home.example"})
