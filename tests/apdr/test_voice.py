"""What a child says in the way that suits, what comes of it, what is celebrated, and how a plan came about."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse

from accounts import pictures, recordings
from apdr import said_files
from apdr.enums import Answer, Audience, HowObtained, Praise, ProposalKind, StepsAs, Telling
from apdr.models import Celebration, ChildPage, FileWords, View, ViewFile, WayForward
from apdr.services import family, items, voice
from notifications import wanted
from notifications.enums import Kind
from pupils import choices, services
from pupils.choices import Wanted
from pupils.enums import Answer as Choose
from pupils.enums import Section
from pupils.models import AccessLog, Pupil
from reviews.models import WhatWeDid

from ..cast import AT, Cast
from ..notifications.pictures import SCRIPT, bomb, photo, with_place
from . import sounds
from .pages import address, as_, count, errors, hidden, send, words
from .plans import Plan, write_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads_folder")]
HOUR = timedelta(hours=1)


@pytest.fixture
def uploads_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "uploads"


def file(content: bytes, name: str = "said.webm", kind: str = "audio/webm") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


def plan(cast: Cast) -> Plan:
    return write_plan(cast.ada, by=cast.senco, at=AT - timedelta(days=40))


def drawn(cast: Cast, by: str, content: bytes, **more: Any) -> ViewFile:
    how = HowObtained.RECORDED if recordings.kind_of(content) else HowObtained.DREW
    said = family.say_views(pupil=cast.ada, by=cast.people[by], at=AT - HOUR, how=how, file=content, **more)
    return ViewFile.objects.get(view=said)


# What is kept of a file ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sounds.EVERY)
def test_of_a_recording_the_sound_is_kept_and_what_tells_of_it_is_not(kind: str) -> None:
    sent = sounds.EVERY[kind]
    kept = recordings.make_ready(sent)
    assert (kept.kind, b"SECRET" in sent, b"SECRET" in kept.content) == (kind, True, False)
    again = recordings.make_ready(
        kept.content
    )  # what is kept is whole: it is read again, and nothing more goes
    assert again.content == kept.content
    sound = {
        "wav": b"data",
        "mp3": b"\xff\xfb\x90",
        "ogg": b"\xfc" * 40,
        "webm": b"sound",
        "m4a": b"sound" * 9,
    }
    assert sound[kind] in kept.content
    if kind == "ogg":
        begin = kept.content.index(b"OggS", 30)
        page = bytearray(kept.content[begin : kept.content.index(b"OggS", begin + 4)])
        mark, page[22:26] = bytes(page[22:26]), b"\0\0\0\0"
        assert int.from_bytes(mark, "little") == sounds.checksum(bytes(page))


REFUSED: dict[str, tuple[bytes, Any]] = {
    "an SVG with a script in it": (SCRIPT, pictures.NO_PHOTO),
    "a page": (b"<html><script>alert(1)</script>", pictures.NO_PHOTO),
    "a bomb": (bomb(), pictures.TOO_MANY),
    "too many pixels": (photo("PNG", (6000, 6000)), pictures.TOO_MANY),
    "too many bytes": (photo() + b"\0" * pictures.LARGEST, None),
    "a film": (sounds.webm(track=1, codec=b"V_VP8"), recordings.NO_RECORDING),
    "a film of a phone": (sounds.m4a(handler=b"vide"), recordings.NO_RECORDING),
    "a page behind the first bytes of a film": (b"\x1aE\xdf\xa3<script>", recordings.NO_RECORDING),
    "a page behind a tag": (b"ID3\x04\0\0\0\0\0\0<html><script>" * 9, recordings.NO_RECORDING),
    "a recording that ends in the middle": (sounds.webm()[:150], recordings.NO_RECORDING),
    "two streams at once": (
        sounds.ogg() + sounds.ogg().replace(b"\x07\0\0\0", b"\x08\0\0\0"),
        recordings.NO_RECORDING,
    ),
    "boxes in boxes without end": (
        b"\0\0\0\x10ftypM4A \0\0\0\0" + sounds.nested(3000),
        recordings.NO_RECORDING,
    ),
    "a script in a box of sound": (b"RIFF\x20\0\0\0WAVE<script>alert(1)</script>", recordings.NO_RECORDING),
    "a photo where a recording is wanted": (photo(), recordings.NO_RECORDING),
    "a recording where a picture is wanted": (sounds.webm(), pictures.NO_PHOTO),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_picture_and_no_recording_is_refused_beside_it_and_the_words_are_kept(
    cast: Cast, at_ten: datetime, what: str
) -> None:
    content, why = REFUSED[what]
    way = "voice" if why is recordings.NO_RECORDING else "draw"
    child, href = as_(cast.child), address("say_views", cast.ada.pk, query=f"?way={way}")
    post = {**hidden(child.get(href)), "words": "My words.", "audience": "everyone"}
    answer = child.post(href, {**post, "file": file(content)})
    assert answer.status_code == 422
    assert errors(answer)[0] == (str(why) if why else "This file is larger than 12 MB. Choose a smaller one")
    assert "My words." in answer.content.decode()
    assert (View.objects.count(), ViewFile.objects.count()) == (0, 0)


def test_staff_send_either_and_are_told_so_of_what_is_neither(cast: Cast, at_ten: datetime) -> None:
    teacher, href = as_(cast.teacher), address("record_views", cast.ada.pk)
    post = {**hidden(teacher.get(href)), "perspective": "child", "how": "drew", "audience": "everyone"}
    answer = teacher.post(href, {**post, "file": file(SCRIPT)})
    assert (answer.status_code, errors(answer)) == (422, [str(said_files.NEITHER)])
    assert (View.objects.count(), ViewFile.objects.count()) == (0, 0)


def test_where_a_photo_was_taken_is_gone_whatever_it_is_called(cast: Cast, at_ten: datetime) -> None:
    kept = drawn(cast, "child", with_place(comment=b"Chichester"))
    content = said_files.content_of(kept)
    assert content is not None
    assert (kept.kind, b"Secret Phone" in content, b"Chichester" in content) == ("picture", False, False)


# Saying it in the way that suits --------------------------------------------------------------------------------


def test_a_child_says_it_with_a_face_with_pictures_with_a_drawing_with_their_voice_or_not_today(
    cast: Cast, at_ten: datetime
) -> None:
    plan(cast)
    child, page = as_(cast.child), address("say_views", cast.ada.pk)
    said: list[tuple[str, dict[str, Any]]] = [
        ("faces", {"feeling": "very_hard"}),
        ("pictures", {"like": ["music", "friends"], "hard": ["loud"], "words": "Assembly."}),
        ("draw", {"file": file(photo("PNG"), "a.png", "image/png")}),
        ("voice", {"file": file(sounds.webm())}),
        ("voice", {"not_today": "yes"}),
    ]
    for way, typed in said:
        assert send(child, f"{page}?way={way}", audience="everyone", **typed).status_code == 302, way
    rows = [(v.how, v.words, v.feeling, v.symbols, bool(v.file_digest)) for v in View.objects.order_by("pk")]
    assert sorted(rows) == sorted(
        [
            ("scale", "It is very hard.", "very_hard", [], False),
            (
                "symbols",
                "Good for me: Music, My friends. Hard for me: Noise. Assembly.",
                "",
                ["like:music", "like:friends", "hard:loud"],
                False,
            ),
            ("drew", "", "", [], True),
            ("recorded", "", "", [], True),
            ("declined", "", "", [], False),
        ]
    )
    shown = child.get(address("views", cast.ada.pk)).content.decode()
    assert (shown.count("<audio"), shown.count("al-photo"), "chose not to say" in shown) == (1, 1, True)
    nothing = send(child, f"{page}?way=pictures", audience="everyone")
    assert (nothing.status_code, errors(nothing)) == (422, ["Choose one picture or more"])
    may = child.get(f"{page}?way=voice")
    assert "microphone=(self)" in may["Permissions-Policy"]
    assert "blob:" in may["Content-Security-Policy"]
    assert "microphone=()" in child.get(page)["Permissions-Policy"]


def test_a_form_with_a_recording_posted_twice_is_one_view_with_one_file(cast: Cast, at_ten: datetime) -> None:
    child, href = as_(cast.child), address("say_views", cast.ada.pk, query="?way=voice")
    post = {**hidden(child.get(href)), "audience": "everyone"}
    assert [child.post(href, {**post, "file": file(sounds.webm())}).status_code for _ in range(2)] == [
        302,
        302,
    ]
    assert (View.objects.count(), ViewFile.objects.count()) == (1, 1)


def test_staff_write_down_who_wrote_for_a_child_and_whether_word_for_word(
    cast: Cast, at_ten: datetime
) -> None:
    plan(cast)
    teacher, href = as_(cast.teacher), address("record_views", cast.ada.pk)
    post = {"perspective": "child", "how": "scribed", "words": "I like the den.", "audience": "everyone"}
    without = send(teacher, href, **post)
    assert (without.status_code, errors(without)) == (422, ["Say who wrote it down."])
    unsaid = send(teacher, href, **post, scribe="Mrs Hall")
    assert (unsaid.status_code, errors(unsaid)) == (422, ["Say whether it is word for word."])
    assert send(teacher, href, **post, scribe="Mrs Hall", verbatim="yes").status_code == 302
    assert "Mrs Hall wrote it for them, word for word" in words(teacher.get(address("views", cast.ada.pk)))


# Who gets a file ------------------------------------------------------------------------------------------------


def asked(cast: Cast, kept: ViewFile) -> dict[str, int]:
    href = reverse("said_file", args=[kept.pk])
    return {who: as_(person).get(href).status_code for who, person in cast.people.items()}


def test_a_file_goes_to_whoever_hears_the_view_and_to_nobody_else(cast: Cast, at_ten: datetime) -> None:
    everybody = asked(cast, drawn(cast, "child", sounds.wav()))
    assert {who for who, status in everybody.items() if status == 200} == {
        "child",
        "senco",
        "teacher",
        "parent",
        "other_parent",
        "key_adult",
    }
    assert set(everybody.values()) <= {200, 302, 403, 404}  # 302: whoever may not sign in any more
    at_home = asked(cast, drawn(cast, "parent", photo()))
    assert {who for who, status in at_home.items() if status == 200} == {
        "child",
        "senco",
        "teacher",
        "key_adult",
        "parent",
    }
    alone = asked(cast, drawn(cast, "child", photo(size=(30, 30)), audience=Audience.COORDINATOR))
    assert {who for who, status in alone.items() if status == 200} == {"child", "senco"}


def test_a_browser_plays_it_and_keeps_it_nowhere(cast: Cast, at_ten: datetime) -> None:
    kept = drawn(cast, "child", sounds.wav())
    parent, href = as_(cast.parent), reverse("said_file", args=[kept.pk])
    before = AccessLog.objects.count()
    whole = parent.get(href)
    content = said_files.content_of(kept)
    assert (whole.content, whole["Content-Type"]) == (content, "audio/wav")
    assert {
        name: whole[name]
        for name in (
            "Content-Disposition",
            "Content-Security-Policy",
            "X-Content-Type-Options",
            "Cache-Control",
        )
    } == {
        "Content-Disposition": 'inline; filename="recording.wav"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store, private",
    }
    assert content is not None
    part = parent.get(href, headers={"Range": "bytes=4-9"})
    assert (part.status_code, part.content) == (206, content[4:10])
    assert part["Content-Range"] == f"bytes 4-9/{len(content)}"
    end = parent.get(href, headers={"Range": "bytes=-3"})
    assert (end.status_code, end.content) == (206, content[-3:])
    assert parent.get(href, headers={"Range": f"bytes={len(content)}-"}).status_code == 416
    assert AccessLog.objects.count() == before + 1  # parts of one listening are one look
    looked = AccessLog.objects.latest("at")
    assert (looked.person, looked.sections) == (cast.parent, ["views"])


def test_from_hand_over_it_goes_out_by_the_young_persons_choice_until_they_stop_it(
    cast: Cast, at_ten: datetime
) -> None:
    said = family.say_views(
        pupil=cast.noor, by=cast.student, at=AT - HOUR, how=HowObtained.RECORDED, file=sounds.wav()
    )
    href, parent = reverse("said_file", args=[said.file.pk]), as_(cast.parent)
    assert parent.get(href).status_code == 403
    choices.choose(
        pupil=cast.noor, wanted=[Wanted(Section.VIEWS, Choose.YES, person=cast.parent)], by=cast.student,
        at=AT, key=uuid4(), wording="test-1",
    )  # fmt: skip
    assert parent.get(href).status_code == 200
    as_(cast.student).post(reverse("stop_choices", args=[cast.noor.pk, cast.parent.pk]))
    assert parent.get(href).status_code == 403


def test_what_can_be_heard_is_written_down_for_those_who_cannot(cast: Cast, at_ten: datetime) -> None:
    kept = drawn(cast, "child", sounds.wav())
    href = reverse("file_in_words", args=[kept.pk])
    assert as_(cast.parent).get(href).status_code == 403  # they hear it, and it is not theirs to put in words
    teacher = as_(cast.teacher)
    assert send(teacher, href, words="I want to sit by the door.", verbatim="on").status_code == 302
    assert "Word for word: I want to sit by the door." in words(
        as_(cast.parent).get(address("views", cast.ada.pk))
    )
    with pytest.raises(Http404):
        voice.put_in_words(
            file=drawn(cast, "child", photo(), audience=Audience.COORDINATOR),
            words="x",
            sent_key=uuid4(),
            by=cast.teacher,
            at=AT,
        )
    assert FileWords.objects.count() == 1


# You said, we did -----------------------------------------------------------------------------------------------


def test_what_was_said_has_an_answer_that_says_what_it_changed_and_each_reads_it_in_their_own_words(
    cast: Cast, at_ten: datetime
) -> None:
    made = plan(cast)
    month = AT - timedelta(days=31)
    by_child = family.say_views(pupil=cast.ada, by=cast.child, at=month, words="It is too loud.")
    family.say_views(pupil=cast.ada, by=cast.other_parent, at=month, words="Oscar asks for mornings.")
    family.say_views(pupil=cast.ada, by=cast.parent, at=AT - timedelta(days=3), words="Pam is content.")

    def waits(person: Any) -> set[str]:
        pupils = Pupil.objects.filter(pk=cast.ada.pk)
        return {one.words for one in wanted.of_person(person, pupils, AT, [Kind.UNANSWERED])}

    asks = "Somebody said something a month ago. Say what you did about it"
    assert (waits(cast.senco), waits(cast.teacher), waits(cast.parent)) == ({asks}, set(), set())
    assert asks in words(as_(cast.senco).get(reverse("caseload")))

    draft = items.add(
        type(made.strategy),
        cycle=made.cycle,
        place="setting",
        words="A draft nobody shared.",
        by=cast.senco,
        at=AT,
    )
    senco, href = as_(cast.senco), reverse("we_did", args=[cast.ada.pk])
    opened = senco.get(href)
    rows = {v.words: str(v.pk) for v in View.objects.all()}
    post = {
        **hidden(opened),
        f"{rows['It is too loud.']}-words": "We moved your table.",
        f"{rows['It is too loud.']}-changed": f"strategy:{made.strategy.pk}",
        f"{rows['Oscar asks for mornings.']}-words": "We thought about it.",
        f"{rows['Oscar asks for mornings.']}-changed": f"strategy:{draft.pk}",
    }
    assert [senco.post(href, post).status_code for _ in range(2)] == [302, 302]
    assert (WhatWeDid.objects.count(), waits(cast.senco)) == (2, set())

    mine = words(as_(cast.child).get(address("mine", cast.ada.pk)))
    assert "We moved your table. It changed the plan: One instruction at a time." in mine
    oscars = words(as_(cast.other_parent).get(address("plan", cast.ada.pk)))
    assert "We thought about it." in oscars
    assert "A draft nobody shared." not in oscars  # what it changed is told once it is shared
    assert "We thought about it." not in words(as_(cast.parent).get(address("views", cast.ada.pk)))
    assert "One instruction at a time." in words(senco.get(href))
    assert as_(cast.parent).get(href).status_code == 403
    story = words(as_(cast.parent).get(reverse("story", args=["strategy", made.strategy.pk])))
    assert "It changed because of what Ada said" in story
    assert by_child.what_we_did.get().by == cast.senco


def test_a_teacher_answers_what_they_hear_and_nothing_said_to_the_senco_alone(
    cast: Cast, at_ten: datetime
) -> None:
    plan(cast)
    who: dict[str, Any] = {"pupil": cast.ada, "by": cast.child, "at": AT - timedelta(days=31)}
    family.say_views(words="To all.", **who)
    family.say_views(words="To the SENCO.", audience=Audience.COORDINATOR, **who)
    page = words(as_(cast.teacher).get(reverse("we_did", args=[cast.ada.pk])))
    assert ("To all." in page, "To the SENCO." in page) == (True, False)


# A child's own page, and what is celebrated ------------------------------------------------------------------------


def set_page(cast: Cast, **more: Any) -> None:
    how: dict[str, Any] = {"steps_as": StepsAs.CARDS, "aloud": False, "telling": Telling.ME_FIRST, **more}
    now = ChildPage.objects.filter(pupil=cast.ada).first()
    voice.set_page(pupil=cast.ada, version=now.version if now else 0, by=cast.child, at=AT - HOUR, **how)


def test_a_child_likes_one_step_at_a_time_read_aloud_and_two_people_are_not_lost(
    cast: Cast, at_ten: datetime
) -> None:
    plan(cast)
    child, teacher = as_(cast.child), as_(cast.teacher)
    href = reverse("own_page", args=[cast.ada.pk])
    typed = {"steps_as": "one", "telling": "me_first"}
    opened = hidden(teacher.get(href))
    assert send(child, href, **typed, aloud="on").status_code == 302
    late = teacher.post(href, {**opened, "steps_as": "pictures", "telling": "at_once"})
    assert late.status_code == 409
    assert ChildPage.objects.get().steps_as == "one"
    mine = child.get(address("mine", cast.ada.pk)).content.decode()
    assert mine.count("data-aloud") == 2
    assert "I look at my board and start." in mine
    assert as_(cast.parent).get(href).status_code == 403


def test_the_child_hears_first_that_they_are_celebrated_unless_they_like_it_told(
    cast: Cast, at_ten: datetime
) -> None:
    plan(cast)
    who: dict[str, Any] = {"pupil": cast.ada, "at": AT - HOUR, "praise": Praise.EFFORT}
    voice.celebrate(words="Tom saw you try.", sent_key=uuid4(), by=cast.teacher, **who)
    voice.celebrate(words="Pam is proud.", sent_key=uuid4(), by=cast.parent, **who)

    def reads(person: str) -> set[str]:
        page = words(as_(cast.people[person]).get(reverse("celebrations", args=[cast.ada.pk])))
        return {said for said in ("Tom saw you try.", "Pam is proud.", "Told at once.") if said in page}

    assert {p: reads(p) for p in ("child", "senco", "teacher", "parent", "other_parent", "key_adult")} == {
        "child": {"Tom saw you try.", "Pam is proud."},
        "senco": {"Tom saw you try.", "Pam is proud."},
        "teacher": {"Tom saw you try."},
        "parent": {"Pam is proud."},
        "other_parent": set(),
        "key_adult": set(),
    }
    toms = Celebration.objects.get(by=cast.teacher)
    pams = Celebration.objects.get(by=cast.parent)
    tell = {one: reverse("tell_celebration", args=[one.pk]) for one in (toms, pams)}
    assert as_(cast.parent).post(tell[pams]).status_code == 404  # it is the child's to show
    assert as_(cast.child).post(tell[toms]).status_code == 302
    assert as_(cast.child).post(tell[pams]).status_code == 302
    assert reads("other_parent") == {"Tom saw you try."}  # another home's words stay there
    set_page(cast, telling=Telling.AT_ONCE)
    voice.celebrate(words="Told at once.", sent_key=uuid4(), by=cast.teacher, **who)
    assert reads("parent") == {"Tom saw you try.", "Pam is proud.", "Told at once."}


# How it came about, and where people do not agree -------------------------------------------------------------------


def test_a_story_tells_each_what_they_hear_and_nothing_of_a_draft(cast: Cast, at_ten: datetime) -> None:
    made = plan(cast)
    who: dict[str, Any] = {"at": AT - HOUR}
    family.answer_strategy(
        strategy=made.strategy, by=cast.other_parent, answer=Answer.DISAGREE, why="Oscar says no.", **who
    )
    family.answer_strategy(strategy=made.strategy, by=cast.parent, answer=Answer.AGREE, **who)
    idea = family.propose(
        cycle=made.cycle, by=cast.other_parent, sent_key=uuid4(), kind=ProposalKind.HOME_STRATEGY,
        words="Oscar’s own idea.", at=AT - 3 * HOUR,
    )  # fmt: skip
    new = family.accept_proposal(proposal=idea, by=cast.senco, at=AT - 2 * HOUR)
    made.strategy.refresh_from_db()
    items.edit(made.strategy, version=made.strategy.version, how="Draft words only.", by=cast.senco, **who)

    def tells(person: str, row: Any) -> str:
        answer = as_(cast.people[person]).get(reverse("story", args=["strategy", row.pk]))
        return words(answer) if answer.status_code == 200 else str(answer.status_code)

    pams, sencos = tells("parent", made.strategy), tells("senco", made.strategy)
    assert "Shared with the family by" in pams
    assert ("Pam Lovelace agreed" in pams, "Oscar" in pams, "draft" in pams) == (True, False, False)
    assert ("Oscar Lovelace did not agree" in sencos, "Oscar says no." in sencos) == (True, True)
    assert "Changed on the draft by" in sencos
    assert tells("parent", new) == "404"  # not shared yet, and another home's
    assert "Proposed by Oscar Lovelace" in tells("senco", new)
    assert tells("stranger", made.strategy) == "404"
    assert count(as_(cast.senco), reverse("story", args=["strategy", made.strategy.pk])) <= 15


def test_a_disagreement_stays_and_a_way_forward_is_heard_by_whoever_hears_it(
    cast: Cast, at_ten: datetime
) -> None:
    made = plan(cast)
    said = family.answer_strategy(
        strategy=made.strategy,
        by=cast.other_parent,
        at=AT - HOUR,
        answer=Answer.DISAGREE,
        why="Not like this.",
    )
    href = reverse("find_a_way", args=["strategy", said.pk])
    assert as_(cast.parent).get(href).status_code == 404
    senco = as_(cast.senco)
    post = {**hidden(senco.get(href)), "words": "We try it for two weeks and talk on 2 April."}
    assert [senco.post(href, post).status_code for _ in range(2)] == [302, 302]
    assert WayForward.objects.count() == 1
    his = words(as_(cast.other_parent).get(address("plan", cast.ada.pk)))
    hers = words(as_(cast.parent).get(address("plan", cast.ada.pk)))
    assert ("Not like this." in his, "two weeks" in his) == (True, True)
    assert ("Not like this." in hers, "two weeks" in hers) == (False, False)
    agreed = family.answer_strategy(strategy=made.strategy, by=cast.parent, at=AT - HOUR, answer=Answer.AGREE)
    assert send(senco, reverse("find_a_way", args=["strategy", agreed.pk]), words="x").status_code == 409


# The one-page profile -----------------------------------------------------------------------------------------------


def test_a_picture_of_a_profile_is_there_only_if_the_child_chose_it_and_stays_with_its_version(
    cast: Cast, at_ten: datetime
) -> None:
    teacher, href = as_(cast.teacher), address("edit_profile", cast.ada.pk)
    before = cast.ada.profiles.first()
    typed = {"important": "My dog.", "how_made": "We talked.", "helped": "Mum and Mr Shaw"}
    sent = {"picture_alt": "Ada and her dog", "picture": file(with_place(), "a.jpg", "image/jpeg")}
    unasked = send(teacher, href, **typed, **sent)
    assert unasked.status_code == 422
    assert errors(unasked) == [
        "Choose the picture again",
        "Ask them first: a picture is there only if they chose it",
    ]
    sent["picture"] = file(with_place(), "a.jpg", "image/jpeg")
    assert send(teacher, href, **typed, **sent, chosen="on").status_code == 302
    now = cast.ada.profiles.first()
    assert now is not None
    assert (now.helped, now.picture is not None) == ("Mum and Mr Shaw", True)
    assert now.number == (before.number if before else 0) + 1
    assert send(as_(cast.child), href, **typed | {"important": "My cat."}).status_code == 302
    latest = cast.ada.profiles.first()
    assert latest is not None
    assert latest.picture == now.picture
    there = reverse("profile_picture", args=[latest.picture_id])
    assert as_(cast.parent).get(there)["Content-Type"] == "image/jpeg"
    assert as_(cast.stranger).get(there).status_code == 404
    assert send(as_(cast.child), href, **typed | {"no_picture": "on"}).status_code == 302
    gone = cast.ada.profiles.first()
    assert gone is not None
    assert gone.picture is None
    assert (
        as_(cast.parent).get(address("profile_version", cast.ada.pk, now.number)).content.count(b"<img") >= 1
    )
    with pytest.raises(ValidationError):
        services.write_profile(
            pupil=cast.ada,
            number=gone.number,
            by=cast.child,
            at=AT,
            important="x",
            picture=SCRIPT,
            picture_alt="x",
        )
