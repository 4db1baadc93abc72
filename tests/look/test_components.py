"""Each component of the look, from plain values to markup."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.template import Context, Template

LEVELS = ["Not yet", "With help", "Sometimes", "On her own"]
KINDS = ["due", "overdue", "unheard", "noview", "nolog", "done", "draft", "shared", "agreed", "disagreed"]


def draw(call: str, **values: Any) -> str:
    return Template("{% load alongside %}{% " + call + " %}").render(Context(values))


def words(html: str) -> str:
    """What is read out: the text without the tags, its white space closed up."""
    return re.sub(r"\s+([,.:])", r"\1", " ".join(re.sub(r"<[^>]+>", " ", html).split()))


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        ("assess", "Where we are: Assess, stage 1 of 4"),
        ("plan", "Where we are: Plan, stage 2 of 4"),
        ("do", "Where we are: Do, stage 3 of 4"),
        ("review", "Where we are: Review, stage 4 of 4"),
        ("closed", "The cycle: all four done"),
        (None, "The cycle: not begun"),
    ],
)
def test_the_cycle_picture_says_where_we_are_in_words(stage: str | None, told: str) -> None:
    drawn = [draw("cycle_picture stage size=size", stage=stage, size=size) for size in ("large", "small")]
    assert [re.findall(r"<title>(.*?)</title>", html) for html in drawn] == [[told], [told]]
    assert [html.count("al-ring__stage ") for html in drawn] == [4, 4]


def test_the_cycle_picture_tells_which_stages_are_done_here_and_to_come() -> None:
    html = draw("cycle_picture 'do'")
    assert re.findall(r"<desc>(.*?)</desc>", html) == [
        "Assess: done. Plan: done. Do: we are here. Review: to come."
    ]


def test_a_step_without_notes_says_so_and_draws_nothing() -> None:
    html = draw("progress_line levels entries label='Packs her bag' goal=3", levels=LEVELS, entries=[])
    assert words(html) == "Packs her bag No notes yet. We hope for: On her own."
    assert "<svg" not in html


def test_a_step_s_line_has_a_dot_for_each_note_and_the_same_in_words() -> None:
    entries = [
        {"on": date(2026, 9, 3), "level_index": 0, "note": "Walked out."},
        {"on": date(2026, 9, 10), "level_index": 1, "note": ""},
    ]
    html = draw("progress_line levels entries label='Uses her card' goal=3", levels=LEVELS, entries=entries)
    assert html.count("<circle") == 2
    assert "Now: With help, 10 September 2026. First note: Not yet, 3 September 2026." in words(html)
    assert words(html).endswith("10 September 2026: With help. 3 September 2026: Not yet. Walked out.")


def test_a_note_without_a_level_is_told_and_never_drawn_at_the_lowest() -> None:
    entries = [{"on": date(2026, 9, 3), "level_index": None, "note": "Ada was away."}]
    html = draw("progress_line levels entries", levels=LEVELS, entries=entries)
    assert "<svg" not in html
    assert words(html) == (
        "Notes so far have no level. Read the note 3 September 2026: no level noted. Ada was away."
    )


def test_a_long_history_draws_its_last_twenty_notes_and_tells_all() -> None:
    entries = [{"on": date(2026, 9, 1 + i), "level_index": i % 4, "note": ""} for i in range(25)]
    html = draw("progress_line levels entries", levels=LEVELS, entries=entries)
    assert html.count("<circle") == 20
    assert html.count("<li>") == 25
    assert "The drawing shows the last 20." in html


@pytest.mark.parametrize("count", [1, 2, 4, 5, 7, 10, 21])
def test_the_line_stays_inside_its_drawing_on_every_scale(count: int) -> None:
    levels = [f"Much more than was expected {i}" for i in range(count)]
    entries = [{"on": None, "level_index": i, "note": ""} for i in range(count)]
    html = draw("progress_line levels entries goal=0", levels=levels, entries=entries)
    width, height = (float(n) for n in re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', html)[0])
    dots = [(float(x), float(y)) for x, y in re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', html)]
    assert all(0 < x < width and 0 < y < height for x, y in dots)


def test_up_to_three_people_are_named_and_more_are_folded_away() -> None:
    assert words(draw("who_can_see people", people=[])) == "Who can see this: nobody else yet"
    three = draw("who_can_see people", people=["Ada", {"name": "Grace Okoro", "role": "teacher"}, "Sam"])
    assert words(three) == "Who can see this: Ada, Grace Okoro (teacher), Sam"
    five = draw("who_can_see people", people=["Ada", "Bo", "Cy", "Di", "Ed"])
    assert words(five) == "Who can see this: Ada, Bo, Cy and 2 more Ada Bo Cy Di Ed"
    assert "<details" in five
    assert "<details" not in three


@pytest.mark.parametrize("kind", [*KINDS, "waiting", "stopped", "new", "private"])
def test_a_tag_has_a_picture_and_a_word(kind: str) -> None:
    html = draw("status_tag kind", kind=kind)
    assert "<svg" in html
    assert words(html)


def test_what_changed_is_told_in_words() -> None:
    changes = [
        {"kind": "added", "what": "Home idea", "after": "A picture on the fridge"},
        {"kind": "changed", "what": "By when", "before": "12 December", "after": "30 January"},
        {"kind": "gone", "what": "Sits at the front", "before": "She does not like it"},
    ]
    assert words(draw("changes_since changes since=day", changes=changes, day=date(2026, 9, 3))) == (
        "What changed since 3 September 2026 Added Home idea A picture on the fridge "
        "Changed By when Before: 12 December Now: 30 January Gone Sits at the front It said: She does not like it"
    )
    assert words(draw("changes_since changes", changes=[])) == "Nothing has changed."


def test_a_child_s_words_stay_as_the_child_said_them() -> None:
    html = draw("child_words words who='Ada' how='With symbols'", words="I dont like <b>bells</b>\nor crowds")
    assert "I dont like &lt;b&gt;bells&lt;/b&gt;<br>or crowds" in html


@pytest.mark.parametrize(
    "call",
    [
        "celebrate bad",
        "empty_state bad text=bad href='/x/' action=bad",
        "person_line bad role=bad note=bad",
        "pupil_card bad '/x/' sentence=bad group=bad tags=tags action_href='/x/' action=bad",
        "step_card bad '/x/' words=bad level=bad",
        "section_heading bad href='/x/' action=bad who=people",
        "timeline events",
        "why_line bad",
        "back_link '/x/' bad",
        "pages_nav previous='/x/' next='/y/' next_text=bad",
        "progress_line levels entries label=bad",
        "changes_since changes since=bad",
        "who_can_see people",
    ],
)
def test_nothing_a_person_wrote_becomes_markup(call: str) -> None:
    bad = "<script>alert(1)</script>"
    html = draw(
        call,
        bad=bad,
        tags=[("due", bad)],
        people=[bad, {"name": bad, "role": bad}],
        events=[{"on": bad, "title": bad, "text": bad, "by": bad}],
        levels=[bad, bad],
        entries=[{"on": bad, "level_index": 0, "note": bad}],
        changes=[{"kind": "changed", "what": bad, "before": bad, "after": bad}],
    )
    assert "&lt;script&gt;" in html
    assert "<script" not in html


def test_a_picture_that_is_not_shipped_shows_nothing() -> None:
    assert draw("emoji 'star'") == (
        '<img class="al-picture al-picture--m" src="/static/openmoji/1F31F.svg" alt="" '
        'width="48" height="48" loading="lazy">'
    )
    assert draw("emoji 'unheard-of'") == ""


def test_dates_are_said_in_local_time() -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert Template("{% load alongside %}{{ late|day }}").render(Context({"late": late})) == "1 July 2026"


def test_one_page_of_a_list_needs_no_paging() -> None:
    assert words(draw("pages_nav")) == ""
