"""A letter that two people print at one moment, on connections that really commit."""

import pytest

from accounts.enums import Channel, Role
from accounts.models import Preferences
from notifications import printing, reminders
from notifications.models import Message
from reviews.services import start_review

from ..apdr.plans import write_plan
from ..cast import AT, SEPTEMBER, Cast, build, member
from ..pupils.test_at_the_same_time import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return build()


def test_of_two_sencos_who_print_at_once_one_message_is_written_down(cast: Cast) -> None:
    member(cast.colleague, cast.hazelmere, Role.SENCO)
    Preferences.objects.create(person=cast.parent, channel=Channel.LETTER)
    start_review(cycle=write_plan(cast.ada, cast.senco, SEPTEMBER).cycle, by=cast.senco, at=AT)
    reminders.plan(at=AT)
    found = together(
        lambda: printing.print_letter(person_id=cast.parent.pk, by=cast.senco, at=AT),
        lambda: printing.print_letter(person_id=cast.parent.pk, by=cast.colleague, at=AT),
    )
    assert [type(one) for one in found] == [bytes, bytes]
    assert Message.objects.filter(person=cast.parent).count() == 1
