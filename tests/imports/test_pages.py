"""The pages of files, as a browser asks for them."""

import csv
import io
from typing import Any

import pytest
from django.core.cache.backends.redis import RedisCache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from kombu.exceptions import OperationalError

from pupils import tasks
from pupils.enums import ImportKind, ImportState
from pupils.imports import progress, services
from pupils.models import AccessLog, Import, ImportRow, Pupil
from tests.cast import AT, Cast

from ..sessions import sign_in
from .conftest import Bring, save, written
from .test_families import ADA as ADAS
from .test_families import GRAN
from .test_families import HEAD as FAMILIES
from .test_pupils import ADA, BEN, HEAD

pytestmark = pytest.mark.usefixtures("at_ten")


@pytest.fixture
def senco(cast: Cast, client: Client) -> Client:
    sign_in(client, cast.senco)
    return client


def choose(client: Client, content: bytes, kind: str = "pupils", **more: str) -> HttpResponse:
    file = SimpleUploadedFile("a.csv", content, "text/csv")
    return client.post(f"/import/{kind}/", {"file": file, **more})


@pytest.mark.parametrize("kind", ImportKind)
def test_each_kind_has_a_page_with_its_columns_and_a_template(senco: Client, kind: str) -> None:
    assert senco.get("/import/").status_code == 200
    assert senco.get(f"/import/{kind}/").status_code == 200
    answer = senco.get(f"/import/{kind}/template.csv")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert senco.get("/import/cats/").status_code == 404


def test_a_file_is_chosen_looked_at_and_asked_to_be_saved(
    cast: Cast, senco: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = choose(senco, written(HEAD, ADA, BEN, encoding="cp1252"))
    batch = Import.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/import/{batch.pk}/")
    page = senco.get(answer["Location"]).content.decode()
    assert "This would add 1 and change 1." in page
    assert "written in Windows-1252 with commas" in page
    assert senco.post(f"/import/{batch.pk}/start/").status_code == 302
    assert Import.objects.get().state == ImportState.WAITING
    page = senco.get(f"/import/{batch.pk}/").content.decode()
    assert "Waiting for its turn." in page
    assert 'hx-trigger="every 2s"' in page
    assert f'<a class="govuk-link" href="/import/{batch.pk}/">Look again</a>' in page


def test_a_file_waits_and_can_be_started_again_while_the_broker_is_away(
    senco: Client, check: Bring, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def away(*_: str) -> None:
        raise OperationalError("nobody there")

    shared = RedisCache("redis://127.0.0.1:9/0", {})  # where nobody listens
    monkeypatch.setattr(progress, "caches", {"shared": shared})
    monkeypatch.setattr(tasks.save_import, "delay", away)
    monkeypatch.setattr(tasks.invite_families, "delay", away)
    batch = check(ImportKind.PUPILS, written(HEAD, ADA))
    with django_capture_on_commit_callbacks(execute=True):
        answer = senco.post(f"/import/{batch.pk}/start/", follow=True)
    assert "Waiting for its turn." in answer.content.decode()
    assert "Waiting for its turn." in senco.get(f"/import/{batch.pk}/progress/").content.decode()
    given: list[str] = []
    monkeypatch.setattr(tasks.save_import, "delay", given.append)
    with django_capture_on_commit_callbacks(execute=True):
        senco.post(f"/import/{batch.pk}/start/")
    assert given == [str(batch.pk)]
    services.save(batch_id=batch.pk, at=AT)
    assert Import.objects.get().state == ImportState.DONE
    answer = senco.post(f"/import/invite/{batch.setting_id}/", follow=True)
    assert "No invitation is sent yet. Try again in a few minutes." in answer.content.decode()


def test_a_file_that_cannot_be_read_says_so_beside_the_field(senco: Client) -> None:
    answer = choose(senco, b"PK\x03\x04")
    assert answer.status_code == 422
    assert "This is an Excel workbook, not a CSV file." in answer.content.decode()
    assert "Choose a file" in senco.post("/import/pupils/").content.decode()
    assert Import.objects.count() == 0


def test_errors_are_shown_row_by_row_and_can_be_taken_away_as_a_file(senco: Client) -> None:
    choose(senco, written(HEAD, [BEN[0], "Ben", "O’Hara", "=1+1", *BEN[4:]]))
    batch = Import.objects.get()
    page = senco.get(f"/import/{batch.pk}/").content.decode()
    assert "1 of 1 rows must be put right first." in page
    assert "<strong>Row 2</strong>: Ben O’Hara" in page
    report = senco.get(f"/import/{batch.pk}/to-put-right.csv").content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(report))) == [
        ["Row", "Column", "What you wrote", "What to do", "Kind"],
        [
            "2",
            "Date of birth",
            "'=1+1",
            "“=1+1” is not a date we can read. Write the day like 31/08/2012.",
            "error",
        ],
    ]


def test_a_number_of_a_pupil_is_on_no_page_and_in_no_report(cast: Cast, senco: Client) -> None:
    Pupil.objects.filter(pk=cast.ada.pk).update(upn="T93840012601A")
    choose(senco, written(HEAD, ADA, [BEN[0], "", *BEN[2:]], ["A801200005001", *BEN[1:]]))
    batch = Import.objects.get()
    told = b"".join(
        senco.get(f"/import/{batch.pk}/{end}").content
        for end in ("", "?show=wrong", "?show=change", "?show=add", "to-put-right.csv")
    )
    for number in (ADA[0], BEN[0], "A801200005001", "T93840012601A"):
        assert number.encode() not in told


def test_seeing_what_is_there_now_is_written_down(cast: Cast, senco: Client) -> None:
    choose(senco, written(HEAD, [ADA[0], *ADA[1:6], "E", "SLCN"]))
    before = set(AccessLog.objects.values_list("pk", flat=True))
    senco.get(f"/import/{Import.objects.get().pk}/?show=change")
    looks = AccessLog.objects.exclude(pk__in=before)
    assert [(one.pupil, one.person, one.sections, one.grounds) for one in looks] == [
        (cast.ada, cast.senco, ["profile", "needs"], ["coordinates", "coordinates"])
    ]


@pytest.mark.parametrize(
    "who", ["teacher", "key_adult", "dsl", "leader", "parent", "young_person", "left", "installer"]
)
def test_nobody_but_a_senco_comes_in(cast: Cast, client: Client, check: Bring, who: str) -> None:
    batch = check(ImportKind.PUPILS, written(HEAD, BEN))
    sign_in(client, cast.people[who])
    assert [client.get(f"/import/{end}").status_code for end in ("", "pupils/", "pupils/template.csv")] == [
        403
    ] * 3
    for end in ("", "progress/", "to-put-right.csv"):
        assert client.get(f"/import/{batch.pk}/{end}").status_code == 404
    for end in ("start/", "check/", "cancel/"):
        assert client.post(f"/import/{batch.pk}/{end}").status_code == 404
    assert client.get(f"/import/invite/{cast.hazelmere.pk}/").status_code == 404
    assert choose(client, written(HEAD, BEN)).status_code == 403
    assert Import.objects.count() == 1


def test_a_senco_of_another_setting_finds_nothing_here(cast: Cast, client: Client, check: Bring) -> None:
    batch = check(ImportKind.PUPILS, written(HEAD, BEN))
    sign_in(client, cast.stranger)
    assert client.get("/import/").status_code == 200
    assert client.get(f"/import/{batch.pk}/").status_code == 404
    assert client.post(f"/import/{batch.pk}/start/").status_code == 404
    assert client.post(f"/import/invite/{cast.hazelmere.pk}/").status_code == 404
    # another setting's id, smuggled into the form, is not asked for and not heard
    choose(client, written(HEAD, [*BEN[:5], "", *BEN[6:]]), setting=str(cast.hazelmere.pk))
    assert set(Import.objects.exclude(pk=batch.pk).values_list("setting", flat=True)) == {cast.westfield.pk}


def test_a_visitor_is_asked_to_sign_in(client: Client, cast: Cast) -> None:
    answer = client.get("/import/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/import/")


def test_families_who_can_be_invited_are_offered_afterwards(cast: Cast, senco: Client, check: Bring) -> None:
    batch = save(check(ImportKind.FAMILIES, written(FAMILIES, [*ADAS, *GRAN])))
    assert "Invite 1 parent carer<" in senco.get(f"/import/{batch.pk}/").content.decode()
    page = senco.get(f"/import/invite/{cast.hazelmere.pk}/").content.decode()
    assert "<strong>Gwen Byron</strong>, for Ada" in page


def test_a_cancelled_file_is_gone(senco: Client, check: Bring) -> None:
    batch = check(ImportKind.PUPILS, written(HEAD, BEN))
    senco.post(f"/import/{batch.pk}/cancel/")
    assert ImportRow.objects.count() == 0
    assert (
        "Nothing was saved, and its rows are deleted." in senco.get(f"/import/{batch.pk}/").content.decode()
    )


def test_no_page_asks_more_of_the_database_for_more_rows(cast: Cast, senco: Client, check: Bring) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert senco.get(address).status_code == 200
        return len(asked)

    three = [
        ADA,
        ["", "Sam", "Okafor", "20/11/2009", "", "", "E", ""],
        ["", "Noor", "Haddad", "03/10/2008", "", "", "E", ""],
    ]
    one_row, three_rows = (check(ImportKind.PUPILS, written(HEAD, *rows)) for rows in (three[:1], three))
    assert (
        queries(f"/import/{one_row.pk}/?show=change")
        == queries(f"/import/{three_rows.pk}/?show=change")
        <= 15
    )
    assert queries("/import/") <= 15


def test_a_page_of_a_full_file_stays_small(senco: Client, check: Bring) -> None:
    rows = [["", f"G{n}", "F" * 80, "31/02/2012", "99", "Nowhere", "Q", "XYZ"] for n in range(120)]
    batch = check(ImportKind.PUPILS, written(HEAD, *rows))
    page = senco.get(f"/import/{batch.pk}/").content
    assert len(page) <= 60_000
    assert b"?show=wrong&amp;after=51" in page
    assert b"Row 52<" in senco.get(f"/import/{batch.pk}/?show=wrong&after=51").content
