"""What goes between a school and a family: answers to a shared version, and updates."""

from typing import Any

from apdr.enums import (
    Answer,
    Perspective,
    ProposalKind,
    ProposalState,
)
from apdr.enums import Place as At
from apdr.models import (
    Comment,
    Cycle,
    PlanAnswer,
    Proposal,
    Strategy,
)
from notifications.models import Update

from .at_home import pictures
from .people import Content
from .story import Story, account, shared_on


def replies(story: Story, version: Any, cycle: Cycle, content: Content) -> None:
    """Comments and proposals of the family, and that they agree with the latest version."""
    for n, (day, who, words) in enumerate(content.get("comments", [])):
        story.rows.add(
            Comment(**from_family(story, "comment", n, day, who), plan_version=version, words=words)
        )
    for n, (day, who, kind, words, why) in enumerate(content.get("proposals", [])):
        story.rows.add(
            Proposal(
                **from_family(story, "proposal", n, day, who),
                cycle=cycle,
                kind=ProposalKind(kind),
                words=words,
                why=why,
            )
        )
    agreeing = {who for who, _ in content["views"]["parents"]} & {
        who for strategy in content["strategies"] for who in strategy.get("yes", [])
    }
    if "decision" not in content["review"]:
        for who, _ in story.accounts(sorted(agreeing)):
            story.rows.add(
                PlanAnswer(
                    **from_family(story, "agrees", who, shared_on(content)[-1] + 2, who),
                    plan_version=version,
                    answer=Answer.AGREE,
                )
            )


def proposed(story: Story, strategy: Strategy, content: Content) -> None:
    """The last strategy that somebody at home proposed between two versions, and that was accepted."""
    first, last = shared_on(content)[0], shared_on(content)[-1]
    who = next(k for k, v in story.voices.items() if v.user is not None and v.user == strategy.proposed_by)
    kind = ProposalKind.HOME_STRATEGY if strategy.place == At.HOME else ProposalKind.SETTING_STRATEGY
    story.rows.add(
        Proposal(
            **from_family(story, "accepted", 0, first + 4, who),
            cycle=strategy.cycle,
            kind=kind,
            words=strategy.words,
            state=ProposalState.ACCEPTED,
            answered_by=story.senco,
            answered_at=story.days.moment(last, "10:30"),
            reply="Yes. It is in the new version, in your words.",
            strategy=strategy,
        )
    )


def from_family(story: Story, kind: str, n: object, day: int, who: str) -> Content:
    voice = story.voices[who]
    return {
        "id": story.key(kind, n),
        "sent_key": story.key(kind, n, "sent"),
        "by": account(voice),
        "perspective": voice.perspective,
        "household": voice.household,
        "at": story.days.moment(min(day, -1), "19:40", any_day=True),
    }


def updates(
    story: Story,
) -> None:
    for n, (day, who, good, words) in enumerate(story.one["updates"]):
        voice = story.voices[who]
        at = story.days.moment(day, "15:05", any_day=voice.perspective is not Perspective.STAFF)
        row = story.rows.add(
            Update(
                id=story.key("update", n), pupil=story.pupil, household=voice.household,
                perspective=voice.perspective, by=account(voice), good_thing=good, words=words,
                on=at.date(), at=at, sent_key=story.key("update", n, "sent"),
            )
        )  # fmt: skip
        if story.one.get("picture", [None])[0] == n:
            pictures(story, row, story.one["picture"][1:])
