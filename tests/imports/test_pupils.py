from datetime import date
from typing import Any

import pytest

from pupils.enums import ImportKind, ImportState
from pupils.imports.checking_pupils import ELSEWHERE
from pupils.models import AuditEvent, Enrolment, ImportRow, Pupil, PupilGroupPermission, PupilNeedType
from tests.cast import AT, Cast

from .conftest import Bring, counts, problems, save, written

HEAD = [
    "UPN",
    "Given name",
    "Family name",
    "Date of birth",
    "Year group",
    "Class",
    "SEN provision",
    "Need types",
]
ADA = ["B801200005001", "Ada", "Lovelace", "14/05/2012", "9", "9B", "K", "SLCN"]
BEN = ["R674123101121", "Ben", "O’Hara", "31/08/2012", "Year 9", "9b", "P", "ASD; SLCN"]


def facts(pupil: Pupil) -> dict[str, Any]:
    names = ("upn", "uln", "given_name", "family_name", "known_as", "date_of_birth", "sen_provision")
    return {name: getattr(pupil, name) for name in names}


def test_new_pupils_are_enrolled_described_and_put_in_their_class(cast: Cast, check: Bring) -> None:
    batch = save(check(ImportKind.PUPILS, written(HEAD, BEN)))
    ben = Pupil.objects.get(upn="R674123101121")
    assert facts(ben) == {
        "upn": "R674123101121",
        "uln": "",
        "given_name": "Ben",
        "family_name": "O’Hara",
        "known_as": "",
        "date_of_birth": date(2012, 8, 31),
        "sen_provision": "K",
    }
    assert list(ben.enrolments.values_list("setting", "year_group", "starts_on", "ends_on")) == [
        (cast.hazelmere.pk, "9", AT.date(), None)
    ]
    assert list(ben.need_types.values_list("rank", "type")) == [(1, "ASD"), (2, "SLCN")]
    assert list(ben.group_permissions.values_list("group", "starts_at", "ends_at")) == [
        (cast.class_9b.group_id, AT, None)
    ]
    assert (batch.state, counts(batch)) == (
        ImportState.DONE,
        {"added": 1, "changed": 0, "same": 0, "wrong": 0},
    )


def test_the_class_teacher_sees_a_pupil_who_came_in_a_file(cast: Cast, check: Bring) -> None:
    from pupils import policy
    from pupils.enums import Section

    save(check(ImportKind.PUPILS, written(HEAD, BEN)))
    ben = Pupil.objects.get(upn="R674123101121")
    assert policy.can(cast.teacher, Section.PLAN, ben, AT)
    assert not policy.can(cast.colleague, Section.PLAN, ben, AT)


def test_a_second_run_changes_nothing_and_says_so(cast: Cast, check: Bring) -> None:
    file = written(HEAD, ADA, BEN)
    save(check(ImportKind.PUPILS, file))
    before = [
        list(m.objects.order_by("pk").values())
        for m in (Pupil, Enrolment, PupilNeedType, PupilGroupPermission)
    ]
    again = check(ImportKind.PUPILS, file)
    assert counts(again) == {"added": 0, "changed": 0, "same": 2, "wrong": 0}
    after = [
        list(m.objects.order_by("pk").values())
        for m in (Pupil, Enrolment, PupilNeedType, PupilGroupPermission)
    ]
    assert before == after


def test_a_pupil_is_recognised_by_name_and_birthday_and_gets_their_upn(cast: Cast, check: Bring) -> None:
    batch = check(ImportKind.PUPILS, written(HEAD, ADA))
    assert [(r.outcome, r.changes, r.about) for r in batch.rows.all()] == [
        ("change", {"upn": ["", "B801200005001"]}, cast.ada.pk)
    ]
    save(batch)
    cast.ada.refresh_from_db()
    assert (cast.ada.upn, cast.ada.version) == ("B801200005001", 2)


def test_empty_cells_leave_what_is_there(cast: Cast, check: Bring) -> None:
    batch = check(ImportKind.PUPILS, written(HEAD, ["", "ADA", " lovelace", "2012-05-14", "", "", "", ""]))
    assert [(r.outcome, r.changes) for r in batch.rows.all()] == [
        ("change", {"given_name": ["Ada", "ADA"], "family_name": ["Lovelace", "lovelace"]})
    ]


def test_every_wrong_cell_is_named_with_what_to_write(cast: Cast, check: Bring) -> None:
    batch = check(
        ImportKind.PUPILS,
        written(
            HEAD,
            ["A801200005001", "Ben", "O’Hara", "08/31/2012", "15", "9Z", "Q", "SLCN; XYZ"],
            ["", "", "O’Hara", "", "", "", "", ""],
            BEN,
            BEN,
        ),
    )
    assert problems(batch) == [
        (2, "date_of_birth", "“08/31/2012” has its month first. Write the day first, like 31/08/2012, and look at the other dates of the file too."),
        (2, "upn", "This UPN has a mistake in it: its first letter does not match the rest."),
        (2, "sen_provision", "Write N, K or E."),
        (2, "year_group", "Write the year group as E1, E2, N1, N2, R, 1 to 14, or X."),
        (2, "need_types", "“XYZ” is not a type of need. Write codes such as SLCN, with ; between them."),
        (2, "classes", "There is no class “9Z” here. Bring the classes in first."),
        (3, "given_name", "This is empty. Their first name."),
        (3, "date_of_birth", "This is empty. 31/08/2012, 31.8.2012, 2012-08-31 or 31-Aug-2012. The day comes before the month."),
        (3, "sen_provision", "This is empty. For a new pupil write N, K or E."),
        (5, "upn", "This number is on row 4 already. Keep one of the two rows."),
    ]  # fmt: skip
    assert counts(batch) == {"added": 1, "changed": 0, "same": 0, "wrong": 3}


def test_nothing_is_saved_while_one_row_is_wrong(cast: Cast, check: Bring) -> None:
    from pupils.errors import NotNow

    batch = check(ImportKind.PUPILS, written(HEAD, BEN, ["", "", "", "x", "", "", "", ""]))
    with pytest.raises(NotNow, match="Put the errors right first"):
        save(batch)
    assert set(Pupil.objects.all()) == {cast.ada, cast.sam, cast.noor}


def test_over_long_text_is_refused_and_not_cut(check: Bring) -> None:
    batch = check(ImportKind.PUPILS, written(HEAD, [BEN[0], "B" * 81, *BEN[2:]]))
    assert problems(batch) == [
        (2, "given_name", "This is 81 characters. Shorten it to 80; nothing is cut for you.")
    ]


def test_a_cell_that_looks_like_a_formula_is_text(check: Bring) -> None:
    save(check(ImportKind.PUPILS, written(HEAD, [BEN[0], '=HYPERLINK("x")', *BEN[2:]])))
    assert Pupil.objects.get(upn=BEN[0]).given_name == '=HYPERLINK("x")'


def test_an_unknown_authority_in_a_upn_is_only_a_warning(check: Bring) -> None:
    from pupils.codes import upn_check_letter

    unknown = upn_check_letter("999123101121") + "999123101121"
    batch = check(ImportKind.PUPILS, written(HEAD, [unknown, *BEN[1:]]))
    assert problems(batch) == [
        (2, "upn", "No local authority that we know has the number in this UPN. Check it if you can.")
    ]
    assert (batch.added, batch.warned, batch.wrong) == (1, 1, 0)


@pytest.mark.parametrize("where", ["another setting", "nowhere", "from tomorrow"])
def test_a_pupil_of_another_setting_is_refused_without_a_word_about_them(
    cast: Cast, check: Bring, where: str
) -> None:
    from datetime import timedelta

    elsewhere = Pupil.objects.create(
        upn=BEN[0], given_name="Benedict", family_name="Secret", date_of_birth=date(2012, 8, 31)
    )
    if where == "another setting":
        Enrolment.objects.create(pupil=elsewhere, setting=cast.westfield, starts_on=date(2025, 9, 1))
    if where == "from tomorrow":
        Enrolment.objects.create(
            pupil=elsewhere, setting=cast.hazelmere, starts_on=AT.date() + timedelta(days=1)
        )
    batch = check(ImportKind.PUPILS, written(HEAD, BEN))
    assert problems(batch) == [(2, "upn", str(ELSEWHERE))]
    row = batch.rows.get()
    assert (row.about, row.changes) == (None, {})


def test_the_same_name_and_birthday_in_another_setting_is_another_pupil(cast: Cast, check: Bring) -> None:
    twin = Pupil.objects.create(given_name="Ben", family_name="O’Hara", date_of_birth=date(2012, 8, 31))
    Enrolment.objects.create(pupil=twin, setting=cast.westfield, starts_on=date(2025, 9, 1))
    save(check(ImportKind.PUPILS, written(HEAD, ["", *BEN[1:]])))
    twin.refresh_from_db()
    assert (twin.upn, Pupil.objects.filter(family_name="O’Hara").count()) == ("", 2)


def test_a_upn_that_belongs_to_quite_another_pupil_here_is_refused(cast: Cast, check: Bring) -> None:
    Pupil.objects.filter(pk=cast.ada.pk).update(upn=BEN[0])
    assert problems(check(ImportKind.PUPILS, written(HEAD, BEN))) == [
        (2, "upn", "This UPN belongs to a pupil here with another name and date of birth. Check the row.")
    ]


def test_a_lasting_upn_takes_the_place_of_a_temporary_one(cast: Cast, check: Bring) -> None:
    Pupil.objects.filter(pk=cast.ada.pk).update(upn="T93840012601A")
    batch = check(ImportKind.PUPILS, written(HEAD, ADA))
    assert [r.changes for r in batch.rows.all()] == [{"upn": ["T93840012601A", "B801200005001"]}]


def test_another_lasting_upn_for_the_same_name_and_birthday_is_refused(cast: Cast, check: Bring) -> None:
    Pupil.objects.filter(pk=cast.ada.pk).update(upn="P207000016049")
    assert [(n, c) for n, c, _ in problems(check(ImportKind.PUPILS, written(HEAD, ADA)))] == [(2, "upn")]


def test_pupils_leave_their_other_classes_only_when_asked(cast: Cast, check: Bring) -> None:
    moved = [*ADA[:5], "11C", *ADA[6:]]
    stays = check(ImportKind.PUPILS, written(HEAD, moved))
    assert stays.rows.get().changes["classes"] == [["9B"], ["11C", "9B"]]
    leaves = check(ImportKind.PUPILS, written(HEAD, moved), leaves_other_classes=True)
    assert leaves.rows.get().changes["classes"] == [["9B"], ["11C"]]
    save(leaves)
    assert sorted(cast.ada.group_permissions.values_list("group", "starts_at", "ends_at"), key=str) == sorted(
        [
            (cast.class_9b.group_id, cast.ada.group_permissions.get(group=cast.class_9b.group).starts_at, AT),
            (cast.class_11c.group_id, AT, None),
        ],
        key=str,
    )


def test_one_event_for_the_file_and_one_for_each_pupil(cast: Cast, check: Bring) -> None:
    known = set(AuditEvent.objects.values_list("pk", flat=True))
    batch = save(check(ImportKind.PUPILS, written(HEAD, ADA, BEN)))
    ben = Pupil.objects.get(upn=BEN[0])
    events = AuditEvent.objects.exclude(pk__in=known)
    assert sorted((e.verb, e.object_id, e.pupil_id, str(e.detail)) for e in events) == sorted(
        [
            ("file read in", batch.pk, None, "{'kind': 'pupils'}"),
            ("import started", batch.pk, None, "{'kind': 'pupils'}"),
            ("import saved", batch.pk, None, "{'kind': 'pupils', 'same': 0, 'added': 1, 'changed': 1}"),
            ("pupil added", ben.pk, ben.pk, "{'from': 'a file', 'fields': []}"),
            ("pupil changed", cast.ada.pk, cast.ada.pk, "{'from': 'a file', 'fields': ['upn']}"),
        ]
    )


def test_what_the_file_said_is_gone_once_it_is_saved(check: Bring) -> None:
    save(check(ImportKind.PUPILS, written(HEAD, BEN)))
    assert ImportRow.objects.count() == 0
