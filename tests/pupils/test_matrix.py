"""Every person × every section × every action, for three pupils, as a table that a school could read.

`matrix.txt` is the specification: it is compared whole, so that a section, an action, a ground or a person that nobody
wrote a row for fails. Read the table before you change it.
"""

from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from pupils import policy
from pupils.enums import Ground, Section
from pupils.models import Pupil
from tests.cast import AT, Cast

TABLE = Path(__file__).with_name("matrix.txt")
ABOUT = {
    "ada": "Ada is 13 and in Year 9",
    "sam": "Sam is 16 and still at school: he decides, and key adults keep their working view",
    "noor": "Noor is 17 and in the sixth form: she decides, and there is no working view",
}
LETTERS = {
    Ground.OWN: "O",
    Ground.COORDINATES: "S",
    Ground.TEACHES: "T",
    Ground.PARENT: "P",
    Ground.SHARED: "C",
    Ground.OVERRIDE: "D",
}
HEAD = """\
Who sees what and does what, on 10 March 2026 at Hazelmere School.

O  because it is their own record       S  because they are the SENCO
T  because they teach the pupil         P  because they are a parent carer
C  because it was shared with them      D  because a recorded decision names them
·  no                                   in the circle, but for nothing: told so; not in it: told nothing
"""


def grid(rows: dict[str, dict[str, str]]) -> list[str]:
    names = list(next(iter(rows.values())))
    width = max(map(len, rows)) + 2
    columns = {name: max(len(name), 1) + 2 for name in names}
    lines = [" " * width + "".join(name.ljust(columns[name]) for name in names)]
    lines += [
        row.ljust(width) + "".join(cell.ljust(columns[name]) for name, cell in cells.items())
        for row, cells in rows.items()
    ]
    return [line.rstrip() for line in lines]


def table(cast: Cast) -> str:
    """What the policy answers, as `matrix.txt` writes it."""
    lines = [HEAD]
    for name, pupil in cast.pupils.items():
        sights = {who: policy.why(person, pupil, AT) for who, person in cast.people.items()}
        lines += [f"{ABOUT[name]}", "-" * len(ABOUT[name]), ""]
        lines += grid(
            {
                who: {
                    "circle": "yes" if sight.near else "·",
                    **{
                        section.value: "".join(LETTERS[g] for g in Ground if g in sight.grounds(section))
                        or "·"
                        for section in Section
                    },
                }
                for who, sight in sights.items()
            }
        )
        doers = [who for who, sight in sights.items() if any(sight.may(action) for action in policy.ACTIONS)]
        lines += [
            "",
            *grid(
                {
                    action: {who: "✓" if sights[who].may(action) else "·" for who in doers}
                    for action in policy.ACTIONS
                }
            ),
        ]
        others = [who for who in sights if who not in doers]
        lines += ["", f"Can do nothing: {', '.join(others)}", "", ""]
    return "\n".join(lines).rstrip() + "\n"


def test_everybody_sees_and_does_what_the_table_says(cast: Cast) -> None:
    assert table(cast) == TABLE.read_text()


def test_every_ground_has_a_letter_in_the_table() -> None:
    assert set(LETTERS) == set(Ground)


def test_every_action_lies_in_a_section_that_its_grounds_can_open() -> None:
    for name, action in policy.ACTIONS.items():
        for ground in action.grounds:
            assert action.section in (policy.OPENS | policy.NAMED)[ground], f"{name} on {ground.value}"


@pytest.mark.django_db
def test_every_way_to_ask_gives_the_same_answer(cast: Cast, at_ten: object) -> None:
    wanted: list[Section | str] = [*Section, *policy.ACTIONS]
    told = {
        (name, section): {person.pk for person, _ in policy.people_for(pupil, section, AT)}
        for name, pupil in cast.pupils.items()
        for section in Section
    }
    for who, asked in cast.people.items():
        person = User.objects.get(pk=asked.pk)
        together = policy.sights(person, cast.pupils.values(), AT)
        listed = {one: set(policy.pupils_for(person, one, AT).values_list("pk", flat=True)) for one in wanted}
        for name, pupil in cast.pupils.items():
            sight = policy.why(person, pupil, AT)
            for one in wanted:
                sees = sight.sees(one) if isinstance(one, Section) else sight.may(one)
                perm = f"pupils.view_{one.value}" if isinstance(one, Section) else f"pupils.{one}"
                answers = {
                    "why": sees,
                    "sights": together[pupil.pk].sees(one)
                    if isinstance(one, Section)
                    else together[pupil.pk].may(one),
                    "pupils_for": pupil.pk in listed[one],
                    "can": policy.can(person, one, pupil, AT),
                    "has_perm": person.has_perm(perm, pupil),
                    "require": requires(person, one, pupil),
                }
                if isinstance(one, Section):
                    answers["people_for"] = person.pk in told[name, one]
                assert set(answers.values()) == {sees}, (who, name, str(one), answers)
            assert sight.near == (
                pupil.pk in set(policy.pupils_for(person, None, AT).values_list("pk", flat=True))
            )


def requires(person: User, wanted: Section | str, pupil: Pupil) -> bool:
    from django.http import Http404

    try:
        policy.require(person, wanted, pupil, AT)
    except (Http404, policy.NotThisSection):
        return False
    return True


def test_somebody_who_is_not_signed_in_sees_nobody(cast: Cast) -> None:
    nobody = AnonymousUser()
    assert list(policy.pupils_for(nobody, Section.PROFILE, AT)) == []
    assert list(policy.pupils_for(nobody, None, AT)) == []
    assert policy.can(nobody, Section.PROFILE, cast.ada, AT) is False
    assert policy.why(nobody, cast.ada, AT).near is False
    assert nobody.has_perm("pupils.view_profile", cast.ada) is False


def test_a_name_that_is_no_section_and_no_action_is_an_error(cast: Cast) -> None:
    with pytest.raises(ValueError, match="everything"):
        policy.pupils_for(cast.senco, "everything", AT)
    assert cast.senco.has_perm("pupils.view_everything", cast.ada) is False


def test_the_reason_is_said_in_words(cast: Cast) -> None:
    assert {
        who: [reason.words(cast.ada) for reason in policy.why(person, cast.ada, AT).reasons[Section.PLAN]]
        for who, person in cast.people.items()
        if policy.can(person, Section.PLAN, cast.ada, AT)
    } == {
        "senco": ["you are the SENCO at Hazelmere School"],
        "teacher": ["you teach Ada in 9B"],
        "key_adult": ["you are a key adult for Ada"],
        "parent": ["you are Ada’s parent carer"],
        "other_parent": ["you are Ada’s parent carer"],
        "child": ["it is about you"],
    }
