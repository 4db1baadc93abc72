"""What is wanted of whom, what became of reminding, and arranging that something is."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.core import mail

from accounts.models import User
from apdr.enums import StepStatus
from apdr.models import Cycle
from notifications import reminders, wanted
from notifications.enums import Kind
from notifications.models import Reminder
from pupils import choices
from pupils.choices import Wanted as Chosen
from pupils.enums import Answer, Gave, Section
from reviews import services as reviews
from reviews.enums import DecisionKind
from reviews.models import Review, WhoComes, WhoComesPerson

from ..apdr.plans import Plan
from ..cast import AT, Cast

MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
SECOND = timedelta(seconds=1)
FAMILY = {"Ada Lovelace", "Pam Lovelace", "Oscar Lovelace"}
TEACHING = {"Tom Teal", "Kim Adeyemi"}


def is_wanted(at: datetime = AT) -> set[tuple[str, str]]:
    """What is wanted of whom."""
    return {(one.kind.value, one.person.name) for some in wanted.wanted(wanted.facts(at), at) for one in some}


def of(kind: Kind, people: set[str]) -> set[tuple[str, str]]:
    return {(kind.value, name) for name in people}


def became() -> set[tuple[str, str, str]]:
    """Every reminder: of what, to whom, and what became of it."""
    rows = Reminder.objects.select_related("person")
    return {(row.kind, row.person.name, row.why_not or row.state) for row in rows}


def run(at: datetime) -> list[str]:
    """What happens by the clock at an instant; to whom something was sent."""
    before = len(mail.outbox)
    reminders.plan(at=at)
    reminders.gather(at=at)
    send_due(at)
    return sorted(message.to[0] for message in mail.outbox[before:])


def send_due(at: datetime) -> list[bool]:
    return [reminders.send(message_id=pk, at=at) for pk in reminders.due(at)]


def schedule(cast: Cast, plan: Plan, starts_at: datetime) -> Review:
    return reviews.schedule_review(cycle=plan.cycle, starts_at=starts_at, by=cast.senco, at=AT - DAY)


def in_review(cast: Cast, plan: Plan, at: datetime = AT - DAY) -> None:
    reviews.start_review(cycle=plan.cycle, by=cast.senco, at=at)


def decided(cast: Cast, plan: Plan, at: datetime = AT) -> None:
    """The review ends, and no cycle follows."""
    reviews.close_cycle(
        cycle=plan.cycle, kind=DecisionKind.CONTINUE, why="It helps.", by=cast.senco, at=at,
        statuses={plan.step: StepStatus.MET}, open_next=False,
    )  # fmt: skip


#: To whom something is sent before a review, and in one.
AT_HOME = ["ada@pupils.example", "other.parent@home.example", "parent@home.example"]
REVIEWED = ["ada@pupils.example", "key.adult@hazelmere.example", "other.parent@home.example", "parent@home.example",
            "teacher@hazelmere.example"]  # fmt: skip


def chosen(cast: Cast, ends_at: datetime, *sections: Section) -> None:
    rows = [Chosen(one, Answer.YES, person=cast.parent, ends_at=ends_at) for one in sections]
    choices.choose(pupil=cast.noor, wanted=rows, by=cast.student, at=AT - DAY, key=uuid4(), wording="test-1")


def comes(cycle: Cycle, by: User, *people: User) -> None:
    """The young person said before it began whom they want at the review of a cycle."""
    review = Review.objects.filter(cycle=cycle).latest("scheduled_at")
    sheet = WhoComes.objects.create(
        review=review, number=review.who_comes.count() + 1, how=Gave.THEMSELVES, recorded_by=by, at=AT - DAY
    )
    WhoComesPerson.objects.bulk_create(WhoComesPerson(sheet=sheet, person=person) for person in people)
