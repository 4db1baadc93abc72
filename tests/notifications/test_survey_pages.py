"""Making a survey, answering it and reading what came of it, as its people walk through the pages."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from notifications.models import Survey, SurveyAnswer, SurveyQuestion, SurveyResponse
from tests.apdr.pages import errors, hidden, send, words
from tests.api.asking import ask
from tests.api.record import token_of
from tests.cast import AT, Cast
from tests.notifications.surveying import DAY, answer, draft, opened, over, parents
from tests.routes import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def typed(**more: Any) -> dict[str, Any]:
    days = {
        "opens_on_0": 10,
        "opens_on_1": 3,
        "opens_on_2": 2026,
        "last_day_0": 20,
        "last_day_1": 3,
        "last_day_2": 2026,
    }
    said = {
        "title": "How do we keep in touch?",
        "why": "To do it better.",
        "audiences": ["parent"],
        "names": "anonymous",
    }
    return {**said, **days, **more}


def test_a_senco_makes_a_survey_and_opens_it(cast: Cast) -> None:
    senco = browser(cast.senco)
    add = reverse("add_survey", args=[cast.hazelmere.pk])
    refused = send(senco, add, **typed(title="", last_day_0=9))
    assert (refused.status_code, Survey.objects.count()) == (422, 0)
    assert "The last day cannot be before the first." in str(errors(refused))
    assert "To do it better." in refused.content.decode()
    before = senco.get(add)
    made = [senco.post(add, {**hidden(before), **typed()}) for _ in range(2)][-1]
    survey = Survey.objects.get()
    assert (survey.last_day, survey.closes_on) == (date(2026, 3, 20), date(2026, 3, 21))
    assert made["Location"] == reverse("survey", args=[survey.pk])
    question = reverse("add_question", args=[survey.pk])
    wrong = send(senco, question, words="How?", kind="one", choices="By phone")
    assert (wrong.status_code, "2 to 8" in str(errors(wrong))) == (422, True)
    assert "By phone" in wrong.content.decode()
    send(senco, question, words="How?", kind="one", choices="By phone\n\nOn paper")
    send(senco, question, words="Do you feel welcome?", kind="scale")
    send(senco, question, words="What else?", kind="words", choices="not for this kind")
    rows = list(SurveyQuestion.objects.order_by("position"))
    assert [(row.kind, row.choices) for row in rows] == [
        ("one", ["By phone", "On paper"]),
        ("scale", []),
        ("words", []),
    ]
    senco.post(reverse("mark_question", args=[rows[1].pk]), {"do": "up"})
    senco.post(reverse("mark_question", args=[rows[2].pk]), {"do": "remove"})
    page = senco.get(reverse("survey", args=[survey.pk]))
    assert words(page).index("feel welcome") < words(page).index("How?")
    survey.refresh_from_db()
    press = reverse("mark_survey", args=[survey.pk])
    old = senco.post(press, {"do": "open", "version": survey.version - 1}, follow=True)
    assert "Somebody changed it" in words(old)
    senco.post(press, {"do": "open", "version": survey.version})
    survey.refresh_from_db()
    assert survey.opened_at == AT
    assert senco.get(reverse("edit_survey", args=[survey.pk])).status_code == 302
    assert send_raw(senco, question, words="More?", kind="scale", key=uuid4()).status_code == 422


def send_raw(client: Any, href: str, **typed: Any) -> Any:
    return client.post(href, typed)


def test_a_question_of_a_draft_is_changed_and_none_of_an_open_survey(cast: Cast) -> None:
    survey = draft(cast)
    senco = browser(cast.senco)
    scale, one, __ = survey.questions.all()
    href = reverse("edit_question", args=[one.pk])
    assert href in senco.get(reverse("survey", args=[survey.pk])).content.decode()
    page = senco.get(href)
    assert "By e-mail\nOn paper\nBy phone" in page.content.decode()
    wrong = send(senco, href, words="How?", kind="one", choices="By phone")
    assert (wrong.status_code, "2 to 8" in str(errors(wrong))) == (422, True)
    saved = send(senco, href, words="How do we tell you?", kind="one", choices="By phone\nOn paper")
    assert saved["Location"] == reverse("survey", args=[survey.pk])
    old = senco.post(href, {**hidden(page), "words": "In what way?", "kind": "words", "choices": ""})
    assert old.status_code == 409
    assert ("How do we tell you?" in words(old), "In what way?" in words(old)) == (True, True)
    one.refresh_from_db()
    assert (one.words, one.choices, one.position) == ("How do we tell you?", ["By phone", "On paper"], 1)
    assert (
        send(senco, href, words="What else?", kind="words", choices="x\ny")["Location"] == saved["Location"]
    )
    one.refresh_from_db()
    assert (one.words, one.kind, one.choices) == ("What else?", "words", [])
    survey.refresh_from_db()
    last = senco.get(reverse("edit_question", args=[scale.pk]))
    stale = {"do": "open", "version": survey.version}
    send(senco, reverse("edit_question", args=[scale.pk]), words="Welcome?", kind="scale", choices="")
    senco.post(reverse("mark_survey", args=[survey.pk]), stale)
    survey.refresh_from_db()
    assert survey.opened_at is None  # it was opened as somebody had read it before the last change
    senco.post(reverse("mark_survey", args=[survey.pk]), {**stale, "version": survey.version})
    late = senco.post(
        reverse("edit_question", args=[scale.pk]), {**hidden(last), "words": "Late?", "kind": "scale"}
    )
    assert late.status_code == 302
    scale.refresh_from_db()
    assert scale.words == "Welcome?"
    for who in ("parent", "teacher", "leader", "stranger"):
        assert browser(getattr(cast, who)).get(href).status_code == 404, who


def test_a_draft_that_a_colleague_changed_meanwhile_is_shown_beside_what_was_typed(cast: Cast) -> None:
    survey = draft(cast)
    senco, href = browser(cast.senco), reverse("edit_survey", args=[survey.pk])
    opened_first = senco.get(href)
    send(senco, href, **typed(title="Theirs"))
    clash = senco.post(href, {**hidden(opened_first), **typed(title="Mine")})
    assert clash.status_code == 409
    assert {"Theirs", "Mine"} <= set(words(clash).replace(",", " ").split())
    survey.refresh_from_db()
    assert survey.title == "Theirs"


def test_a_parent_finds_it_on_their_first_page_answers_once_and_it_needs_them_no_more(cast: Cast) -> None:
    survey = opened(cast)
    parent, href = browser(cast.parent), reverse("answer_survey", args=[survey.pk])
    scale, __, own = (str(row.pk) for row in survey.questions.all())
    assert f'href="{href}"' in parent.get("/").content.decode()
    page = parent.get(href)
    told = words(page)
    assert told.index("No name stands beside the answers") < told.index("Do you feel welcome here?")
    assert "Please write no names" in told
    assert "data-draft" not in page.content.decode().split("<main")[1]
    nothing = send(parent, href)
    assert (nothing.status_code, errors(nothing)) == (422, ["Answer at least one question."])
    assert re.search(
        rf'<a href="#id_{scale}[^"]*">Answer at least one question.</a>', nothing.content.decode()
    )
    too_long = send(parent, href, **{scale: "1", own: "x" * 1001})
    assert too_long.status_code == 422
    assert "checked" in too_long.content.decode()
    assert "x" * 1001 in too_long.content.decode()
    second_tab = hidden(parent.get(href))
    assert send(parent, href, **{scale: "0", own: "Ring."}).status_code == 302
    again = parent.post(href, {**second_tab, scale: "4", own: "Another"}, follow=True)
    assert "You have answered already" in words(again)
    assert (SurveyResponse.objects.count(), set(SurveyAnswer.objects.values_list("choice", "words"))) == (
        1, {(0, ""), (None, "Ring.")},
    )  # fmt: skip
    assert href not in parent.get("/").content.decode()
    done = words(parent.get(href))
    assert "You have answered" in done
    assert "Ring." not in done
    assert "You answered" in words(parent.get(reverse("my_surveys")))


def test_with_names_what_was_sent_can_be_changed_and_an_old_window_is_told(cast: Cast) -> None:
    survey = opened(cast, anonymous=False)
    parent, href = browser(cast.parent), reverse("answer_survey", args=[survey.pk])
    scale, __, own = (str(row.pk) for row in survey.questions.all())
    assert "Your name stands beside your answers" in words(parent.get(href))
    old = hidden(parent.get(href))
    send(parent, href, **{scale: "0", own: "Ring."})
    assert "Ring." in parent.get(href).content.decode()
    clash = parent.post(href, {**old, scale: "4", own: "Write."})
    assert (clash.status_code, "Write." in clash.content.decode()) == (409, True)
    assert "in another window" in str(errors(clash))
    assert SurveyAnswer.objects.get(choice=None).words == "Ring."
    assert parent.post(href, {**hidden(clash), scale: "4", own: "Write."}).status_code == 302
    assert SurveyAnswer.objects.get(choice=None).words == "Write."
    assert SurveyResponse.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "asked"),
    [
        ("teacher", 404),
        ("restricted_parent", 404),
        ("stranger", 404),
        ("left", 404),
        ("senco", 404),
        ("other_parent", 200),
    ],
)
def test_whoever_is_not_asked_has_no_such_page(cast: Cast, who: str, asked: int) -> None:
    survey = opened(cast)
    client, href = browser(getattr(cast, who)), reverse("answer_survey", args=[survey.pk])
    assert client.get(href).status_code == asked
    if asked == 404:
        assert client.post(href, {str(survey.questions.first().pk): "0", "version": 0}).status_code == 404  # type: ignore[union-attr]
        assert href not in client.get(reverse("my_surveys")).content.decode()
    assert SurveyResponse.objects.count() == 0


def test_a_draft_and_what_is_to_open_is_nobodys_to_answer(cast: Cast) -> None:
    for survey in (draft(cast), opened(cast, opens_on=(AT + DAY).date())):
        assert browser(cast.parent).get(reverse("answer_survey", args=[survey.pk])).status_code == 404
    assert "How do we keep in touch?" not in words(browser(cast.parent).get(reverse("my_surveys")))


def test_results_are_the_sencos_first_and_once_published_of_all_who_were_asked(cast: Cast) -> None:
    survey = over(cast)
    href, senco, parent = (
        reverse("survey_results", args=[survey.pk]),
        browser(cast.senco),
        browser(cast.parent),
    )
    assert parent.get(href).status_code == 404
    page = words(senco.get(href))
    assert "=Ring us" in page
    assert "7 58 " in page
    told = send(senco, href, told="We ring on Mondays.")
    assert told.status_code == 302
    read = words(parent.get(href))
    assert "We ring on Mondays." in read
    assert "12 people answered" in read
    assert "7 58 " in read
    assert "Ring us" not in read
    assert parent.post(href, {"told": "x", "version": 3}).status_code == 404
    assert browser(cast.restricted_parent).get(href).status_code == 404
    assert browser(cast.stranger).get(href).status_code == 404
    assert href in parent.get(reverse("my_surveys")).content.decode()
    old = senco.post(href, {"told": "Other", "version": survey.version})
    assert (old.status_code, "We ring on Mondays." in words(old)) == (409, True)


def test_small_numbers_stand_nowhere_whoever_reads_them_and_however(cast: Cast) -> None:
    survey = opened(cast, at=AT - 9 * DAY, opens_on=(AT - 8 * DAY).date())
    for n, one in enumerate(parents(cast, 14)):
        answer(survey, one, at=AT - DAY, scale=0 if n < 7 else 1 if n < 12 else 2, words=f"Words {n}")
    Survey.objects.filter(pk=survey.pk).update(closes_on=AT.date())
    page, file = (reverse(name, args=[survey.pk]) for name in ("survey_results", "survey_csv"))
    by_program = f"/api/v1/surveys/{survey.pk}/results/"

    def on_page(who: User) -> list[list[str]]:
        first = browser(who).get(page).content.decode().split("<tbody>")[1].split("</tbody>")[0]
        return [
            re.sub(r"<[^>]*>|\s+", " ", cell).split()
            for cell in re.findall(r"<tr>(.*?)</tr>", first, re.DOTALL)
        ]

    def asked(who: User) -> list[int | None]:
        told = ask(token_of(who), "GET", by_program).json()
        assert [line["by"] for line in told["questions"][0]["lines"]] == [[]] * 6
        return [line["number"] for line in told["questions"][0]["lines"]]

    out = ["left", "out", "left", "out"]
    labels = ["Yes, a bit", "Not sure", "Not really", "Not at all", "No answer to this"]
    rows = [["Yes,", "a", "lot", "7", "50"], *([*label.split(), *out] for label in labels)]
    numbers = [7, None, None, None, None, None]
    assert (on_page(cast.senco), asked(cast.senco)) == (rows, numbers)
    lines = browser(cast.senco).get(file).content.decode("utf-8-sig").splitlines()
    assert lines[1:7] == [
        'Do you feel welcome here?,"Yes, a lot",All,7,50',
        'Do you feel welcome here?,"Yes, a bit",All,left out,',
        *(f"Do you feel welcome here?,{label},All,left out," for label in labels[1:]),
    ]
    send(browser(cast.senco), page, told="We heard you.")
    assert (on_page(cast.parent), asked(cast.parent)) == (rows, numbers)
    assert "Words 3" in words(browser(cast.senco).get(page))
    assert "Words" not in words(browser(cast.parent).get(page))
    told = ask(token_of(cast.parent), "GET", by_program).json()
    assert [one["own_words"] for one in told["questions"]] == [[], [], []]


def test_results_wait_until_it_has_closed(cast: Cast) -> None:
    survey = opened(cast)
    senco = browser(cast.senco)
    assert senco.get(reverse("survey_results", args=[survey.pk])).status_code == 302
    assert senco.get(reverse("survey_csv", args=[survey.pk])).status_code == 404
    senco.post(reverse("mark_survey", args=[survey.pk]), {"do": "end", "version": survey.version})
    assert senco.get(reverse("survey_results", args=[survey.pk])).status_code == 200


def test_a_file_of_the_results_runs_nothing_and_names_nobody(cast: Cast) -> None:
    survey = over(cast)
    href = reverse("survey_csv", args=[survey.pk])
    told = browser(cast.senco).get(href)
    text = told.content.decode("utf-8-sig")
    assert "'=Ring us" in text
    assert "Parent 5" not in text
    assert 'Do you feel welcome here?,"Yes, a lot",All,7,58' in text
    assert "Do you feel welcome here?,Not sure,All,0," not in text
    for who in ("parent", "teacher", "leader", "stranger"):
        assert browser(getattr(cast, who)).get(href).status_code == 404, who
    with_names = over_named(cast)
    text = browser(cast.senco).get(reverse("survey_csv", args=[with_names.pk])).content.decode("utf-8-sig")
    assert "Pam Lovelace,Parent carers" in text


def over_named(cast: Cast) -> Survey:
    survey = opened(cast, anonymous=False)
    answer(survey, cast.parent, words="Ring.")
    Survey.objects.filter(pk=survey.pk).update(ended_at=AT)
    return survey


def test_pages_ask_the_database_as_often_however_many_there_are(cast: Cast) -> None:
    def queries(who: str, href: str) -> int:
        client = browser(getattr(cast, who))
        client.get(href)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(href).status_code == 200
        return len(asked)

    first = over(cast)
    pages = [
        ("senco", reverse("setting_surveys", args=[cast.hazelmere.pk])),
        ("senco", reverse("survey", args=[first.pk])),
        ("senco", reverse("survey_results", args=[first.pk])),
        ("parent", reverse("my_surveys")),
        ("parent", "/"),
    ]
    opened(cast)
    once = [queries(*page) for page in pages]
    for one in range(2):
        opened(cast, title=f"Another {one}")
    assert [queries(*page) for page in pages] == once
    assert max(once) <= 15


# By program ------------------------------------------------------------------------------------------------------


def test_by_program_a_survey_is_made_opened_answered_once_and_published(cast: Cast) -> None:
    senco, parent = token_of(cast.senco), token_of(cast.parent)
    setting = f"/api/v1/settings/{cast.hazelmere.pk}/surveys/"
    body = {"title": "Meals", "why": "To cook well.", "audiences": ["parent"], "anonymous": True,
            "opens_on": "2026-03-10", "closes_on": "2026-03-20"}  # fmt: skip
    made = ask(senco, "POST", setting, body).json()
    href = f"/api/v1/surveys/{made['id']}/"
    assert ask(parent, "GET", href).status_code == 404
    asked = {
        "version": 1,
        "questions": [{"kind": "scale", "words": "Warm?"}, {"kind": "words", "words": "Else?"}],
    }
    whole = ask(senco, "PUT", f"{href}questions/", asked).json()
    assert ask(senco, "POST", f"{href}open/", {"version": 1}).status_code == 409
    assert ask(senco, "POST", f"{href}open/", {"version": whole["version"]}).json()["state"] == "open"
    assert [one["survey"]["id"] for one in ask(parent, "GET", "/api/v1/me/surveys/").json()] == [made["id"]]
    scale, own = (one["id"] for one in whole["questions"])
    wrong = ask(parent, "POST", f"{href}answer/", {"answers": [{"question": scale, "choice": 7}]})
    assert (wrong.status_code, scale in wrong.json()["fields"]) == (400, True)
    foreign = ask(parent, "POST", f"{href}answer/", {"answers": [{"question": str(uuid4()), "choice": 1}]})
    assert foreign.status_code == 400
    for choice in (0, 4):
        sent = ask(
            parent,
            "POST",
            f"{href}answer/",
            {"answers": [{"question": scale, "choice": choice}, {"question": own, "words": "Soup"}]},
        )
        assert (sent.status_code, sent.json()["answered"], sent.json()["answers"]) == (201, True, [])
    assert set(SurveyAnswer.objects.values_list("choice", "words")) == {(0, ""), (None, "Soup")}
    assert ask(senco, "GET", f"{href}results/").status_code == 409
    assert ask(senco, "POST", f"{href}end/", {"version": whole["version"] + 1}).json()["state"] == "closed"
    results = ask(senco, "GET", f"{href}results/").json()
    assert (results["answered"], results["questions"][1]["own_words"]) == (None, [])
    assert ask(parent, "GET", f"{href}results/").status_code == 404
    ask(senco, "POST", f"{href}publish/", {"version": whole["version"] + 2, "told": "We cook soup."})
    assert ask(parent, "GET", f"{href}results/").json()["survey"]["told"] == "We cook soup."
    assert ask(token_of(cast.stranger), "GET", f"{href}results/").status_code == 404
