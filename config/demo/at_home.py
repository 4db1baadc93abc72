"""What home and school share besides words: the daily form, a photo, what worked at home, a talk, a call to make."""

from datetime import date
from io import BytesIO

from PIL import Image, ImageDraw

from apdr.enums import Perspective
from notifications import photos
from notifications.enums_updates import UpdateKind
from notifications.models import Call, Daily, Photo, Talk, Update

from .story import Story, account


def at_home(story: Story) -> None:
    written: set[date] = set()
    for n, (day, who, here, mood, ate, slept, enjoyed, tried) in enumerate(story.one.get("days", [])):
        at = story.days.moment(day, "15:20")
        if at.date() in written:  # a day of the weekend has become the Friday before it
            continue
        written.add(at.date())
        update = story.rows.add(
            Update(
                id=story.key("day", n), pupil=story.pupil, kind=UpdateKind.DAILY, perspective=Perspective.STAFF,
                by=account(story.voices[who]), good_thing=enjoyed, on=at.date(), at=at,
                sent_key=story.key("day", n, "sent"),
            )
        )  # fmt: skip
        story.rows.add(
            Daily(
                id=story.key("day", n, "form"), update=update, here=here, mood=mood, ate=ate, slept=slept,
                tried=tried,
            )
        )  # fmt: skip
    for n, (day, who, worked) in enumerate(story.one.get("worked", [])):
        voice, at = story.voices[who], story.days.moment(day, "19:40", any_day=True)
        story.rows.add(
            Update(
                id=story.key("worked", n), pupil=story.pupil, household=voice.household,
                perspective=voice.perspective, by=account(voice), worked=worked, on=at.date(), at=at,
                sent_key=story.key("worked", n, "sent"),
            )
        )  # fmt: skip
    for n, (day, who, suits, reason) in enumerate(story.one.get("talks", [])):
        voice = story.voices[who]
        story.rows.add(
            Talk(
                id=story.key("talk", n), pupil=story.pupil, by=account(voice), perspective=voice.perspective,
                household=voice.household, suits=suits, reason=reason,
                at=story.days.moment(day, "20:05", any_day=True), sent_key=story.key("talk", n, "sent"),
            )
        )  # fmt: skip
    for n, (day, who, words) in enumerate(story.one.get("calls", [])):
        story.rows.add(
            Call(
                id=story.key("call", n), pupil=story.pupil, by=account(story.voices[who]), words=words,
                at=story.days.moment(day, "15:30"), sent_key=story.key("call", n, "sent"),
            )
        )  # fmt: skip


def pictures(story: Story, update: Update, alts: list[str]) -> None:
    """The photos of an update, which are drawn: leaves, as no child of the demo has a face."""
    sent = []
    for n, alt in enumerate(alts):
        kept = BytesIO()
        _leaves(n).save(kept, "PNG")
        sent.append(photos.Sent(kept.getvalue(), alt))
    ready = photos.make_ready(sent)
    update.photo_digest = photos.digest_of(ready)
    for n, one in enumerate(ready, 1):
        story.rows.add(
            Photo(
                id=photos.keep(one), update=update, number=n, alt=one.alt, width=one.width, height=one.height,
                size=len(one.content),
            )
        )  # fmt: skip


def _leaves(seed: int) -> Image.Image:
    image = Image.new("RGB", (960, 640), ("#7a5a3a", "#5b6b3f", "#3f5a6b", "#6b3f55")[seed])
    drawn, colours = ImageDraw.Draw(image), ["#d9a521", "#e2c044", "#c4661f", "#a8431c", "#8a9a3b"]
    for n in range(seed * 50, 420 + seed * 50):
        x, y, size = n * 377 % 1000 - 40, n * 233 % 680 - 40, 24 + n * 97 % 56
        drawn.ellipse((x, y, x + size, y + size // 2), fill=colours[n * 7 % 5], outline="#5f4326")
        drawn.line((x, y + size // 4, x + size, y + size // 4), fill="#5f4326")
    return image
