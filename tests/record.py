"""Something there that could leak: a record of every kind of thing, each with a mark that can be found again.

A mark is `~whose-what~`. Every page, address and header is searched for marks; `tests/marks.txt` says who may find which.
The pupils of the cast each have two cycles: the first is closed, the second is shared and its draft has moved on since.
Where the young person decides, the family's words are from before: they are written here as rows, not through services.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps

from accounts import invitations as staff_invitations
from accounts import pictures, tokens
from accounts.enums import InvitationKind, Role
from accounts.models import ApiToken, Invitation, Membership, Preferences, Setting, Term, User
from apdr import said_files
from apdr.enums import (
    Answer,
    Audience,
    HowObtained,
    NeedKind,
    Perspective,
    Place,
    ProposalKind,
    Stage,
    StepStatus,
)
from apdr.models import (
    Celebration,
    Comment,
    Costing,
    Cycle,
    Delivered,
    FileWords,
    FundingAgreement,
    FundingDecision,
    FundingEvaluation,
    FundingStream,
    Measure,
    Need,
    NextStep,
    Outcome,
    PlanAnswer,
    PlanVersion,
    Progress,
    Proposal,
    Provision,
    Scale,
    StaffRate,
    StaffRole,
    Strategy,
    StrategyAnswer,
    View,
    ViewFile,
    WayForward,
)
from apdr.services import cycles, funding, items, sharing
from notifications import photos
from notifications.enums_updates import UpdateKind
from notifications.models import Call, Daily, Photo, Talk, Update
from pupils import circle, invitations, profile_pictures, requests, services
from pupils.enums import Answer as Answers
from pupils.enums import Area, Gave, ImportKind, Section, To, Voice
from pupils.imports import services as imports
from pupils.models import (
    Capacity,
    Choice,
    ChoiceSheet,
    ClassGroup,
    Competence,
    Household,
    Import,
    Override,
    ParentCarer,
    ProfilePicture,
    Pupil,
    Restriction,
    SharingRequest,
)
from reviews import feeds
from reviews import services as reviews
from reviews.enums import DecisionKind, Rating
from reviews.enums_invitations import Coming, Part, Through
from reviews.models import (
    Contribution,
    Judgement,
    Review,
    ReviewInvitation,
    ReviewReply,
    TakingPart,
    WhatWeDid,
    WhoComes,
)
from tests import library_rows
from tests.cast import AT, FEBRUARY, SEPTEMBER, Cast
from tests.cast import build as build_cast
from tests.cast import member as membership_of
from tests.once import once

#: Real UPNs and ULNs have check letters and digits, so these are marks of their own; no page gives them as an example.
NUMBERS = {
    "ada": ("U938400126001", ""),
    "sam": ("R674123101121", "1000000019"),
    "noor": ("P207000016049", ""),
}
#: What is looked for in every answer: marks, addresses of people, and numbers.
MARK = re.compile(
    r"~([a-z0-9-]+)~|([\w.-]+@[a-z]+\.example)|("
    + "|".join(n for pair in NUMBERS.values() for n in pair if n)
    + ")"
)
JANUARY = datetime(2026, 1, 20, 9, 0, tzinfo=AT.tzinfo)
LATELY = AT - timedelta(days=6)


@dataclass
class Of:
    """The rows of one pupil, by what they are."""

    name: str
    pupil: Pupil
    old_cycle: Cycle
    cycle: Cycle
    version: PlanVersion
    old_version: PlanVersion
    review: Review
    class_group: ClassGroup
    household: Household
    restriction: Restriction
    invitation: Invitation
    carer: ParentCarer
    request: SharingRequest
    items: dict[str, Any] = field(default_factory=dict)

    def mark(self, what: str) -> str:
        return f"~{self.name}-{what}~"


@dataclass
class Record:
    cast: Cast
    of: dict[str, Of]
    membership: Membership
    staff_invitation: Invitation
    secret: str
    term: Term
    scale: Scale
    stream: FundingStream
    batch: Import
    tokens: dict[str, ApiToken]
    calendar: str
    kept: dict[str, Any]  #: what a setting keeps: its library, its directory and a document

    @property
    def setting(self) -> Setting:
        return self.cast.hazelmere


def build() -> Record:
    """Everything, in the database."""
    return once("record", _everything)


def _everything() -> Record:
    cast = build_cast()
    _homes(cast)
    cast.westfield.class_groups.all()
    stream = funding.add_stream(
        setting=cast.hazelmere, kind="notional", name="~stream~", by=cast.senco, at=SEPTEMBER
    )
    kept = library_rows.of_setting(cast.hazelmere, cast.senco, cast.parent, LATELY, lambda what: f"~{what}~")
    of = {name: _of(cast, name, pupil, stream) for name, pupil in cast.pupils.items()}
    for one in of.values():
        family = [
            voice for voice in _voices(cast, _itself(cast, one.name)) if voice[2] is not Perspective.STAFF
        ]
        one.items |= library_rows.of_pupil(
            one.pupil,
            one.cycle,
            one.items["strategy"],
            kept["signpost"],
            cast.senco,
            LATELY,
            family,
            one.mark,
        )
    second = membership_of(cast.colleague, cast.hazelmere, Role.DEPUTY_DSL)
    invited, secret = staff_invitations.invite(
        kind=InvitationKind.STAFF,
        email="staff-invited@mark.example",
        name="~staff-invited~",
        setting=cast.hazelmere,
        role=Role.KEY_ADULT,
        by=cast.senco,
        at=LATELY,
    )
    term = Term.objects.create(
        setting=cast.hazelmere, name="~term~", starts_on=date(2026, 1, 5), ends_on=date(2026, 3, 28)
    )
    Preferences.objects.create(person=cast.parent, notes="~pam-preferences~")
    Preferences.objects.create(person=cast.other_parent, notes="~oscar-preferences~")
    batch = imports.upload(
        kind=ImportKind.STAFF,
        setting=cast.hazelmere,
        content=b"Name,Email,Role\n~import-row~,import-row@mark.example,key adult\n",
        by=cast.senco,
        at=AT,
    )
    keys = {
        who: tokens.issue(person=person, name=f"~key-of-{who.replace('_', '-')}~", by=person, at=LATELY)[0]
        for who, person in cast.people.items()
    }
    _, calendar = feeds.make(person=cast.parent, key=uuid4(), by=cast.parent, at=LATELY)
    return Record(
        cast=cast,
        of=of,
        membership=second,
        staff_invitation=invited,
        secret=secret,
        term=term,
        scale=Scale.objects.get(setting=cast.hazelmere, kind="steps"),
        stream=stream,
        batch=batch,
        tokens=keys,
        calendar=calendar,
        kept=kept,
    )


def _itself(cast: Cast, name: str) -> User:
    return {"ada": cast.child, "sam": cast.young_person, "noor": cast.student}[name]


def _homes(cast: Cast) -> None:
    for home, whose in (
        (cast.home, "pam"),
        (cast.other_home, "oscar"),
        (cast.restricted_home, "rob"),
    ):
        Household.objects.filter(pk=home.pk).update(
            name=f"~{whose}-home~",
            address=f"~{whose}-address~",
            phone=f"~{whose}-phone~",
            how_to_communicate=f"~{whose}-how-to-communicate~",
        )
        home.refresh_from_db()


def _of(cast: Cast, name: str, pupil: Pupil, stream: FundingStream) -> Of:
    upn, uln = NUMBERS[name]
    Pupil.objects.filter(pk=pupil.pk).update(upn=upn, uln=uln)
    pupil.refresh_from_db()
    mark = lambda what: f"~{name}-{what}~"  # noqa: E731
    made: dict[str, Any] = {}
    itself = {"ada": cast.child, "sam": cast.young_person, "noor": cast.student}[name]
    by = {"by": cast.senco}

    services.write_profile(pupil=pupil, number=0, important=mark("profile-old"), at=SEPTEMBER, **by)
    services.write_profile(
        pupil=pupil,
        number=1,
        important=mark("profile"),
        talk=mark("profile-talk"),
        how_made=mark("profile-how"),
        helped=mark("profile-helped"),
        at=JANUARY,
        **by,
    )
    made["profile_picture"] = _profile_picture(pupil, cast.senco, mark("profile-picture"))

    old, old_version = _first_cycle(cast, pupil, itself, mark, made)
    now = Cycle.objects.get(pupil=pupil, closed_at=None)
    version = _second_cycle(cast, pupil, now, stream, mark, made)
    _said(cast, pupil, itself, now, version, mark, made)
    made["sheet"] = _chosen(cast, pupil, itself, mark)
    _decided(cast, pupil, mark, made)
    review = Review.objects.create(
        cycle=now,
        starts_at=AT + timedelta(days=20),
        where=mark("review-where"),
        working=mark("review-draft"),
        scheduled_by=cast.senco,
    )
    _asked(cast, pupil, itself, review, mark, made)
    grandparent = circle.add_parent_carer(
        pupil=pupil, household=cast.other_home, name=mark("grandparent"), relationship="grandmother",
        at=SEPTEMBER, **by,
    )  # fmt: skip
    ParentCarer.objects.filter(pk=grandparent.pk).update(email=f"{name}-grandparent@mark.example")
    invitation, _ = invitations.invite_parent(
        carers=[grandparent], email=f"{name}-invited@mark.example", at=LATELY, **by
    )
    restriction = pupil.restrictions.get()
    Restriction.objects.filter(pk=restriction.pk).update(reason=mark("restriction-reason"))
    asked = requests.ask(
        pupil=pupil,
        section=Section.NEEDS,
        reason=mark("asked-why"),
        by=cast.professional,
        at=LATELY,
        send=lambda pk: None,
    )
    classes = {"ada": cast.class_9b, "sam": cast.class_11c, "noor": cast.class_12a}
    return Of(
        name, pupil, old, now, version, old_version, review, classes[name], cast.home, restriction,
        invitation, grandparent, asked, made,
    )  # fmt: skip


def _asked(cast: Cast, pupil: Pupil, itself: User, review: Review, mark: Any, made: dict[str, Any]) -> None:
    """Who is asked to the review and what they answered; how the young person takes part; and what each said before.

    Nobody is wanted there: from hand-over the family's rows are left from before.
    """
    asked = {"review": review, "sequence": 0, "by": cast.senco, "at": LATELY}
    for who, part, tail in (
        (itself, Perspective.CHILD, "child"),
        (cast.parent, Perspective.PARENT, "pam"),
        (cast.other_parent, Perspective.PARENT, "oscar"),
        (cast.teacher, Perspective.STAFF, "teacher"),
    ):
        row = ReviewInvitation.objects.create(
            person=who, perspective=part, because=mark(f"asked-{tail}"), **asked
        )
        made[f"asked_{tail}"] = row
        if part is not Perspective.CHILD:
            ReviewReply.objects.create(
                invitation=row, number=1, sequence=0, answer=Coming.NO, words=mark(f"coming-{tail}"),
                through=Through.HERE, by=who, at=LATELY,
            )  # fmt: skip
        home = {"pam": cast.home, "oscar": cast.other_home}.get(tail)
        Contribution.objects.create(
            review=review, version=2, perspective=part, working=mark(f"before-{tail}"), said_by=who,
            said_by_name=who.called, household=home, how=HowObtained.ONLINE, recorded_by=who, at=LATELY,
        )  # fmt: skip
    WhoComes.objects.create(
        review=review, number=1, words=mark("who-comes"), how=Gave.SPOKEN, how_words=mark("who-comes-how"),
        recorded_by=cast.senco, at=LATELY,
    )  # fmt: skip
    TakingPart.objects.create(
        review=review, number=1, sequence=0, part=Part.SPEAKS, who=mark("speaks"), words=mark("part-words"),
        how=Gave.SPOKEN, how_words=mark("part-how"), recorded_by=cast.senco, at=LATELY,
    )  # fmt: skip


def _chosen(cast: Cast, pupil: Pupil, itself: User, mark: Any) -> ChoiceSheet:
    """A choice about whoever is no longer near, with marks in its words: it opens nothing, and is read by its own."""
    sheet = ChoiceSheet.objects.create(
        pupil=pupil, number=1, voice=Voice.YOUNG_PERSON, given_by=itself, how=Gave.SPOKEN,
        how_words=mark("choice-how"), wording="young-1", recorded_by=cast.senco, at=LATELY,
    )  # fmt: skip
    Choice.objects.create(
        sheet=sheet, pupil=pupil, voice=sheet.voice, number=1, kind=To.PERSON, person=cast.stranger,
        section=Section.NEEDS, answer=Answers.YES, purpose=mark("choice-purpose"), starts_at=LATELY,
    )  # fmt: skip
    return sheet


def _decided(cast: Cast, pupil: Pupil, mark: Any, made: dict[str, Any]) -> None:
    """Disclosures to people outside, of which one is told; a capacity record that is over; competence, not yet."""
    for key, knows in (
        ("disclosure", {"not_told_why": mark("not-told-why"), "look_again_on": date(2026, 3, 1)}),
        ("told_disclosure", {"told_at": LATELY, "told_how": mark("told-how")}),
    ):
        tail = "-told" if key == "told_disclosure" else ""
        made[key] = Override.objects.create(
            pupil=pupil, recipient=mark(f"disclosed-to{tail}"), sections=["needs"],
            reason=mark(f"disclosed-why{tail}"), asked_by=cast.dsl, asked_at=FEBRUARY, confirmed_by=cast.leader,
            confirmed_at=FEBRUARY, ends_at=datetime(2026, 4, 1, tzinfo=AT.tzinfo), **knows,
        )  # fmt: skip
    words = {w: mark(f"capacity-{w}") for w in ("decision", "assessor", "support", "findings", "wishes")}
    made["capacity"] = Capacity.objects.create(
        pupil=pupil, sections=["funding"], assessor_role="Doctor", assessed_on=FEBRUARY.date(),
        decider=cast.parent, authority="parent", starts_at=FEBRUARY, review_on=date(2026, 9, 1),
        ended_at=LATELY, ended_by=cast.senco, recorded_by=cast.senco, **words,
    )  # fmt: skip
    Competence.objects.create(
        pupil=pupil, assessor=mark("competence-assessor"), assessor_role="SENCO",
        findings=mark("competence-findings"), recorded_by=cast.senco, at=FEBRUARY,
    )  # fmt: skip


def _write(cast: Cast, cycle: Cycle, at: datetime, mark: Any, tail: str) -> dict[str, Any]:
    """One of each part of a draft, with marks that end in `tail`."""
    who = {"cycle": cycle, "by": cast.senco, "at": at}
    made: dict[str, Any] = {}
    made["need"] = items.add(
        Need, kind=NeedKind.NEED, area=Area.COMMUNICATION, words=mark(f"need{tail}"),
        evidence=mark(f"evidence{tail}"), source_name=mark(f"source{tail}"), **who,
    )  # fmt: skip
    made["measure"] = items.add(Measure, name=mark(f"measure{tail}"), **who)
    made["outcome"] = items.add(
        Outcome, words=mark(f"outcome{tail}"), why=mark(f"outcome-why{tail}"), area=Area.COMMUNICATION, **who
    )
    made["step"] = items.add(
        NextStep, outcome=made["outcome"], words=mark(f"step{tail}"), criterion=mark(f"criterion{tail}"),
        baseline=mark(f"baseline{tail}"), baseline_value=0,
        scale=Scale.objects.get(setting=cycle.setting, kind="steps").versions.get(),
        owner=cast.senco, by_when=cycle.review_on, **who,
    )  # fmt: skip
    made["strategy"] = items.add(
        Strategy, place=Place.SETTING, words=mark(f"helps{tail}"), how=mark(f"helps-how{tail}"), **who
    )
    made["home_strategy"] = items.add(
        Strategy, place=Place.HOME, words=mark(f"helps-home{tail}"), proposed_by_name="Pam", **who
    )
    made["provision"] = items.add(
        Provision, strategy=made["strategy"], who=mark(f"provision{tail}"), where="In class",
        times_a_week=3, minutes=20, group_size=4, weeks=10, **who,
    )  # fmt: skip
    return made


def _first_cycle(
    cast: Cast, pupil: Pupil, itself: User, mark: Any, made: dict[str, Any]
) -> tuple[Cycle, PlanVersion]:
    who = {"by": cast.senco, "at": SEPTEMBER}
    cycle = cycles.open_cycle(pupil=pupil, review_on=date(2026, 1, 30), **who)
    cycles.move_to(cycle=cycle, stage=Stage.PLAN, note=mark("stage-note"), **who)
    parts = _write(cast, cycle, SEPTEMBER, mark, "-old")
    version = sharing.share(cycle=cycle, after=0, note=mark("version-note-old"), **who)
    review = reviews.start_review(cycle=cycle, by=cast.senco, at=JANUARY)
    Review.objects.filter(pk=review.pk).update(
        who_came=mark("review-came"),
        working=mark("review-working"),
        not_working=mark("review-not-working"),
        what_next=mark("review-next"),
    )
    for voice, person, perspective, home in _voices(cast, itself):
        judged = Judgement.objects.create(
            cycle=cycle, step=parts["step"], perspective=perspective, rating=Rating.BIT,
            words=mark(f"judged-{voice}"), said_by=person, said_by_name=person.called, household=home,
            recorded_by=person, at=JANUARY,
        )  # fmt: skip
        WhatWeDid.objects.create(
            pupil=pupil, judgement=judged, words=mark(f"did-{voice}"), by=cast.senco, at=JANUARY
        )
    reviews.close_cycle(
        cycle=cycle,
        kind=DecisionKind.CONTINUE,
        why=mark("decision"),
        who_was_told=mark("decision-told"),
        statuses={parts["step"]: StepStatus.STOPPED},
        by=cast.senco,
        at=FEBRUARY,
    )
    made |= {f"old_{key}": row for key, row in parts.items()}
    cycle.refresh_from_db()
    return cycle, version


def _second_cycle(
    cast: Cast, pupil: Pupil, cycle: Cycle, stream: FundingStream, mark: Any, made: dict[str, Any]
) -> PlanVersion:
    """Shared; then a part was changed, one added and one taken off, and none of it shared."""
    who = {"by": cast.senco, "at": FEBRUARY}
    carried: list[Any] = [*cycle.strategies.all(), *cycle.needs.all(), *cycle.measures.all()]
    for row in carried:
        items.remove(row, version=row.version, **who)  # what was carried over says nothing new
    cycles.edit_cycle(cycle=cycle, version=cycle.version, responsibilities=mark("who-does-what"), **who)
    cycles.move_to(cycle=cycle, stage=Stage.PLAN, **who)
    cycle.refresh_from_db()
    parts = _write(cast, cycle, FEBRUARY, mark, "")
    gone = _write(cast, cycle, FEBRUARY, mark, "-gone")
    for key in ("provision", "step", "strategy", "home_strategy", "need", "measure", "outcome"):
        gone[key].refresh_from_db()
        items.remove(gone[key], version=gone[key].version, **who)
    money = funding.allocate(
        pupil=pupil, stream=stream, amount=Decimal("4000"), purpose=mark("money"),
        difference=mark("money-difference"),
        starts_on=date(2025, 9, 1), ends_on=date(2026, 9, 1), **who,
    )  # fmt: skip
    use = funding.plan_use(
        allocation=money, strategy=parts["strategy"], planned=Decimal("1200"), note=mark("money-use"), **who
    )
    role = StaffRole.objects.filter(setting=cycle.setting).first() or StaffRole.objects.create(
        setting=cycle.setting, name="~staff-role~"
    )
    StaffRate.objects.create(role=role, hourly=Decimal("17.35"), starts_on=date(2025, 9, 1), at=SEPTEMBER)
    made["costing"] = Costing.objects.create(
        provision=parts["provision"], role=role, resources=Decimal(3), resources_for=mark("money-bought"),
        created_by=cast.senco, created_at=FEBRUARY,
    )  # fmt: skip
    version = sharing.share(cycle=cycle, after=0, note=mark("version-note"), **who)
    after = {"by": cast.senco, "at": LATELY}
    draft = _write(cast, cycle, LATELY, mark, "-draft")
    made |= {f"draft_{key}": row for key, row in draft.items()}
    for key in ("need", "outcome", "step", "strategy"):
        shared = parts[key]
        shared.refresh_from_db()
        field_name = {"need": "source_name", "outcome": "why", "step": "criterion", "strategy": "how"}[key]
        items.edit(shared, version=shared.version, **{field_name: mark(f"{key}-edited")}, **after)
    cycle.refresh_from_db()
    cycles.edit_cycle(
        cycle=cycle, version=cycle.version, responsibilities=mark("who-does-what-edited"), **after
    )
    funding.allocate(
        pupil=pupil, stream=stream, amount=Decimal("77"), purpose=mark("money-draft"),
        starts_on=date(2025, 9, 1), ends_on=date(2026, 9, 1), **after,
    )  # fmt: skip
    cycle.refresh_from_db()
    made |= parts | {f"gone_{key}": row for key, row in gone.items()} | {"allocation": money, "use": use}
    return version


def _voices(cast: Cast, itself: User) -> list[tuple[str, User, Perspective, Household | None]]:
    return [
        ("itself", itself, Perspective.CHILD, None),
        ("pam", cast.parent, Perspective.PARENT, cast.home),
        ("oscar", cast.other_parent, Perspective.PARENT, cast.other_home),
        ("rob", cast.restricted_parent, Perspective.PARENT, cast.restricted_home),
        ("teacher", cast.teacher, Perspective.STAFF, None),
    ]


def _said(
    cast: Cast,
    pupil: Pupil,
    itself: User,
    cycle: Cycle,
    version: PlanVersion,
    mark: Any,
    made: dict[str, Any],
) -> None:
    """The words of each voice, in each place where there are words."""
    for voice, person, perspective, home in _voices(cast, itself):
        said: dict[str, Any] = {"by": person, "perspective": perspective, "household": home, "at": LATELY}
        for audience in Audience:
            what = f"view-{voice}" + ("-senco" if audience is Audience.COORDINATOR else "")
            made[what.replace("view-", "view_", 1)] = row = View.objects.create(
                pupil=pupil, cycle=cycle, perspective=perspective, said_by=person, said_by_name=person.called,
                household=home, how=HowObtained.DREW, words=mark(what), audience=audience,
                recorded_by=person, at=LATELY, file_digest="0" * 64,
            )  # fmt: skip
            if audience is Audience.EVERYONE:
                made[f"file_{voice}"] = _said_file(row, mark(f"drawn-{voice}"))
                FileWords.objects.create(
                    file=made[f"file_{voice}"], words=mark(f"seen-{voice}"), by=cast.senco, at=LATELY,
                    sent_key=uuid4(),
                )  # fmt: skip
                WhatWeDid.objects.create(
                    pupil=pupil, view=row, words=mark(f"did-view-{voice}"), by=cast.senco, at=LATELY,
                    strategy=made["strategy"],
                )  # fmt: skip
        made[f"note_{voice}"] = Progress.objects.create(
            step=made["step"], perspective=perspective, by=person, on=LATELY.date(), at=LATELY, value=1,
            note=mark(f"note-{voice}"), sent_key=uuid4(),
        )  # fmt: skip
        Judgement.objects.create(
            cycle=cycle, strategy=made["strategy"], perspective=perspective, rating=Rating.NOT_YET,
            words=mark(f"judged-open-{voice}"), said_by=person, said_by_name=person.called, household=home,
            recorded_by=person, at=LATELY,
        )  # fmt: skip
        at_home = {} if perspective is Perspective.STAFF else {"worked": mark(f"worked-{voice}")}
        made[f"update_{voice}"] = Update.objects.create(
            pupil=pupil, household=home, perspective=perspective, by=person, words=mark(f"update-{voice}"),
            on=LATELY.date(), at=LATELY, sent_key=uuid4(), photo_digest="0" * 64, **at_home,
        )  # fmt: skip
        made[f"photo_{voice}"] = _photo(made[f"update_{voice}"], mark(f"photo-{voice}"))
        if perspective is not Perspective.STAFF:
            made[f"talk_{voice}"] = Talk.objects.create(
                pupil=pupil, household=home, perspective=perspective, by=person, suits=["after"],
                times=mark(f"talk-times-{voice}"), reason=mark(f"talk-{voice}"), at=LATELY, sent_key=uuid4(),
            )  # fmt: skip
        made[f"strategy_answer_{voice}"] = StrategyAnswer.objects.create(
            strategy=made["strategy"], answer=Answer.DISAGREE, why=mark(f"strategy-answer-{voice}"), **said
        )
        thinks: dict[str, Any] = {
            "allocation": made["allocation"], "perspective": perspective, "said_by": person,
            "said_by_name": person.called, "household": home, "how": HowObtained.ONLINE, "recorded_by": person,
            "on": LATELY.date(), "at": LATELY,
        }  # fmt: skip
        if person != cast.teacher:  # who has no funding
            FundingEvaluation.objects.create(
                rating="bit", words=mark(f"money-thinks-{voice}"), sent_key=uuid4(), **thinks
            )
            FundingAgreement.objects.create(
                answer=Answer.DISAGREE, words=mark(f"money-agrees-{voice}"), sent_key=uuid4(), **thinks
            )
        WayForward.objects.create(
            strategy_answer=made[f"strategy_answer_{voice}"], words=mark(f"strategy-forward-{voice}"), by=cast.senco,
            at=LATELY, sent_key=uuid4(),
        )  # fmt: skip
        made[f"celebration_{voice}"] = Celebration.objects.create(
            pupil=pupil, words=mark(f"proud-{voice}-senco"), sent_key=uuid4(), **said
        )
        Celebration.objects.create(
            pupil=pupil, words=mark(f"proud-{voice}"), sent_key=uuid4(), told_at=LATELY, told_by=person,
            **said,
        )  # fmt: skip
        if perspective is Perspective.STAFF:
            continue
        Comment.objects.create(plan_version=version, words=mark(f"comment-{voice}"), sent_key=uuid4(), **said)
        Comment.objects.create(
            plan_version=version, about=made["step"].pk, words=mark(f"comment-step-{voice}"),
            sent_key=uuid4(), **said,
        )  # fmt: skip
        made[f"plan_answer_{voice}"] = PlanAnswer.objects.create(
            plan_version=version, answer=Answer.DISAGREE, why=mark(f"answer-{voice}"), sent_key=uuid4(),
            **said,
        )  # fmt: skip
        WayForward.objects.create(
            plan_answer=made[f"plan_answer_{voice}"], words=mark(f"answer-forward-{voice}"), by=cast.senco,
            at=LATELY, sent_key=uuid4(),
        )  # fmt: skip
        made[f"proposal_{voice}"] = Proposal.objects.create(
            cycle=cycle, kind=ProposalKind.HOME_STRATEGY, words=mark(f"proposal-{voice}"),
            why=mark(f"proposal-why-{voice}"), sent_key=uuid4(), **said,
        )  # fmt: skip
        Proposal.objects.create(
            cycle=cycle, kind=ProposalKind.STEP, words=mark(f"proposal-answered-{voice}"), state="declined",
            reply=mark(f"reply-{voice}"), answered_by=cast.senco, answered_at=AT, sent_key=uuid4(), **said,
        )  # fmt: skip
    FundingDecision.objects.create(
        allocation=made["allocation"], number=1, decision="change", why=mark("money-decided"), by=cast.senco,
        at=LATELY,
    )  # fmt: skip
    Delivered.objects.create(
        provision=made["provision"], on=LATELY.date(), number=1, held="missed", why="room",
        words=mark("helps-delivered"), by=cast.teacher, at=LATELY,
    )  # fmt: skip
    Progress.objects.create(
        step=made["step"], perspective=Perspective.STAFF, by=cast.key_adult, on=LATELY.date(), at=LATELY,
        value=1, note=mark("note-withdrawn"), withdrawn_at=AT, sent_key=uuid4(),
    )  # fmt: skip
    for what, home in (("all", None), ("to-pam", cast.home), ("to-oscar", cast.other_home)):
        Update.objects.create(
            pupil=pupil, household=home, perspective=Perspective.STAFF, by=cast.teacher,
            words=mark(f"update-{what}"), on=LATELY.date(), at=LATELY, sent_key=uuid4(),
        )  # fmt: skip
    day = Update.objects.create(
        pupil=pupil, kind=UpdateKind.DAILY, perspective=Perspective.STAFF, by=cast.teacher,
        good_thing=mark("update-daily"), on=LATELY.date(), at=LATELY, sent_key=uuid4(),
    )  # fmt: skip
    Daily.objects.create(update=day, mood="happy", tried=mark("daily-tried"))
    made["call"] = Call.objects.create(
        pupil=pupil, words=mark("call"), by=cast.senco, at=LATELY, sent_key=uuid4()
    )
    Call.objects.create(
        pupil=pupil, words=mark("call-made"), by=cast.senco, at=LATELY, sent_key=uuid4(), rang_on=LATELY.date(),
        outcome=mark("call-outcome"), rang_by=cast.senco, rang_at=LATELY,
    )  # fmt: skip


def _said_file(view: View, mark: str) -> ViewFile:
    """A drawing with its file, in which is a mark."""
    ready = pictures.Ready(b"\xff\xd8\xff\xd9" + mark.encode(), 1, 1, "")
    row = said_files.row_of(ready, view=view)
    row.pk = said_files.keep(ready)
    row.save(force_insert=True)
    return row


def _profile_picture(pupil: Pupil, by: User, alt: str) -> ProfilePicture:
    """The picture of the latest profile with its file, in which is a mark as well."""
    row = ProfilePicture(pupil=pupil, alt=alt, width=1, height=1, size=1, digest="0" * 64, by=by, at=JANUARY)
    content = b"\xff\xd8\xff\xd9" + alt.replace("profile-picture", "profile-face").encode()
    row.pk = profile_pictures.keep(pictures.Ready(content, 1, 1, ""))
    row.save(force_insert=True)
    pupil.profiles.filter(number=2).update(picture=row)
    return row


def _photo(update: Update, alt: str) -> Photo:
    """A photo with its file, in which is a mark as well."""
    row = Photo(update=update, alt=alt, width=1, height=1, size=1)
    content = b"\xff\xd8\xff\xd9" + alt.replace("photo-", "picture-").encode()
    row.pk = photos.keep(photos.Ready(content, 1, 1, ""))
    row.save(force_insert=True)
    return row


def marks_in(text: str) -> set[str]:
    """The marks in something, without their `~`."""
    return {next(filter(None, found)) for found in MARK.findall(text)}


def marks_there_are() -> set[str]:
    """Every mark in the database."""
    found: set[str] = set()
    for model in apps.get_models():
        found |= marks_in(str(list(model._default_manager.values())))
    return found


@pytest.fixture
def record(db: None) -> Record:
    return build()
