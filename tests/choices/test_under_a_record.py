"""Under which capacity record somebody decides about a section."""

from datetime import timedelta

import pytest

from pupils import choices, policy
from pupils.enums import Section

from ..cast import AT, Cast
from ..pupils.decided import recorded

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def test_each_decider_decides_under_their_own_record_alone(cast: Cast) -> None:
    about_money = recorded(cast, cast.sam, cast.parent)
    about_needs = recorded(cast, cast.sam, cast.other_parent, sections=[Section.NEEDS])
    for person, theirs, others in (
        (cast.parent, about_money, Section.NEEDS),
        (cast.other_parent, about_needs, Section.FUNDING),
    ):
        speaks = choices.speaking(policy.why(person, cast.sam, AT))
        assert speaks is not None
        assert speaks.record_for(Section(theirs.sections[0])) == theirs
        assert speaks.record_for(others) is None
    themselves = choices.speaking(policy.why(cast.young_person, cast.sam, AT))
    assert themselves is not None
    assert [themselves.record_for(section) for section in Section] == [None] * len(Section)


def test_a_record_is_in_force_from_its_start_to_its_end(cast: Cast) -> None:
    record = recorded(cast, cast.sam, cast.parent)
    found = [list(choices.capacity_in_force(cast.sam, AT + SECOND * n)) for n in (-1, 0)]
    assert found == [[], [record]]
