"""Who is asked to the review of this week, what somebody answered, and how the child takes part."""

from apdr.enums import HowObtained, Perspective
from pupils.enums import Gave
from reviews.enums_invitations import Coming, Part, Through
from reviews.models import Contribution, Review, ReviewInvitation, ReviewReply, TakingPart

from .people import Voice
from .story import Story


def asked(story: Story, review: Review) -> None:
    """The child and, while the family is theirs to ask, both parents; the first of them has answered."""
    at = story.days.moment(-1, "10:00")
    young = (story.days.today - story.pupil.date_of_birth).days < 16 * 365
    names = [
        carer["is"]
        for home in story.one["family"]
        for carer in home["people"]
        if young and "restricted" not in carer
    ]
    voices = [story.voices["self"], *(story.voices[name] for name in names)]
    for number, voice in enumerate(each for each in voices if each.user is not None):
        assert voice.user is not None
        own = voice.perspective is Perspective.CHILD
        row = story.rows.add(
            ReviewInvitation(
                id=story.key("asked", number),
                review=review,
                person=voice.user,
                perspective=voice.perspective,
                because="whose plan this is" if own else "parent carer",
                sequence=review.sequence,
                by=story.senco,
                at=at,
            )
        )
        if voice is next((v for v in voices if v.user and v.perspective is Perspective.PARENT), None):
            _answered(story, review, row, voice)
    if young:
        story.rows.add(
            TakingPart(
                id=story.key("takes part"),
                review=review,
                number=1,
                sequence=review.sequence,
                part=Part.SHORT,
                how=Gave.SUPPORTED,
                recorded_by=story.senco,
                at=at,
            )
        )


def _answered(story: Story, review: Review, row: ReviewInvitation, voice: Voice) -> None:
    at = story.days.moment(-1, "12:00")
    story.rows.add(
        ReviewReply(
            id=story.key("answered"),
            invitation=row,
            number=1,
            sequence=review.sequence,
            answer=Coming.YES,
            through=Through.LINK,
            by=row.person,
            at=at,
        )
    )
    story.rows.add(
        Contribution(
            id=story.key("said before"),
            review=review,
            version=2,
            perspective=voice.perspective,
            working="Mornings are calmer since we have the list by the door.",
            what_next="Could we try the same list for bedtime?",
            said_by=row.person,
            said_by_name=voice.name,
            household=voice.household,
            how=HowObtained.ONLINE,
            recorded_by=row.person,
            at=at,
        )
    )
