from django.core import mail

from accounts.models import Invitation, Membership
from accounts.services import create_person
from pupils.enums import ImportKind
from pupils.imports.columns import template
from pupils.invitations import accept
from pupils.models import ClassGroup, ClassStaff, ParentCarer, Pupil
from tests.cast import AT, Cast

from .conftest import Bring, counts, problems, save, written

STAFF = ["Name", "E-mail", "Role"]
CLASSES = ["Class", "Staff e-mail", "Subject"]
ZOE = ["Zoe Hart", "zoe@hazelmere.example", "Teacher"]


def test_new_staff_are_invited_and_nobody_is_made(cast: Cast, check: Bring) -> None:
    members = list(Membership.objects.order_by("pk").values())
    file = written(STAFF, ZOE)
    batch = save(check(ImportKind.STAFF, file))
    assert (counts(batch)["added"], batch.note) == (1, "")
    assert list(Invitation.objects.values_list("email", "name", "role", "setting", "accepted_at")) == [
        ("zoe@hazelmere.example", "Zoe Hart", "key_adult", cast.hazelmere.pk, None)
    ]
    assert [message.to for message in mail.outbox] == [["zoe@hazelmere.example"]]
    assert list(Membership.objects.order_by("pk").values()) == members
    assert counts(check(ImportKind.STAFF, file)) == {"added": 0, "changed": 0, "same": 1, "wrong": 0}


def test_somebody_who_works_here_gets_another_role_at_once(cast: Cast, check: Bring) -> None:
    save(check(ImportKind.STAFF, written(STAFF, ["Tom Teal", cast.teacher.email.upper(), "dsl"])))
    roles = Membership.objects.filter(person=cast.teacher).order_by("role").values_list("role", flat=True)
    assert (list(roles), mail.outbox) == (["dsl", "key_adult"], [])


def test_somebody_of_another_setting_is_invited_like_anybody_else(cast: Cast, check: Bring) -> None:
    save(check(ImportKind.STAFF, written(STAFF, ["Sten Far", cast.stranger.email, "key adult"])))
    assert not Membership.objects.filter(person=cast.stranger, setting=cast.hazelmere).exists()
    assert Invitation.objects.get().email == cast.stranger.email


def test_wrong_staff_rows_say_what_to_do(cast: Cast, check: Bring) -> None:
    file = written(
        STAFF,
        ["Zoe Hart", "zoe", "Teacher"],
        ["Zoe Hart", "zoe@hazelmere.example", "King"],
        ["Sunita Rao", cast.senco.email, "leader"],
        ZOE,
        ZOE,
    )
    assert problems(check(ImportKind.STAFF, file)) == [
        (2, "email", "This is not an e-mail address. Write one such as sam@example.org."),
        (3, "role", "Write key adult, SENCO, DSL, deputy DSL or leader."),
        (4, "role", "Nobody can give themselves a role. Ask somebody else to do it."),
        (6, "email", "This person with this role is on row 5 already. Keep one of the two rows."),
    ]


def test_classes_are_opened_with_those_who_teach_them(cast: Cast, check: Bring) -> None:
    file = written(
        CLASSES,
        ["10D", cast.teacher.email, "English"],
        ["10d", cast.colleague.email, ""],
        ["10E", "", ""],
        ["9B", cast.teacher.email, "Maths"],
    )
    batch = check(ImportKind.CLASSES, file)
    assert counts(batch) == {"added": 2, "changed": 2, "same": 0, "wrong": 0}
    save(batch)
    places = ClassStaff.objects.filter(class_group__name__in=["10D", "10E"], ends_at=None)
    assert list(
        places.values_list("class_group__name", "person", "subject", "starts_at").order_by("subject")
    ) == [
        ("10D", cast.colleague.pk, "", AT),
        ("10D", cast.teacher.pk, "English", AT),
    ]
    assert ClassStaff.objects.get(class_group=cast.class_9b, person=cast.teacher).subject == "Maths"
    assert set(ClassGroup.objects.get(name="10D").group.user_set.all()) == {cast.teacher, cast.colleague}
    assert counts(check(ImportKind.CLASSES, file)) == {"added": 0, "changed": 0, "same": 4, "wrong": 0}


def test_a_class_is_not_given_to_somebody_who_does_not_work_here(cast: Cast, check: Bring) -> None:
    sentence = "Nobody with this address works here or is invited. Bring the staff in first."
    for email in (cast.stranger.email, cast.left.email, "nobody@example.org"):
        assert problems(check(ImportKind.CLASSES, written(CLASSES, ["9B", email, ""]))) == [
            (2, "email", sentence)
        ]


def test_somebody_invited_teaches_their_class_from_the_moment_they_accept(cast: Cast, check: Bring) -> None:
    save(check(ImportKind.STAFF, written(STAFF, ZOE)))
    save(check(ImportKind.CLASSES, written(CLASSES, ["9B", ZOE[1], "Art"])))
    assert not ClassStaff.objects.filter(person__email=ZOE[1]).exists()
    zoe = create_person(email=ZOE[1], name=ZOE[0], at=AT)
    secret = (
        next(w for w in str(mail.outbox[0].body).split() if "/invitation" in w).rstrip("/").split("/")[-1]
    )
    accept(secret=secret, person=zoe, at=AT)
    assert list(ClassStaff.objects.filter(person=zoe).values_list("class_group", "subject", "ends_at")) == [
        (cast.class_9b.pk, "Art", None)
    ]


def test_the_four_templates_come_in_one_after_another_without_an_error(cast: Cast, check: Bring) -> None:
    for kind in (ImportKind.STAFF, ImportKind.CLASSES, ImportKind.PUPILS, ImportKind.FAMILIES):
        batch = check(kind, template(kind))
        assert (problems(batch), counts(batch)) == ([], {"added": 1, "changed": 0, "same": 0, "wrong": 0})
        save(batch)
    ada = Pupil.objects.get(upn="B801200005001")
    assert list(ada.group_permissions.values_list("group__class_group__name", flat=True)) == ["12B"]
    assert ParentCarer.objects.get(pupil=ada).name == "Anna Nowak"
