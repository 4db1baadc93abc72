"""What a child drew, how they like their page, and what there is to be proud of."""

from io import BytesIO

from PIL import Image, ImageDraw

from apdr import said_files
from apdr.enums import HowObtained, Perspective
from apdr.models import Celebration, ChildPage, Cycle, FileWords, View
from reviews.models import WhatWeDid

from .story import Story, account


def voice(story: Story, cycle: Cycle | None) -> None:
    """Out of `page`, `drew` and `proud` of a pupil's story, where they are told."""
    if how := story.one.get("page"):
        story.rows.add(
            ChildPage(
                id=story.key("page"), pupil=story.pupil, set_by=account(story.voices["self"]),
                set_at=story.days.moment(-30, "15:40"), **how,
            )
        )  # fmt: skip
    for n, (day, seen, did) in enumerate(story.one.get("drew", [])):
        _drew(story, cycle, n, day, seen, did)
    for n, (day, who, praise, words, told) in enumerate(story.one.get("proud", [])):
        at = story.days.moment(day, "15:50")
        by = account(story.voices[who])
        story.rows.add(
            Celebration(
                id=story.key("proud", n), pupil=story.pupil, by=by, perspective=story.voices[who].perspective,
                household=story.voices[who].household, praise=praise, words=words, at=at,
                told_at=at if told else None, told_by=by if told else None,
                sent_key=story.key("proud", n, "sent"),
            )
        )  # fmt: skip


def _drew(story: Story, cycle: Cycle | None, n: int, day: int, seen: str, did: str) -> None:
    at, own = story.days.moment(day, "14:05"), story.voices["self"]
    kept = BytesIO()
    _den().save(kept, "PNG")
    ready = said_files.make_ready(kept.getvalue())
    view = story.rows.add(
        View(
            id=story.key("drew", n), pupil=story.pupil, cycle=cycle,
            perspective=Perspective.CHILD, said_by=own.user, said_by_name=own.user.called if own.user else "",
            how=HowObtained.DREW, file_digest=ready.digest, recorded_by=account(own), at=at,
            sent_key=story.key("drew", n, "sent"),
        )
    )  # fmt: skip
    file = said_files.row_of(ready, view=view)
    file.pk = said_files.keep(ready)
    story.rows.add(file)
    story.rows.add(
        FileWords(
            id=story.key("drew", n, "seen"), file=file, words=seen, by=story.senco, at=at,
            sent_key=story.key("drew", n, "words"),
        )
    )  # fmt: skip
    if did:
        story.rows.add(
            WhatWeDid(
                id=story.key("drew", n, "did"), pupil=story.pupil, view=view, words=did, by=story.senco, at=at
            )
        )


def _den() -> Image.Image:
    """A table by a window, drawn as a child would."""
    image = Image.new("RGB", (900, 600), "white")
    drawn = ImageDraw.Draw(image)
    drawn.rectangle((560, 60, 840, 330), outline="#1b6ca8", width=9)
    drawn.line((700, 60, 700, 330), fill="#1b6ca8", width=7)
    drawn.ellipse((600, 90, 670, 160), fill="#e0a100")
    drawn.rectangle((120, 330, 500, 360), fill="#8a5a2b")
    for x in (150, 470):
        drawn.line((x, 360, x, 540), fill="#8a5a2b", width=12)
    drawn.ellipse((250, 150, 340, 240), outline="#21302f", width=8)
    drawn.arc((270, 180, 320, 222), 20, 160, fill="#c0392b", width=7)
    drawn.line((295, 240, 295, 330), fill="#21302f", width=9)
    return image
