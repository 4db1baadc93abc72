"""Whoever sees some parts by a choice and not the others: every link they are given leads somewhere, and to nothing else.

Each section alone, opened to a parent after hand-over, a teacher without a working view, and a professional; with
something of every kind in the record that could leak.
"""

import re
from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from apdr.services.family import comment
from pupils import choices, circle, policy
from pupils.choices import Wanted
from pupils.enums import Answer, Ground, Relation, Section
from pupils.models import ParentCarer, Pupil

from ..apdr.pages import as_
from ..api.asking import ask
from ..api.record import token_of
from ..cast import AT, Cast, member
from ..record import Record, marks_in
from ..sample import in_sample

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]

END = AT + timedelta(days=7)
#: Of the draft, said to the SENCO alone by somebody else, or of a home that is not theirs: a professional has none.
NEVER = {
    who: re.compile(
        rf"^noor-.*-(draft|edited|gone)$|^noor-.*-(itself|oscar|rob|teacher)-senco$|^noor-.*-({homes})(-|$)"
    )
    for who, homes in (
        ("parent", "oscar|rob"),
        ("teacher", "pam|oscar|rob"),
        ("professional", "pam|oscar|rob"),
    )
}
#: Whose ideas are their own.
OWN = {"parent": "pam", "teacher": "teacher", "professional": "nobody"}
#: The parts in which the marks of a record lie, by how they begin.
LIES_IN = [
    (Section.NEEDS, r"need|evidence|source|measure"),
    (Section.FUNDING, r"money"),
    # An idea of what helps, and what is said of a version, which tells of the plan and of what helps.
    (Section.STRATEGIES, r"helps|provision|strategy|proposal-(?!answered)|version-note"),
    (Section.VIEWS, r"view|drawn|seen|did-view"),
    (Section.UPDATES, r"update|worked|photo|picture|daily|talk|call"),
    (Section.PROFILE, r"profile"),
    (Section.REVIEWS, r"review|decision|judged"),
    (
        Section.PLAN,
        r"outcome|step|criterion|baseline|who-does-what|note|comment|answer|proud|proposal-answered|reply|stage-note",
    ),
]


def section_of(mark: str) -> Section | None:
    return next((s for s, begins in LIES_IN if re.match(f"noor-({begins})", mark)), None)


def crawl(client: Client, start: str = "/") -> dict[str, tuple[int, str]]:
    """Every page that links lead to from the first, and what it says; forms and signing out are left alone."""
    found: dict[str, tuple[int, str]] = {}
    queue = [start]
    while queue:
        href = queue.pop()
        if href in found:
            continue
        answer = client.get(href)
        if answer.status_code == 302:
            queue.append(answer["Location"])
            found[href] = (302, "")
            continue
        text = answer.content.decode()
        found[href] = (answer.status_code, text)
        main = text.split('<div class="govuk-width-container">', 1)[-1].split("<footer", 1)[0]
        for link in re.findall(r'href="([^"#]+)', main):
            target = unescape(link)
            if target.startswith("?"):
                target = href.split("?")[0] + target
            if target.startswith(("/pupils/", "/cycles/", "/steps/")):
                queue.append(target)
    return found


@pytest.mark.tables
@pytest.mark.parametrize("who", ["parent", "teacher", "professional"])
def test_one_part_alone_can_be_read_and_shows_nothing_of_another(record: Record, who: str) -> None:
    cast: Cast = record.cast
    person: User = cast.people[who]
    wrong: dict[str, object] = {}
    for section in (s for s in Section if in_sample(who, s.value)):
        with transaction.atomic():
            choices.choose(
                pupil=cast.noor,
                wanted=[Wanted(section, Answer.YES, person=person, ends_at=END)],
                by=cast.student,
                at=AT,
                key=uuid4(),
                wording="test-1",
            )
            assert policy.why(person, cast.noor, AT).sections == [section]
            wrong |= faults(who, record, section)
            transaction.set_rollback(True)
    assert wrong == {}


def faults(who: str, record: Record, section: Section) -> dict[str, object]:
    """What is wrong with all the pages that somebody comes to who sees one section of Noor's record.

    A teacher reads what teaching opens as any teacher does, the draft and both homes' words with it.
    """
    person = record.cast.people[who]
    as_teacher = who == "teacher" and section in policy.OPENS[Ground.TEACHES]
    noor = record.cast.noor.pk
    found = crawl(as_(person)) | crawl(as_(person), f"/pupils/{noor}/")
    text = "\n".join(page for _, page in found.values())
    seen = {mark for mark in marks_in(text) if mark.startswith("noor-")}
    wrong: dict[str, object] = {
        "closed": {href: status for href, (status, _) in found.items() if status not in (200, 302)},
        "of another part": {
            mark
            for mark in seen
            if section_of(mark) not in (section, None) and not re.match(rf"noor-proposal-.*{OWN[who]}$", mark)
        },
        "never": set() if as_teacher else {mark for mark in seen if NEVER[who].match(mark)},
        "nothing": set() if any(section_of(mark) is section for mark in seen) else {"nothing is shown"},
    }
    return {f"{section.value}: {name}": what for name, what in wrong.items() if what}


def test_whoever_teaches_their_own_child_hears_no_other_home_after_hand_over(record: Record) -> None:
    """What is open to them because they teach, and not because they are a parent, is heard as a parent all the same."""
    cast: Cast = record.cast
    member(cast.parent, cast.hazelmere, Role.KEY_ADULT)
    circle.grant(relation=Relation.KEY_ADULT, person=cast.parent, pupil=cast.sam, by=cast.senco, at=AT)
    choices.choose(
        pupil=cast.sam,
        wanted=[Wanted(one, Answer.YES, ends_at=END) for one in (Section.VIEWS, Section.UPDATES)],
        by=cast.young_person,
        at=AT,
        key=uuid4(),
        wording="test-1",
    )
    sight = policy.why(cast.parent, cast.sam, AT)
    assert [sight.grounds(one) for one in (Section.PLAN, Section.VIEWS, Section.UPDATES)] == [
        {Ground.TEACHES}
    ] * 3
    found = crawl(as_(cast.parent), f"/pupils/{cast.sam.pk}/")
    secret = token_of(cast.parent)
    of = record.of["sam"]
    paths = [f"pupils/{cast.sam.pk}/{name}" for name in ("views", "updates", "calls")]
    paths += [f"versions/{of.version.pk}/{name}" for name in ("comments", "answers")]
    paths += [f"cycles/{of.cycle.pk}/proposals", f"next-steps/{of.items['step'].pk}/progress"]
    text = "\n".join(page for _, page in found.values())
    text += "\n".join(ask(secret, "GET", f"/api/v1/{path}/").content.decode() for path in paths)
    heard = {mark for mark in marks_in(text) if mark.startswith("sam-")}
    assert {mark for mark in heard if re.search(r"-(oscar|rob)(-|$)", mark)} == set()
    assert {"sam-view-pam", "sam-update-pam", "sam-comment-pam"} <= heard


def test_a_comment_is_told_through_the_api_only_where_what_it_is_about_is_open(record: Record) -> None:
    """As on the page of the plan: what the child says of a need or of what helps is not for who has the plan alone."""
    cast, of = record.cast, record.of["noor"]
    about = {Section.NEEDS: "need", Section.STRATEGIES: "strategy", Section.PLAN: "step"}
    for section, item in about.items():
        said = {"words": f"~noor-said-of-{section.value}~", "about": of.items[item].pk}
        comment(plan_version=of.version, by=cast.student, at=AT, sent_key=uuid4(), **said)
    path, secret = f"/api/v1/versions/{of.version.pk}/comments/", token_of(cast.parent)
    for more in (None, Section.STRATEGIES, Section.NEEDS):
        opened = [one for one in (Section.PLAN, more) if one]
        choices.choose(
            pupil=cast.noor,
            wanted=[Wanted(one, Answer.YES, person=cast.parent, ends_at=END) for one in opened],
            by=cast.student,
            at=AT,
            key=uuid4(),
            wording="test-1",
        )
        told = marks_in(ask(secret, "GET", path).content.decode())
        sees = policy.why(cast.parent, cast.noor, AT).sections
        assert {one for one in about if f"noor-said-of-{one.value}" in told} == {*sees} & {*about}


def test_the_home_that_somebody_has_with_another_child_is_not_their_home_here(record: Record) -> None:
    """Pam lives with Oscar’s other child at Oscar’s: of Ada she hears her own home alone all the same."""
    cast: Cast = record.cast
    half_sister = Pupil.objects.create(given_name="Bea", family_name="Roe", date_of_birth=date(2016, 1, 5))
    ParentCarer.objects.create(
        pupil=half_sister, household=cast.other_home, person=cast.parent, name="Pam Lovelace"
    )
    found = crawl(as_(cast.parent), f"/pupils/{cast.ada.pk}/")
    heard = {
        mark for mark in marks_in("\n".join(page for _, page in found.values())) if mark.startswith("ada-")
    }
    assert {mark for mark in heard if re.search(r"-oscar(-|$)", mark)} == set()
    assert {"ada-view-pam", "ada-update-pam", "ada-comment-pam"} <= heard


def opened(record: Record, *sections: Section, to: str) -> None:
    choices.choose(
        pupil=record.cast.noor,
        wanted=[Wanted(one, Answer.YES, person=record.cast.people[to], ends_at=END) for one in sections],
        by=record.cast.student,
        at=AT,
        key=uuid4(),
        wording="test-1",
    )


@pytest.mark.parametrize("helps", [False, True])
def test_an_idea_of_what_helps_is_there_for_whom_that_is_open_alone(record: Record, helps: bool) -> None:
    """By its own address and by program as well, and so is what was said as a version was shared."""
    cast, idea = record.cast, record.of["noor"].items["proposal_pam"]
    opened(record, Section.PLAN, *([Section.STRATEGIES] if helps else []), to="teacher")
    teacher, secret, cycle = as_(cast.teacher), token_of(cast.teacher), record.of["noor"].cycle.pk
    hrefs = [f"/proposals/{idea.pk}/{act}/" for act in ("accept", "decline")]
    refused = (200, 200) if helps else (403, 404)
    assert tuple(teacher.get(href).status_code for href in hrefs) == refused
    told = {
        part: marks_in(ask(secret, "GET", f"/api/v1/cycles/{cycle}/{part}/").content.decode())
        for part in ("proposals", "versions")
    }
    assert ("noor-proposal-pam" in told["proposals"], "noor-version-note" in told["versions"]) == (
        helps,
        helps,
    )
    if not helps:
        assert teacher.post(hrefs[1], {"reply": "Not now."}).status_code == 404
        no = {"accept": False, "reply": "Not now."}
        assert ask(secret, "POST", f"/api/v1/proposals/{idea.pk}/reply/", no).status_code == 404
        idea.refresh_from_db()
        assert idea.state == "proposed"


def test_whom_a_young_person_shares_with_is_said_to_them_and_the_senco_alone(record: Record) -> None:
    cast = record.cast
    named = {"Priya Therapist", "Oscar Lovelace"}

    def who_reads(who: str) -> tuple[set[str], bool]:
        text = as_(cast.people[who]).get(f"/pupils/{cast.noor.pk}/needs/").content.decode()
        line = "".join(re.findall(r'class="al-who.*?</(?:p|details)>', text, re.S))
        return {name for name in named if name in line}, "anybody else whom Noor chooses" in line

    opened(record, Section.NEEDS, to="parent")
    assert who_reads("parent") == (set(), True)
    for who in ("professional", "other_parent"):
        opened(record, Section.NEEDS, to=who)
    assert who_reads("parent") == (set(), True)  # the same, whoever else there is
    assert who_reads("professional") == ({"Priya Therapist"}, True)
    assert who_reads("student") == who_reads("senco") == (named, False)
