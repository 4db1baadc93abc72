"""Photos: what is taken and what is refused, what is kept of one, and who is shown it, at the moment they ask."""

import os
from base64 import b64encode
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts import pictures
from config import uploads
from notifications import photos
from notifications.models import Photo, Update
from notifications.photos import Sent
from notifications.services import write_update
from pupils import choices, circle, services
from pupils.choices import Wanted
from pupils.enums import Answer, RestrictionKind, Section
from pupils.models import AccessLog, Enrolment

from ..apdr.pages import address, as_, errors, hidden, words
from ..api.asking import ask as ask_api
from ..api.record import token_of
from ..cast import AT, Cast
from .pictures import SCRIPT, bomb, photo, with_place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten", "uploads_folder")]


@pytest.fixture
def uploads_folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings.MEDIA_ROOT / "photos"


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*")} if folder.exists() else set()


def written(cast: Cast, content: bytes | None = None, **more: Any) -> Photo:
    who = {"pupil": cast.ada, "by": cast.teacher, "at": AT, "sent_key": uuid4(), "words": "A map."} | more
    row = write_update(sent=[Sent(content or photo(), "Ada with a map")], **who)
    return row.photos.get()


def post(client: Client, path: str, content: bytes, name: str = "a.jpg", **typed: Any) -> Any:
    file = SimpleUploadedFile(name, content, "image/jpeg")
    return client.post(path, {**hidden(client.get(path)), "photo": file, "household": "every", **typed})


# What is taken -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_is_kept_is_a_small_plain_jpeg_whatever_it_was_called(
    kind: str, cast: Cast, uploads_folder: Path
) -> None:
    path = address("updates", cast.ada.pk)
    content = photo(kind, (2400, 1200))
    assert post(as_(cast.teacher), path, content, "holiday.exe", photo_alt="A map").status_code == 422
    sent = post(as_(cast.teacher), path, content, "holiday.exe", photo_alt="A map", words="Look.")
    assert sent.status_code == 302
    row = Photo.objects.get()
    assert (row.width, row.height, row.alt) == (1600, 800, "A map")
    assert files(uploads_folder) == {f"{row.pk}.jpg"}
    kept = uploads_folder / f"{row.pk}.jpg"
    assert (kept.stat().st_mode & 0o777, kept.stat().st_size) == (0o600, row.size)
    with Image.open(kept) as image:
        assert (image.format, image.size) == ("JPEG", (1600, 800))


def test_where_and_with_what_it_was_taken_is_gone_and_it_stands_upright(cast: Cast) -> None:
    sent = with_place(turned=6, comment=SCRIPT) + b"\nPK\x03\x04 and an archive <script>alert(1)</script>"
    assert b"Secret Phone Maker" in sent
    kept = photos.content_of(written(cast, sent))
    assert kept is not None
    for secret in (b"Secret", b"Exif", b"script", b"PK\x03\x04"):
        assert secret not in kept
    with Image.open(BytesIO(kept)) as image:
        assert (dict(image.getexif()), image.info.get("comment"), image.size) == ({}, None, (200, 400))
        top, bottom = image.getpixel((100, 50)), image.getpixel((100, 350))
    assert (top[0] > 200, bottom[2] > 200) == (True, True)  # red is up, blue is down


def test_what_can_be_seen_through_in_a_png_is_white(cast: Cast) -> None:
    kept = BytesIO()
    Image.new("RGBA", (30, 30), (255, 0, 0, 0)).save(kept, "PNG")
    content = photos.content_of(written(cast, kept.getvalue()))
    assert content is not None
    with Image.open(BytesIO(content)) as image:
        assert min(image.getpixel((5, 5))) > 250


REFUSED = {
    "an SVG with a script in it": (SCRIPT, pictures.NO_PHOTO),
    "words": (b"GIF89a is only a beginning", pictures.NO_PHOTO),
    "a photo of an iPhone": (b"\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 99, pictures.HEIC),
    "a GIF": (photo("GIF"), pictures.NO_PHOTO),
    "a TIFF": (photo("TIFF"), pictures.NO_PHOTO),
    "a PDF": (photo("PDF"), pictures.NO_PHOTO),
    "a photo that ends in the middle": (photo(size=(400, 400))[:900], pictures.NO_PHOTO),
    "a JPEG's first bytes and a page": (
        b"\xff\xd8\xff\xe0<html><script>alert(1)</script>",
        pictures.NO_PHOTO,
    ),
    "a bomb": (bomb(), pictures.TOO_MANY),
    "too many pixels": (photo("PNG", (6000, 6000)), pictures.TOO_MANY),
    "too many bytes": (photo() + b"\0" * photos.LARGEST, photos.TOO_LARGE),
    "more bytes than are ever read": (photo() + b"\0" * uploads.LONGEST, photos.TOO_LARGE),
}


def test_what_is_no_photo_is_refused_beside_it_and_the_words_are_kept(
    cast: Cast, uploads_folder: Path
) -> None:
    teacher, path = as_(cast.teacher), address("updates", cast.ada.pk)
    for about, (content, said) in REFUSED.items():
        refused = post(teacher, path, content, photo_alt="A map", words="Keep me.")
        assert (refused.status_code, errors(refused)) == (422, [str(said)]), about
        page = refused.content.decode()
        assert ("Keep me." in page, 'value="A map"' in page) == (True, True), about
    assert (Update.objects.count(), files(uploads_folder)) == (0, set())


def test_a_photo_says_what_can_be_seen_in_it(cast: Cast) -> None:
    path = address("updates", cast.ada.pk)
    refused = post(as_(cast.teacher), path, photo(), words="Look.")
    assert errors(refused) == [
        "Choose the photo again",
        "Say what can be seen in the photo, for those who cannot see it",
    ]
    with pytest.raises(ValidationError):
        write_update(
            pupil=cast.ada,
            by=cast.teacher,
            at=AT,
            sent_key=uuid4(),
            words="Look.",
            sent=[Sent(photo(), " ")],
        )
    assert Update.objects.count() == 0


def test_a_program_sends_a_photo_in_base64_and_is_told_what_is_wrong_with_it(cast: Cast) -> None:
    secret, path = token_of(cast.parent), f"/api/v1/pupils/{cast.ada.pk}/updates/"

    def sent(content: str, alt: str = "A map") -> Any:
        body = {"sent_key": str(uuid4()), "words": "Look.", "photos": [{"content": content, "alt": alt}]}
        return ask_api(secret, "POST", path, body)

    made = sent(b64encode(with_place()).decode())
    assert made.status_code == 201
    row = Photo.objects.get()
    assert made.json()["photos"] == [
        {"id": str(row.pk), "href": f"/api/v1/photos/{row.pk}/", "alt": "A map", "width": 400, "height": 200}
    ]
    assert b"Secret" not in ask_api(secret, "GET", f"/api/v1/photos/{row.pk}/").content
    refused = [sent(b64encode(SCRIPT).decode()), sent("not base64!"), sent(b64encode(photo()).decode(), "")]
    assert [(one.status_code, list(one.json()["fields"])) for one in refused] == [(400, ["photos"])] * 3
    assert Update.objects.count() == 1


def test_up_to_four_photos_go_together_all_of_them_or_none(cast: Cast, uploads_folder: Path) -> None:
    teacher, path = as_(cast.teacher), address("updates", cast.ada.pk)

    def sent(*contents: bytes | None, alts: int = 4, **more: str) -> Any:
        opened = hidden(teacher.get(path))
        typed: dict[str, Any] = {"household": "every", "words": "Look.", **more}
        for n, content in enumerate(contents, 1):
            name = "photo" if n == 1 else f"photo_{n}"
            if content is not None:
                typed[name] = SimpleUploadedFile("a.jpg", content, "image/jpeg")
            if content is not None and n <= alts:
                typed[f"{name}_alt"] = f"Map {n}"
        return teacher.post(path, {**opened, **typed})

    good = [photo(size=(40, 20 + n)) for n in range(4)]
    for refused, said in (
        (
            sent(good[0], SCRIPT, good[2]),
            ["Choose the photo again", str(pictures.NO_PHOTO), "Choose the photo again"],
        ),
        (
            sent(good[0], good[1], alts=1),
            ["Choose the photo again", "Choose the photo again", str(photos.NO_ALT)],
        ),
        (sent(*good, words=" "), ["Write something first", *["Choose the photo again"] * 4]),
    ):
        page = refused.content.decode()
        assert (refused.status_code, sorted(errors(refused))) == (422, sorted(said))
        assert 'value="Map 1"' in page
        assert '<details class="govuk-details govuk-!-margin-bottom-0" open>' in page  # what is wrong is seen
    assert (Update.objects.count(), files(uploads_folder)) == (0, set())
    assert sent(good[0], None, good[2], good[3]).status_code == 302  # one of the fields is left empty
    row = Update.objects.get()
    assert list(row.photos.values_list("number", "alt", "height")) == [
        (1, "Map 1", 20),
        (2, "Map 3", 22),
        (3, "Map 4", 23),
    ]
    assert files(uploads_folder) == {f"{one.pk}.jpg" for one in row.photos.all()}
    shown_at_home = as_(cast.parent).get(path).content.decode()
    assert [shown_at_home.count(f'alt="Map {n}"') for n in (1, 2, 3, 4)] == [1, 0, 1, 1]
    secret, api = token_of(cast.parent), f"/api/v1/pupils/{cast.ada.pk}/updates/"
    body: dict[str, Any] = {"sent_key": str(uuid4()), "words": "Look."}
    some = [{"content": b64encode(one).decode(), "alt": "A map"} for one in good]
    answers = [
        ask_api(secret, "POST", api, body | {"photos": those})
        for those in (
            some + some[:1],
            [some[0], {"content": b64encode(SCRIPT).decode(), "alt": "No"}],
            some,
            some,
        )
    ]
    assert [one.status_code for one in answers] == [400, 400, 201, 201]
    assert answers[2].json() == answers[3].json()
    assert sorted(len(one["photos"]) for one in ask_api(secret, "GET", api).json()["results"]) == [3, 4]
    assert Photo.objects.count() == len(files(uploads_folder)) == 7


# Files and rows ------------------------------------------------------------------------------------------------


def test_a_form_posted_twice_is_one_update_with_one_file(cast: Cast, uploads_folder: Path) -> None:
    key = uuid4()
    first, second = (written(cast, sent_key=key) for _ in range(2))
    assert first == second
    assert len(files(uploads_folder)) == 1
    other = written(cast, photo(size=(60, 30)), sent_key=key)  # somebody went back and chose another photo
    assert other != first
    assert len(files(uploads_folder)) == Update.objects.count() == 2


def test_a_file_that_belongs_to_no_update_is_swept_a_day_later_and_no_other(
    cast: Cast, uploads_folder: Path
) -> None:
    kept = written(cast)
    with transaction.atomic():
        written(cast)
        transaction.set_rollback(True)  # the power went
    (uploads_folder / "not-an-id.jpg").write_bytes(b"x")
    assert len(files(uploads_folder)) == 3
    stands = AT.timestamp()
    for path in uploads_folder.glob("*"):
        os.utime(path, (stands, stands))
    assert photos.sweep(at=AT + timedelta(hours=23)) == 0
    assert photos.sweep(at=AT + timedelta(hours=25)) == 2
    assert files(uploads_folder) == {f"{kept.pk}.jpg"}
    assert photos.sweep(at=AT + timedelta(hours=25)) == 0


# Who is shown one ----------------------------------------------------------------------------------------------


def shown(cast: Cast, row: Photo) -> dict[str, tuple[int, int]]:
    """What everybody is answered who asks for a photo, by page and by program."""
    path, api = reverse("photo", args=[row.pk]), f"/api/v1/photos/{row.pk}/"
    return {
        name: (as_(person).get(path).status_code, ask_api(token_of(person), "GET", api).status_code)
        for name, person in cast.people.items()
        if person.is_active
    }


def allowed(cast: Cast, row: Photo) -> set[str]:
    told = shown(cast, row)
    assert set(told.values()) <= {(200, 200), (404, 404), (403, 403)}
    return {name for name, pair in told.items() if pair == (200, 200)}


SCHOOL = {"senco", "teacher", "key_adult"}


def test_a_photo_goes_to_whoever_reads_its_update_and_one_home_never_sees_the_others(cast: Cast) -> None:
    assert allowed(cast, written(cast)) == SCHOOL | {"parent", "other_parent", "child"}
    assert allowed(cast, written(cast, household=cast.home)) == SCHOOL | {"parent", "child"}
    from_oscar = written(cast, by=cast.other_parent, household=None)
    assert allowed(cast, from_oscar) == SCHOOL | {"other_parent", "child"}
    for name in ("parent", "stranger", "restricted_parent", "left"):
        refused = as_(cast.people[name]).get(reverse("photo", args=[from_oscar.pk]))
        assert (refused.status_code, b"\xff\xd8" in refused.content) == (404, False), name
    assert Client().get(reverse("photo", args=[from_oscar.pk])).status_code == 302
    assert as_(cast.senco).get(reverse("photo", args=[uuid4()])).status_code == 404


def test_a_browser_shows_it_as_a_picture_and_keeps_it_nowhere(cast: Cast) -> None:
    row = written(cast)
    for answer in (
        as_(cast.parent).get(reverse("photo", args=[row.pk])),
        ask_api(token_of(cast.parent), "GET", f"/api/v1/photos/{row.pk}/"),
    ):
        told = {name: answer[name] for name in HEADERS}
        assert (answer.status_code, told) == (200, HEADERS)
        assert answer.content == photos.content_of(row)
    page = as_(cast.parent).get(address("updates", cast.ada.pk)).content.decode()
    assert f'src="/photos/{row.pk}/"' in page
    assert 'alt="Ada with a map"' in page


HEADERS = {
    "Content-Type": "image/jpeg",
    "Content-Disposition": 'inline; filename="photo.jpg"',
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store, private",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def test_it_is_refused_at_the_next_request_after_somebodys_standing_changes(cast: Cast) -> None:
    row = written(cast)
    path = reverse("photo", args=[row.pk])
    parent, teacher, senco = as_(cast.parent), as_(cast.teacher), as_(cast.senco)
    assert [one.get(path).status_code for one in (parent, teacher, senco)] == [200, 200, 200]
    as_senco: dict[str, Any] = {"by": cast.senco, "at": AT}
    circle.restrict(
        pupil=cast.ada, person=cast.parent, kind=RestrictionKind.COURT_ORDER, reason="An order.", **as_senco
    )
    circle.leave_class(class_group=cast.class_9b, person=cast.teacher, **as_senco)
    assert [one.get(path).status_code for one in (parent, teacher, senco)] == [404, 404, 200]
    services.move(pupil=cast.ada, to=None, on=AT.date(), **as_senco)
    Enrolment.objects.create(pupil=cast.ada, setting=cast.westfield, starts_on=AT.date())
    assert senco.get(path).status_code == 404
    assert as_(cast.other_parent).get(path).status_code == 200  # a family keeps what is the family's


def test_from_hand_over_it_goes_out_by_the_young_persons_choice_until_they_stop_it(cast: Cast) -> None:
    row = written(cast, pupil=cast.noor, by=cast.senco)
    assert allowed(cast, row) == {"senco", "student"}
    choices.choose(
        pupil=cast.noor, wanted=[Wanted(Section.UPDATES, Answer.YES, person=cast.parent)], by=cast.student,
        at=AT, key=uuid4(), wording="test-1",
    )  # fmt: skip
    assert allowed(cast, row) == {"senco", "student", "parent"}
    as_(cast.student).post(reverse("stop_choices", args=[cast.noor.pk, cast.parent.pk]))
    assert allowed(cast, row) == {"senco", "student"}


def test_that_somebody_saw_it_is_one_look_with_the_page_it_stands_on(cast: Cast) -> None:
    row = written(cast)

    def looks(person: Any) -> int:
        return AccessLog.objects.filter(person=person, sections=["updates"]).count()

    parent = as_(cast.parent)
    parent.get(address("updates", cast.ada.pk))
    for _ in range(3):
        parent.get(reverse("photo", args=[row.pk]))
    as_(cast.other_parent).get(reverse("photo", args=[row.pk]))
    as_(cast.stranger).get(reverse("photo", args=[row.pk]))
    assert [looks(one) for one in (cast.parent, cast.other_parent, cast.stranger)] == [1, 1, 0]


def test_where_the_file_is_gone_the_page_stands_and_the_photo_is_not_there(
    cast: Cast, uploads_folder: Path
) -> None:
    row = written(cast)
    (uploads_folder / f"{row.pk}.jpg").unlink()
    assert as_(cast.parent).get(reverse("photo", args=[row.pk])).status_code == 404
    assert "A map." in words(as_(cast.parent).get(address("updates", cast.ada.pk)))
