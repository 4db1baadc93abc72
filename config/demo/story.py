"""One pupil of the demo, what their cycles lean on, and what every part of a cycle has."""

from datetime import date
from typing import Any
from uuid import UUID

from accounts.models import User
from apdr.enums import (
    Perspective,
)
from apdr.models import (
    Cycle,
    NextStep,
    ScaleVersion,
    Strategy,
)
from pupils.models import Pupil
from reviews.enums import Rating
from reviews.models import Judgement

from .days import Days
from .people import Content, Place, Voice
from .rows import Rows, fixed

RATINGS = {"met": Rating.LOT, "helping": Rating.LOT, "partly": Rating.BIT, "not helping": Rating.NOT_YET}


class Story:
    def __init__(
        self, rows: Rows, days: Days, place: Place, pupil: Pupil, voices: dict[str, Voice], one: Content
    ) -> None:
        self.rows, self.days, self.place, self.pupil = rows, days, place, pupil
        self.voices, self.one, self.senco = voices, one, place.senco
        self.scales = {
            version.scale.kind: version
            for version in ScaleVersion.objects.filter(scale__setting=place.setting).select_related("scale")
        }
        self.previous: Cycle | None = None
        self.unfinished: NextStep | None = None
        self.kept: list[Strategy] = []
        self.post16 = pupil.post16_from is not None

    def key(self, *parts: object) -> UUID:
        return fixed(self.one["key"], *parts)

    def accounts(self, names: list[str]) -> list[tuple[str, Voice]]:
        """Those who can answer for themselves; after 16 no parent answers until the young person shares it."""
        found = [(name, self.voices[name]) for name in names]
        return [
            (name, v) for name, v in found
            if v.user is not None and not (self.post16 and v.perspective is Perspective.PARENT)
        ]  # fmt: skip

    def item(self, cycle: Cycle, kind: str, n: object) -> Content:
        """What every part of a cycle has."""
        position = n if isinstance(n, int) else int(str(n).rpartition(".")[2])
        return {
            "id": self.key(cycle.number, kind, n),
            "cycle": cycle,
            "position": position,
            "created_by": self.senco,
            "created_at": cycle.opened_at,
        }

    def speaker(self, who: str) -> Voice:
        """ "child", "family" and "staff" are whoever speaks first for them."""
        match who:
            case "child":
                return self.voices["self"]
            case "family":
                return self.voices[self.one["family"][0]["people"][0]["is"]]
            case "staff":
                return Voice(self.senco.name, Perspective.STAFF, self.senco)
        return self.voices[who]

    def days_until(self, day: date) -> int:
        return (day - self.days.today).days

    def judge(self, cycle: Cycle, who: str, rating: str, words: str, **of: Any) -> None:
        voice = self.speaker(who)
        self.rows.add(
            Judgement(
                id=self.key("judged", *[x.pk for x in of.values()], who),
                cycle=cycle,
                perspective=voice.perspective,
                rating=RATINGS[rating],
                words=words,
                said_by=voice.user,
                said_by_name=voice.name,
                household=voice.household,
                recorded_by=self.senco,
                at=self.days.moment(self.days_until(cycle.review_on), "14:30"),
                **of,
            )
        )


def shared_on(content: Content) -> list[int]:
    """The days on which the versions of a cycle were shared; the tenth day where the content says nothing."""
    return list(content.get("shared", [content["from"] + 10]))


def account(voice: Voice) -> User:
    if voice.user is None:
        raise ValueError(f"{voice.name} writes but has no way to sign in")
    return voice.user
