"""The pages about safeguarding disclosures: who finds them, what they say, and where nothing is said of them."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse

from accounts import tokens
from accounts.models import User
from apdr.enums import Place
from apdr.models import Strategy
from pupils import access, overrides, services
from pupils.enums import Section
from pupils.models import AccessLog, AuditEvent, Override, Pupil

from ..apdr.pages import address, as_, count, errors, hidden, send, words
from ..api.record import write_record
from ..cast import AT, Cast
from ..sample import in_sample
from ..test_routes import text_of
from .decided import UNTIL, asked, confirmed, deputy, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
SECOND = timedelta(seconds=1)


def typed(**more: Any) -> dict[str, Any]:
    """A form that asks for the needs, to be opened to somebody outside, without telling."""
    return {
        "outside": "Sol Outside",
        "organisation": "Children’s services",
        "sections": ["needs", "profile"],
        "reason": "OVERRIDE-reason",
        "until": "2026-03-24",
        "knows": "not_told",
        "not_told_why": "WHY-NOT-TOLD",
        "look_again_on": "2026-03-17",
        **more,
    }


def pages_of(row: Override) -> list[tuple[str, str]]:
    """Every address that is about a disclosure, and how it is asked for."""
    of, one = row.pupil_id, row.pk
    return [
        ("GET", address("pupil_safeguarding", of)),
        ("GET", address("ask_disclosure", of)),
        ("POST", address("ask_disclosure", of)),
        ("GET", address("disclosure", one)),
        ("POST", address("confirm_disclosure", one)),
        ("POST", address("end_disclosure", one)),
        ("POST", address("tell_disclosure", one)),
        ("POST", address("look_again_disclosure", one)),
    ]


# Who finds them ---------------------------------------------------------------------------------------------


@pytest.mark.tables
def test_for_everybody_but_those_who_safeguard_there_is_no_such_page(cast: Cast) -> None:
    row = confirmed(cast, cast.sam, cast.colleague)
    found = {}
    for name, who in cast.people.items():
        if name in ("dsl", "leader", "deactivated") or not in_sample(name):
            continue
        browser = as_(who)
        answers = [browser.generic(method, href).status_code for method, href in pages_of(row)]
        answers.append(browser.get(address("safeguarding")).status_code)
        if set(answers) != {404}:
            found[name] = answers
    assert found == {}
    assert Override.objects.get().ended_at is None


def test_what_is_not_there_answers_as_what_is_not_theirs(cast: Cast) -> None:
    row = confirmed(cast, cast.sam, cast.colleague)
    for who in (cast.senco, cast.parent):
        there = as_(who).get(address("disclosure", row.pk))
        nowhere = as_(who).get(address("disclosure", uuid4()))
        assert words(there) == words(nowhere)


def test_a_lead_asks_and_a_leader_confirms_and_it_is_open(cast: Cast) -> None:
    lead, leader = as_(cast.dsl), as_(cast.leader)
    home = lead.get(address("home"))
    assert "Open safeguarding" in words(home)
    found = words(lead.get(address("safeguarding", query="?q=sa")))
    assert "Sam Okafor" in found
    assert "Ada Lovelace" not in found
    made = send(
        lead,
        address("ask_disclosure", cast.sam.pk),
        **typed(person=str(cast.colleague.pk), outside="", organisation=""),
    )
    row = Override.objects.get()
    assert (made.status_code, made["Location"]) == (302, address("disclosure", row.pk))
    page = words(lead.get(made["Location"]))
    assert "It opens nothing yet." in page
    assert "Strengths and needs" in page
    assert "Confirm it" not in page
    assert as_(cast.colleague).get(address("needs", cast.sam.pk)).status_code == 404
    assert "1 thing waits for you." in words(leader.get(address("home")))
    assert "Waits for you" in words(leader.get(address("safeguarding")))
    assert "Confirm it" in words(leader.get(address("disclosure", row.pk)))
    assert leader.post(address("confirm_disclosure", row.pk)).status_code == 302
    assert leader.post(address("confirm_disclosure", row.pk)).status_code == 302
    assert AuditEvent.objects.filter(verb="disclosure confirmed").count() == 1
    assert as_(cast.colleague).get(address("needs", cast.sam.pk)).status_code == 200
    assert "Nothing waits for you." in words(leader.get(address("home")))


def test_the_asker_who_presses_confirm_all_the_same_is_told_that_somebody_else_has_to(cast: Cast) -> None:
    row = asked(cast, cast.sam, cast.colleague)
    refused = as_(cast.dsl).post(address("confirm_disclosure", row.pk))
    assert refused.status_code == 409
    assert "You asked for this. Somebody else has to confirm it." in words(refused)


def test_a_leader_sees_what_waits_and_what_they_confirmed_and_nothing_else(cast: Cast) -> None:
    theirs = confirmed(cast, cast.sam, cast.colleague)
    waiting = asked(cast, cast.noor, cast.teacher)
    other = overrides.confirm(override=asked(cast, cast.ada, cast.teacher), by=deputy(cast), at=AT)
    leader = as_(cast.leader)
    page = words(leader.get(address("safeguarding")))
    assert [name in page for name in ("Sam Okafor", "Noor Haddad", "Ada Lovelace")] == [True, True, False]
    assert "Find a pupil" not in page
    answers = [leader.get(address("disclosure", row.pk)).status_code for row in (theirs, waiting, other)]
    assert answers == [200, 200, 404]
    assert leader.get(address("pupil_safeguarding", cast.ada.pk)).status_code == 404
    assert leader.get(address("ask_disclosure", cast.sam.pk)).status_code == 404
    assert leader.post(address("end_disclosure", theirs.pk)).status_code == 404
    assert leader.post(address("tell_disclosure", theirs.pk)).status_code == 404


def test_a_lead_sees_names_and_no_section(cast: Cast) -> None:
    write_record(cast, cast.ada)
    lead = as_(cast.dsl)
    for name in ("profile", "needs", "plan", "strategies", "funding", "views", "reviews", "updates", "pupil"):
        assert lead.get(address(name, cast.ada.pk)).status_code == 404
    page = words(lead.get(address("pupil_safeguarding", cast.ada.pk)))
    assert "Ada Lovelace" in page
    for mark in ("PROFILE", "SHARED", "DRAFT", "PROGRESS", "VIEW", "UPDATE"):
        assert mark not in page


def test_each_visit_to_a_page_about_a_pupil_is_written_down_and_the_pupil_reads_nothing_of_it(
    cast: Cast,
) -> None:
    row = confirmed(cast, cast.sam, cast.colleague)
    lead = as_(cast.dsl)
    for href in (
        address("pupil_safeguarding", cast.sam.pk),
        address("ask_disclosure", cast.sam.pk),
        address("disclosure", row.pk),
    ):
        lead.get(href)
    events = AuditEvent.objects.filter(verb="safeguarding page opened", pupil=cast.sam)
    assert sorted(e.detail["page"] for e in events) == ["ask", "disclosure", "list"]
    assert {e.by for e in events} == {cast.dsl}
    assert AccessLog.objects.filter(person=cast.dsl).count() == 0
    assert "Dora Safe" not in words(as_(cast.young_person).get(address("who_looked", cast.sam.pk)))


# Forms ------------------------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_makes_one(cast: Cast) -> None:
    lead, href = as_(cast.dsl), address("ask_disclosure", cast.sam.pk)
    body = {**hidden(lead.get(href)), **typed()}
    answers = [lead.post(href, body) for _ in range(2)]
    assert [a.status_code for a in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Override.objects.count() == 1


def test_an_empty_form_says_what_is_missing_and_nothing_typed_is_lost(cast: Cast) -> None:
    lead, href = as_(cast.dsl), address("ask_disclosure", cast.sam.pk)
    empty = send(lead, href)
    assert (empty.status_code, Override.objects.count()) == (422, 0)
    assert len(errors(empty)) == 4
    kept = send(lead, href, **typed(outside=""))
    assert kept.status_code == 422
    assert errors(kept) == ["Choose one person, or write who it is outside this setting."]
    body = kept.content.decode()
    for text in ("OVERRIDE-reason", "WHY-NOT-TOLD", "Children’s services"):
        assert text in body
    for wrong, field in (
        ({"until": "2026-09-01"}, "at most 3 months ahead"),
        ({"knows": "told"}, "Enter the day they were told"),
        ({"knows": "told", "told_on": "2026-03-10", "told_how": ""}, "Write how they were told"),
        ({"reason": "x" * 2001}, "Shorten it"),
        ({"outside": "x" * 100, "organisation": "y" * 99}, "Shorten it"),
    ):
        refused = send(lead, href, **typed(**wrong))
        assert refused.status_code == 422, wrong
        assert any(field in line for line in errors(refused)), errors(refused)
    assert Override.objects.count() == 0


def test_what_stands_under_the_other_answer_does_not_count(cast: Cast) -> None:
    send(
        as_(cast.dsl),
        address("ask_disclosure", cast.sam.pk),
        **typed(knows="told", told_on="2026-03-09", told_how="In person"),
    )
    row = Override.objects.get()
    assert (row.told_how, row.not_told_why, row.look_again_on) == ("In person", "", None)
    assert row.told_at == datetime(2026, 3, 9, tzinfo=AT.tzinfo)


def test_somebody_else_is_not_a_choice_and_a_form_that_names_them_is_refused(cast: Cast) -> None:
    lead, href = as_(cast.dsl), address("ask_disclosure", cast.sam.pk)
    page = lead.get(href).content.decode()
    names = set(re.findall(r"<option value=\"[0-9a-f-]+\">([^,<]+), ([^<]+)</option>", page))
    assert names == {
        ("Col Ives", "works here"),
        ("Dora Safe", "works here"),
        ("Kim Adeyemi", "teaches them"),
        ("Leo Head", "works here"),
        ("Oscar Lovelace", "parent carer"),
        ("Pam Lovelace", "parent carer"),
        ("Priya Therapist", "visiting professional"),
        ("Sunita Rao", "works here"),
        ("Tom Teal", "teaches them"),
    }
    for who in (cast.stranger, cast.restricted_parent, cast.young_person):
        assert send(lead, href, **typed(person=str(who.pk), outside="")).status_code == 422


# Telling, and asking again until it is answered --------------------------------------------------------------


def test_it_nags_until_it_is_answered_the_longest_overdue_first(cast: Cast) -> None:
    late = confirmed(cast, cast.noor, cast.teacher, not_told_why="x", look_again_on=date(2026, 3, 15))
    row = confirmed(cast, cast.sam, cast.colleague)
    asked(cast, cast.ada, cast.teacher, not_told_why="x", look_again_on=date(2026, 3, 11))
    board = address("safeguarding")

    def again(at: datetime) -> list[tuple[Pupil, bool]]:
        with time_machine.travel(at, tick=False):
            found = as_(cast.dsl).get(board).context["board"].again
            return [(one.row.pupil, one.due) for one in found]

    assert again(AT) == [(cast.noor, False), (cast.sam, False)]
    midnight = datetime(2026, 3, 17, tzinfo=AT.tzinfo)
    assert again(midnight - SECOND) == [(cast.noor, True), (cast.sam, False)]
    assert again(midnight) == [(cast.noor, True), (cast.sam, True)]
    after_its_end = datetime(2026, 5, 1, 9, 0, tzinfo=AT.tzinfo)
    assert again(after_its_end) == [(cast.noor, True), (cast.sam, True)]
    with time_machine.travel(after_its_end, tick=False):
        assert "2 things wait for you." in words(as_(cast.dsl).get(address("home")))
        lead = as_(cast.dsl)
        send_to = address("look_again_disclosure", late.pk)
        assert (
            lead.post(send_to, {"not_told_why": "Still not", "look_again_on": "2026-05-20"}).status_code
            == 302
        )
        assert (
            lead.post(
                address("tell_disclosure", row.pk), {"told_on": "2026-05-01", "told_how": "By me"}
            ).status_code
            == 302
        )
        assert "Nothing waits for you." in words(lead.get(address("home")))
    assert again(after_its_end + SECOND) == [(cast.noor, False)]


def test_an_answer_that_says_nothing_is_refused_on_the_page(cast: Cast) -> None:
    row = confirmed(cast, cast.sam, cast.colleague)
    lead = as_(cast.dsl)
    for name, body in (
        ("tell_disclosure", {"told_on": "", "told_how": ""}),
        ("tell_disclosure", {"told_on": "2026-03-11", "told_how": "In person"}),
        ("look_again_disclosure", {"not_told_why": "", "look_again_on": ""}),
        ("look_again_disclosure", {"not_told_why": "MINE", "look_again_on": "2026-03-10"}),
    ):
        refused = lead.post(address(name, row.pk), body)
        assert refused.status_code == 422
        assert errors(refused)
        assert "Error: " in refused.content.decode()
    stored = Override.objects.get()
    assert (stored.told_at, stored.not_told_why) == (None, "WHY-NOT-TOLD")


# What the young person reads ---------------------------------------------------------------------------------


def test_they_read_of_it_from_the_moment_they_were_told_and_not_why_it_was_asked_for(cast: Cast) -> None:
    row = confirmed(cast, cast.sam, cast.colleague)
    href = address("disclosures", cast.sam.pk)
    before = words(as_(cast.young_person).get(href))
    assert "There is nothing to read here." in before
    assert "Col Ives" not in before
    then = AT + timedelta(hours=2)
    overrides.tell(override=row, on=AT.date(), how="In person, by Dora Safe", by=cast.dsl, at=then)
    page = ""
    for n, there in ((-1, False), (0, True), (1, True)):
        with time_machine.travel(then + SECOND * n, tick=False):
            page = words(as_(cast.young_person).get(href))
        assert ("Col Ives" in page) == there
        assert (page == before) != there
    for said in (
        "Strengths and needs",
        "24 March 2026, 00:00. Then it stops by itself",
        "Dora Safe looks after safety here.",
        "In person, by Dora Safe, 10 March 2026",
    ):
        assert said in page
    for hidden_words in ("OVERRIDE-reason", "WHY-NOT-TOLD", "Leo Head"):
        assert hidden_words not in page
    with time_machine.travel(datetime(2026, 3, 24, tzinfo=AT.tzinfo), tick=False):
        assert "It has stopped, on 24 March 2026" in words(as_(cast.young_person).get(href))


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("senco", 403),
        ("teacher", 403),
        ("parent", 403),
        ("colleague", 403),
        ("dsl", 404),
        ("leader", 404),
        ("stranger", 404),
        ("student", 404),
    ],
)
def test_nobody_else_reads_their_page(cast: Cast, name: str, status: int) -> None:
    confirmed(cast, cast.sam, cast.colleague, **told())
    assert as_(cast.people[name]).get(address("disclosures", cast.sam.pk)).status_code == status


MARKS = re.compile(
    r"Col Ives|OVERRIDE-reason|WHY-NOT-TOLD|Sol Outside|Children’s services|Dora Safe|Leo Head"
)


def everywhere(who: User, pupil: Pupil, cycle: Any) -> dict[str, str]:
    """All that somebody reads about a pupil: every page, with its headers, and the API."""
    browser = as_(who)
    names = ["home", "caseload", "classes"]
    of = [
        "pupil",
        "profile",
        "needs",
        "plan",
        "strategies",
        "funding",
        "views",
        "reviews",
        "updates",
        "who_looked",
    ]
    of += [
        "mine",
        "card",
        "circle",
        "cycles",
        "disclosures",
        "capacity",
        "competence",
        "edit_profile",
        "say_views",
    ]
    hrefs = [*(address(n) for n in names), *(address(n, pupil.pk) for n in of)]
    hrefs += [address(n, cycle.pk) for n in ("cycle", "share", "review", "judge")]
    _, secret = tokens.issue(person=who, name="x", by=who, at=AT)
    api = [
        "",
        "access-log/",
        "overrides/",
        "capacity-records/",
        "hand-over-talks/",
        "needs/",
        "views/",
        "updates/",
        "households/",
    ]
    found: dict[str, HttpResponse] = {href: browser.get(href) for href in hrefs}
    for path in [f"/api/v1/pupils/{pupil.pk}/{each}" for each in api] + ["/api/v1/pupils/"]:
        found[path] = browser.get(path, headers={"Authorization": f"Bearer {secret}"})
    return {href: f"{dict(answer.headers)}{answer.content.decode()}" for href, answer in found.items()}


@pytest.mark.parametrize(
    ("of", "name"),
    [
        ("ada", "young person"),
        ("ada", "parent"),
        ("ada", "teacher"),
        ("sam", "young person"),
        ("sam", "senco"),
        ("noor", "professional"),
    ],
)
def test_before_they_are_told_nothing_anywhere_is_other_than_without_it(
    cast: Cast, of: str, name: str
) -> None:
    """A disclosure that was looked at, and one to somebody outside: every page and answer is what it was, to the letter."""
    pupil = cast.pupils[of]
    cycle = write_record(cast, pupil, family_speaks=of == "ada").cycle
    own = {"ada": cast.child, "sam": cast.young_person, "noor": cast.student}[of]
    who = own if name == "young person" else cast.people[name]
    before = everywhere(who, pupil, cycle)
    confirmed(cast, pupil, cast.colleague, sections=list(Section), at=AT - SECOND)
    confirmed(cast, pupil, None, at=AT - SECOND)
    for section in Section:
        access.look(cast.colleague, pupil.pk, section, AT - SECOND)
    after = everywhere(who, pupil, cycle)
    assert {
        href for href, page in after.items() if MARKS.search(page) and not MARKS.search(before[href])
    } == set()

    def told_by(page: str) -> list[str]:
        return sorted(MARKS.findall(page))

    assert {h: told_by(p) for h, p in after.items()} == {h: told_by(p) for h, p in before.items()}


def test_once_they_are_told_the_same_search_finds_it_on_their_pages_alone(cast: Cast) -> None:
    cycle = write_record(cast, cast.sam, family_speaks=False).cycle
    confirmed(cast, cast.sam, cast.colleague, sections=list(Section), at=AT - SECOND, **told())
    access.look(cast.colleague, cast.sam.pk, Section.PLAN, AT)
    seen = {
        name: {
            href
            for href, page in everywhere(cast.people[name], cast.sam, cycle).items()
            if "Col Ives" in page
        }
        for name in ("young_person", "senco", "teacher", "parent", "professional")
    }
    own = {address(n, cast.sam.pk) for n in ("who_looked", "mine", "disclosures", "needs", "plan")}
    assert own <= seen["young_person"]
    assert f"/api/v1/pupils/{cast.sam.pk}/overrides/" in seen["young_person"]
    assert f"/api/v1/pupils/{cast.sam.pk}/access-log/" in seen["young_person"]
    # The SENCO's circle page offers every member of staff as a key adult, whatever was opened to them.
    assert seen["senco"] <= {address("circle", cast.sam.pk)}
    assert [seen[n] for n in ("teacher", "parent", "professional")] == [set(), set(), set()]


# Whoever has only this ground --------------------------------------------------------------------------------

LINK = re.compile(r'(?:href|action)="(/[^"#?]*)')
FORM = re.compile(r'<form[^>]*method="post"[^>]*>')


@pytest.mark.parametrize(
    ("of", "name", "only"),
    [
        ("ada", "colleague", "everything"),
        ("sam", "parent", "everything"),
        ("noor", "professional", "everything"),
        *(("noor", "colleague", section) for section in Section),
    ],
)
def test_they_read_what_was_shared_and_no_draft_and_every_link_they_are_given_opens(
    cast: Cast, of: str, name: str, only: str
) -> None:
    pupil, who = cast.pupils[of], cast.people[name]
    write_record(cast, pupil, family_speaks=of == "ada")
    sections = list(Section) if only == "everything" else [Section(only)]
    confirmed(cast, pupil, who, sections=sections, at=AT - SECOND)
    browser = as_(who)
    home = browser.get(address("home"))
    assert pupil.name in words(home)
    todo, seen = [address("pupil", pupil.pk)], set()
    while todo:
        href = todo.pop()
        if href in seen or str(pupil.pk) not in href:
            continue
        seen.add(href)
        page = browser.get(href, follow=True)
        assert page.status_code == 200, href
        text = text_of(page)  # of paper as well
        assert "DRAFT" not in text, href
        assert "REMOVED" not in text, href
        forms = [f for f in FORM.findall(text) if "sign-out" not in f and "data-forget" not in f]
        assert forms == [], href
        todo += [link for link in LINK.findall(text) if "/pupils/" in link]
    open_pages = {h.rstrip("/").rsplit("/", 1)[1] for h in seen} & set(Section)
    assert open_pages == {s.value for s in sections}
    words_seen = browser.get(address("needs", pupil.pk))
    assert ("SHARED-need" in words_seen.content.decode()) == (Section.NEEDS in sections)


@pytest.mark.parametrize("of", ["ada", "noor"])
def test_they_act_in_nothing(cast: Cast, of: str) -> None:
    pupil = cast.pupils[of]
    record = write_record(cast, pupil, family_speaks=of == "ada")
    confirmed(cast, pupil, cast.colleague, sections=list(Section), at=AT - SECOND)
    browser, ids = as_(cast.colleague), record.ids
    before = AuditEvent.objects.count()
    for href in (
        address("propose", pupil.pk),
        address("say_views", pupil.pk),
        address("record_views", pupil.pk),
        address("edit_profile", pupil.pk),
        address("updates", pupil.pk),
        address("answer_plan", pupil.pk, ids["version"]),
        address("comment_plan", pupil.pk, ids["version"]),
        address("log_step", ids["step"]),
        address("answer_strategy", ids["strategy"]),
        address("add_item", ids["cycle"], "need"),
        address("share", ids["cycle"]),
        address("circle", pupil.pk),
        address("record_capacity", pupil.pk),
        address("competence", pupil.pk),
    ):
        assert browser.post(href, {"words": "Mine."}).status_code in (403, 405), href
    assert browser.get(address("cycle", ids["cycle"])).status_code == 403
    assert AuditEvent.objects.count() == before


def test_a_teacher_reads_no_draft_of_what_is_open_to_them_by_it(cast: Cast) -> None:
    """Sam decides, and key adults keep the profile, the plan and what helps: the needs are open by the disclosure."""
    write_record(cast, cast.sam, family_speaks=False)
    confirmed(cast, cast.sam, cast.teacher, sections=[Section.NEEDS], at=AT - SECOND)
    page = as_(cast.teacher).get(address("needs", cast.sam.pk)).content.decode()
    assert ("SHARED-need" in page, "DRAFT" in page) == (True, False)
    assert as_(cast.teacher).get(address("pupil", cast.sam.pk)).status_code == 200


def test_a_teacher_to_whom_only_the_needs_are_open_comes_to_them(cast: Cast) -> None:
    write_record(cast, cast.noor, family_speaks=False)
    assert Strategy.objects.filter(place=Place.SETTING, words__startswith="DRAFT").exists()
    confirmed(cast, cast.noor, cast.teacher, sections=[Section.NEEDS, Section.STRATEGIES], at=AT - SECOND)
    way_in = as_(cast.teacher).get(address("pupil", cast.noor.pk))
    assert (way_in.status_code, way_in["Location"]) == (302, address("strategies", cast.noor.pk))
    page = as_(cast.teacher).get(way_in["Location"]).content.decode()
    assert ("SHARED-strategy" in page, "DRAFT" in page) == (True, False)


# What it costs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "who", "queries"),
    [
        ("safeguarding", "dsl", 5),
        ("pupil_safeguarding", "dsl", 8),
        ("ask_disclosure", "dsl", 14),
        ("disclosures", "young_person", 6),
        ("home", "dsl", 12),
    ],
)
def test_pages_ask_the_same_of_one_row_and_three(cast: Cast, where: str, who: str, queries: int) -> None:
    browser = as_(cast.people[who])
    args = [] if where in ("safeguarding", "home") else [cast.sam.pk]
    for number in range(3):
        confirmed(cast, cast.sam, [cast.colleague, cast.teacher, None][number], **told())
        confirmed(cast, cast.sam, cast.parent)
        asked(cast, cast.sam, cast.teacher)
        if number in (0, 2):
            assert count(browser, address(where, *args)) == queries
    services.write_profile(pupil=cast.sam, number=0, by=cast.senco, at=AT, people_like="x", how_made="x")
    assert AT.date() < UNTIL
