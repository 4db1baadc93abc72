"""A library, a directory, a document and an event of a setting, and what of them was offered to a pupil's family: rows for tables."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from accounts.models import Setting, User
from apdr.enums import AtHome, Perspective
from apdr.models import Cycle, HomeOffer, HomeOfferAnswer, LibraryStrategy, Strategy
from notifications.enums_updates import SaidToSignpost
from notifications.models import (
    Event,
    EventPlace,
    Signpost,
    SignpostAnswer,
    SignpostOffer,
    Survey,
    SurveyAnswer,
    SurveyQuestion,
    SurveyResponse,
)
from pupils.models import Document, DocumentComment, DocumentReply, DocumentVersion, Household, Pupil

Said = tuple[str, User, Perspective, Household | None]


def of_setting(setting: Setting, senco: User, parent: User, at: datetime, mark: Any = str) -> dict[str, Any]:
    """One of each thing that a setting keeps; the ones that are there where they are."""
    known = Document.objects.filter(setting=setting).first()
    if known is not None:
        return {
            "library": LibraryStrategy.objects.get(setting=setting),
            "signpost": Signpost.objects.get(setting=setting),
            "document": known,
            "document_comment": DocumentComment.objects.get(document_version__document=known),
            "event": Event.objects.get(setting=setting),
            **_surveys(setting),
        }
    return one_more(setting, senco, parent, at, mark)


def one_more(setting: Setting, senco: User, parent: User, at: datetime, mark: Any = str) -> dict[str, Any]:
    """One of each thing that a setting keeps, whatever is there already."""
    who: dict[str, Any] = {"created_by": senco, "created_at": at}
    library = LibraryStrategy.objects.create(
        setting=setting,
        words=mark("library"),
        how=mark("library-how"),
        area="semh",
        phases=["secondary"],
        **who,
    )
    signpost = Signpost.objects.create(
        setting=setting, name=mark("signpost"), what=mark("signpost-what"), kind="advice", phases=["secondary"],
        address="https://help.example/", **who,
    )  # fmt: skip
    document = Document.objects.create(
        setting=setting, kind="sen_report", title=mark("document"), open_to_families=True, version=2, **who
    )
    first, latest = (
        DocumentVersion.objects.create(
            document=document, number=number, title=mark(name), text=f"# Help\n\n{mark(f'{name}-text')}", by=senco, at=at
        )
        for number, name in ((1, "published"), (2, "document"))
    )  # fmt: skip
    document.published, document.published_at = first, at
    document.save()
    comment = DocumentComment.objects.create(
        document_version=latest, words=mark("pam-document-comment"), by=parent, at=at, sent_key=uuid4()
    )
    DocumentReply.objects.create(
        comment=comment,
        you_said=mark("you-said"),
        we_did=mark("we-did"),
        shown=True,
        by=senco,
        at=at,
        sent_key=uuid4(),
    )
    event = Event.objects.create(
        setting=setting, title=mark("send-event"), kind="coffee", where=mark("sen-event-where"), what=mark("event-what"),
        contact=mark("event-contact"), whom=["parents"], places=9, starts_at=at + timedelta(days=20),
        ends_at=at + timedelta(days=20, hours=1), **who,
    )  # fmt: skip
    EventPlace.objects.create(
        event=event,
        person=parent,
        state="coming",
        adults=1,
        know=mark("pam-event-know"),
        at=at,
        seen_at=at,
        by=parent,
    )
    _ask(setting, parent, at, mark, who)
    made = {
        "library": library,
        "signpost": signpost,
        "document": document,
        "document_comment": comment,
        "event": event,
    }
    return made | _surveys(setting)


def _surveys(setting: Setting) -> dict[str, Any]:
    found = {
        f"survey{'' if row.opened_at else '_draft'}": row for row in Survey.objects.filter(setting=setting)
    }
    return found | {"survey_question": SurveyQuestion.objects.get(survey=found["survey_draft"])}


def _ask(setting: Setting, parent: User, at: datetime, mark: Any, who: dict[str, Any]) -> None:
    """A draft, and a survey with names that is over and published, with an answer of a parent carer."""
    days = {"opens_on": (at - timedelta(days=2)).date(), "closes_on": (at - timedelta(days=1)).date()}
    told = Survey.objects.create(
        setting=setting, title=mark("survey"), why=mark("survey-why"), audiences=["parent", "pupil", "staff"],
        anonymous=False, told=mark("survey-told"), opened_at=at, published_at=at, **days, **who,
    )  # fmt: skip
    question = SurveyQuestion.objects.create(survey=told, position=0, kind="words", words=mark("survey-asks"))
    response = SurveyResponse.objects.create(survey=told, person=parent, audience="parent", at=at)
    SurveyAnswer.objects.create(
        question=question, audience="parent", words=mark("pam-survey-words"), response=response
    )
    later = {"opens_on": (at + timedelta(days=30)).date(), "closes_on": (at + timedelta(days=60)).date()}
    draft = Survey.objects.create(
        setting=setting, title=mark("survey-draft"), why=mark("survey-draft-why"), audiences=["parent"],
        anonymous=True, **later, **who,
    )  # fmt: skip
    SurveyQuestion.objects.create(survey=draft, position=0, kind="scale", words=mark("survey-draft-asks"))


def of_pupil(
    pupil: Pupil,
    cycle: Cycle,
    strategy: Strategy,
    signpost: Signpost,
    senco: User,
    at: datetime,
    said: list[Said],
    mark: Any = str,
) -> dict[str, Any]:
    """What was offered for home, with an answer of each voice of the family, and help that was offered to each home."""
    offer = HomeOffer.objects.create(
        cycle=cycle,
        strategy=strategy,
        words=mark("helps-offered"),
        how=mark("helps-offered-how"),
        by=senco,
        at=at,
    )
    made: dict[str, Any] = {"home_offer": offer}
    for voice, person, perspective, home in said:
        HomeOfferAnswer.objects.create(
            offer=offer, answer=AtHome.NOT_US, why=mark(f"strategy-home-{voice}"), by=person, perspective=perspective,
            household=home, at=at, sent_key=uuid4(),
        )  # fmt: skip
        made[f"signpost_offer_{voice}"] = row = SignpostOffer.objects.create(
            pupil=pupil, signpost=signpost, household=home, perspective=perspective, name=mark(f"update-name-{voice}"),
            what=mark(f"update-what-{voice}"), note=mark(f"update-why-{voice}"), by=senco, at=at, sent_key=uuid4(),
        )  # fmt: skip
        SignpostAnswer.objects.create(
            offer=row, answer=SaidToSignpost.THANKS, by=person, at=at, sent_key=uuid4()
        )
    return made
