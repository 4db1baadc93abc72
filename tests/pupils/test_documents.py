"""A setting's documents: kept in versions, published to anybody, taken back at once, and talked about with families."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from pupils import documents
from pupils.models import Document, DocumentComment, DocumentVersion
from pupils.plain_text import html
from pupils.views_documents import PACE
from tests.apdr.pages import words
from tests.cast import AT, Cast
from tests.routes import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
TEXT = "# How we help\nWe ask <b>you</b>.\n\n- one\n- two\n\nSee https://help.example/a?b=1&c=2 now."


def send(client: Client, href: str, **typed: Any) -> Any:
    return client.post(href, typed)


def written(cast: Cast, **more: object) -> Document:
    said = {"title": "SEN information report", "kind": "sen_report", "text": TEXT, **more}
    return documents.write(setting=cast.hazelmere, by=cast.senco, at=AT, **said)  # type: ignore[arg-type]


def test_text_has_headings_and_lists_and_nothing_typed_is_markup() -> None:
    assert html(TEXT) == (
        '<h2 class="govuk-heading-m">How we help</h2>\n'
        '<p class="govuk-body">We ask &lt;b&gt;you&lt;/b&gt;.</p>\n'
        '<ul class="govuk-list govuk-list--bullet"><li>one</li><li>two</li></ul>\n'
        '<p class="govuk-body">See <a href="https://help.example/a?b=1&amp;c=2" rel="nofollow">'
        "https://help.example/a?b=1&amp;c=2</a> now.</p>"
    )
    told = html("### Deep\n## x\n[a](javascript:alert(1)) <script>alert(1)</script> javascript:alert(1)")
    assert told.startswith('<h2 class="govuk-heading-m">Deep</h2>\n<h3')
    assert ("<script" in told, "href" in told) == (False, False)


def test_a_document_is_published_read_by_anybody_and_taken_back_at_once(cast: Cast) -> None:
    row = written(cast)
    senco, anybody = browser(cast.senco), Client()
    public = reverse("published_document", args=[cast.hazelmere.pk, row.pk])
    every = reverse("published", args=[cast.hazelmere.pk])
    api = f"/api/v1/published/{cast.hazelmere.pk}/"
    asked = (public, every, api)
    assert [anybody.get(href).status_code for href in asked] == [404, 404, 404]
    publish = reverse("publish_document", args=[row.pk])
    send(senco, publish, version=1)
    told = [anybody.get(href) for href in asked]
    assert [answer.status_code for answer in told] == [200, 200, 200]
    assert {answer["Cache-Control"] for answer in told[:2]} == {"no-store, private"}
    assert "How we help" in words(told[0])
    assert told[2].json()[0]["text"] == TEXT
    edit = reverse("edit_document", args=[row.pk])
    typed = {"title": "Our report", "kind": "sen_report", "text": "# Better", "version": 1}
    assert send(senco, edit, **typed).status_code == 302
    assert "Better" not in words(anybody.get(public))  # until it is published again
    stale = send(senco, edit, **{**typed, "text": "# Other"})
    assert (stale.status_code, "# Other" in words(stale), "# Better" in words(stale)) == (409, True, True)
    send(senco, publish, version=1)  # the version that was looked at is not the latest
    assert "Better" not in words(anybody.get(public))
    send(senco, publish, version=2)
    assert "Better" in words(anybody.get(public))
    send(senco, publish)
    assert [anybody.get(href).status_code for href in asked] == [404, 404, 404]
    assert list(DocumentVersion.objects.values_list("number", "title")) == [
        (2, "Our report"), (1, "SEN information report"),
    ]  # fmt: skip
    for who in ("stranger", "teacher", "parent"):
        assert browser(getattr(cast, who)).get(edit).status_code == 404, who
        assert send(browser(getattr(cast, who)), publish, version=2).status_code == 404, who


def test_families_say_what_they_think_and_hear_what_became_of_it(cast: Cast) -> None:
    row = written(cast)
    page = reverse("document", args=[row.pk])
    parent = browser(cast.parent)
    assert parent.get(page).status_code == 404
    documents.edit(
        document=row, version=1, title="Draft", kind="sen_report", text="# Draft", open_to_families=True,
        by=cast.senco, at=AT,
    )  # fmt: skip
    seen = {who: browser(person).get(page).status_code for who, person in cast.people.items()}
    assert {who for who, status in seen.items() if status == 200} == {
        "senco", "parent", "other_parent", "child", "young_person", "student",
    }  # fmt: skip
    typed = {"words": "~Say it in Polish~", "number": 2, "sent_key": uuid4()}
    assert [send(parent, page, **typed).status_code for _ in range(2)] == [302, 302]
    comment = DocumentComment.objects.get()
    reads = {
        who: "~Say it in Polish~" in browser(getattr(cast, who)).get(page).content.decode()
        for who in ("senco", "parent", "other_parent", "child")
    }
    assert reads == {"senco": True, "parent": True, "other_parent": False, "child": False}
    answer = reverse("answer_comment", args=[comment.pk])
    assert browser(cast.parent).get(answer).status_code == 404
    said = {
        "you_said": "Other languages would help.",
        "we_did": "It is in Polish now.",
        "shown": "on",
        "sent_key": uuid4(),
    }
    assert send(browser(cast.senco), answer, **said).status_code == 302
    documents.publish(document=row, version=2, by=cast.senco, at=AT)
    public = Client().get(reverse("published_document", args=[cast.hazelmere.pk, row.pk]))
    told = public.content.decode()
    assert ("Other languages would help." in told, "~Say it in Polish~" in told, "Pam" in told) == (
        True,
        False,
        False,
    )
    hides = {"you_said": said["you_said"], "we_did": said["we_did"], "shown": False, "sent_key": uuid4()}
    documents.reply(comment=comment, by=cast.senco, at=AT + timedelta(minutes=1), **hides)  # type: ignore[arg-type]
    assert "Other languages" not in Client().get(public.wsgi_request.path).content.decode()


def test_nobody_asks_for_what_is_published_faster_than_anybody_reads(cast: Cast) -> None:
    row = written(cast)
    documents.publish(document=row, version=1, by=cast.senco, at=AT)
    every = reverse("published", args=[cast.hazelmere.pk])
    cache.clear()
    told = {Client().get(every).status_code for _ in range(PACE)}
    assert (told, Client().get(every).status_code) == ({200}, 429)
    cache.clear()
