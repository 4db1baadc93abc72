"""The acts that decide who sees what, each done once as it is meant, for `tests/test_acts.py`."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from apdr.services import family
from pupils import capacity, choices, hand_over, overrides, professionals, requests, second_thoughts
from pupils.choices import Wanted
from pupils.enums import Answer, Gave, Section
from pupils.models import ChoiceSheet, SharingRequest
from tests.cast import AT, Cast
from tests.pupils.decided import UNTIL, asked, confirmed, recorded, untold

DAY = timedelta(days=1)


def _(function: Any, **more: Any) -> Callable[[], Any]:
    return lambda: function(**more, at=AT)


def _chosen(c: Cast, **more: Any) -> ChoiceSheet:
    said = {"by": c.young_person, **more}
    return choices.choose(
        pupil=c.sam,
        wanted=[Wanted(Section.NEEDS, Answer.YES, person=c.parent)],
        at=AT - DAY,
        key=uuid4(),
        wording="young-1",
        **said,
    )


def _asks(c: Cast) -> SharingRequest:
    return requests.ask(
        pupil=c.sam,
        section=Section.FUNDING,
        reason="To help.",
        by=c.parent,
        at=AT - DAY,
        send=lambda _: None,
    )


def _share(c: Cast) -> dict[str, Any]:
    return {
        "pupil": c.sam,
        "name": "Nell New",
        "email": "nell@health.example",
        "sections": [Section.NEEDS],
        "ends_at": AT + 30 * DAY,
        "purpose": "To help me.",
        "by": c.young_person,
        "key": uuid4(),
    }


def _shared(c: Cast) -> dict[str, Any]:
    choices.choose(
        pupil=c.sam,
        wanted=[Wanted(Section.NEEDS, Answer.YES, person=c.professional, ends_at=AT + 30 * DAY)],
        by=c.young_person,
        at=AT - DAY,
        key=uuid4(),
        wording="young-1",
    )
    return {"pupil": c.sam, "recipient_id": c.professional.pk, "by": c.young_person}


def _on_behalf(c: Cast) -> ChoiceSheet:
    return _chosen(c, by=c.senco, given_by=c.young_person, how=Gave.SPOKEN, how_words="With Kim")


def _record(c: Cast) -> Callable[[], Any]:
    return lambda: recorded(c, c.sam, c.parent, at=AT)


#: As `tests/test_acts.py` has them: what goes before is arranged first, then the act itself is given.
DECIDED: dict[str, Callable[[Cast, Any], Callable[[], Any]]] = {
    "pupils.choices.choose": lambda c, r: _(
        choices.choose,
        pupil=c.sam,
        wanted=[Wanted(Section.NEEDS, Answer.YES)],
        by=c.young_person,
        key=uuid4(),
        wording="young-1",
    ),
    "pupils.second_thoughts.stop": lambda c, r: _(
        second_thoughts.stop, pupil=_chosen(c).pupil, by=c.young_person, wording="young-1"
    ),
    "pupils.second_thoughts.confirm": lambda c, r: _(
        second_thoughts.confirm, sheet=_on_behalf(c), by=c.young_person, wording="young-1"
    ),
    "pupils.requests.ask": lambda c, r: _(
        requests.ask,
        pupil=c.sam,
        section=Section.NEEDS,
        reason="To help.",
        by=c.parent,
        send=lambda _: None,
    ),
    "pupils.requests.answer": lambda c, r: _(
        requests.answer, request=_asks(c), give=[Section.FUNDING], by=c.young_person, key=uuid4()
    ),
    "pupils.requests.withdraw": lambda c, r: _(requests.withdraw, request=_asks(c), by=c.parent),
    "pupils.professionals.share": lambda c, r: _(professionals.share, **_share(c)),
    "apdr.services.family.write_back": lambda c, r: _(
        family.write_back, pupil=_shared(c)["pupil"], sent_key=uuid4(), words="Wait.", by=c.professional
    ),
    "pupils.professionals.stop": lambda c, r: _(professionals.stop, **_shared(c)),
    "pupils.overrides.ask": lambda c, r: _(
        overrides.ask,
        pupil=c.sam,
        key=uuid4(),
        sections=[Section.NEEDS],
        reason="They are at risk.",
        until=UNTIL,
        by=c.dsl,
        person=c.colleague,
        **untold(),
    ),
    "pupils.overrides.confirm": lambda c, r: _(
        overrides.confirm, override=asked(c, c.sam, c.colleague, at=AT - DAY), by=c.leader
    ),
    "pupils.overrides.end": lambda c, r: _(
        overrides.end, override=confirmed(c, c.sam, c.colleague, at=AT - DAY), by=c.dsl
    ),
    "pupils.overrides.tell": lambda c, r: _(
        overrides.tell,
        override=confirmed(c, c.sam, c.colleague, at=AT - DAY),
        on=AT.date(),
        how="In person.",
        by=c.dsl,
    ),
    "pupils.overrides.look_again": lambda c, r: _(
        overrides.look_again,
        override=confirmed(c, c.sam, c.colleague, at=AT - DAY),
        why="It is still not safe.",
        next_on=(AT + 7 * DAY).date(),
        by=c.dsl,
    ),
    "pupils.overrides.opened": lambda c, r: _(overrides.opened, pupil=c.sam, by=c.dsl, page="list"),
    "pupils.capacity.record": lambda c, r: _record(c),
    "pupils.capacity.end": lambda c, r: _(
        capacity.end,
        capacity=recorded(c, c.sam, c.parent, at=AT - DAY, assessed_on=date(2026, 3, 8)),
        by=c.senco,
    ),
    "pupils.capacity.read": lambda c, r: _(
        capacity.read, records=[recorded(c, c.sam, c.parent, at=AT - DAY)], by=c.young_person
    ),
    "pupils.capacity.record_competence": lambda c, r: _(
        capacity.record_competence,
        pupil=c.ada,
        key=uuid4(),
        from_on=date(2026, 4, 1),
        assessor="Dr Ito",
        assessor_role="Psychologist",
        findings="She explains it back.",
        by=c.senco,
    ),
    "pupils.hand_over.record_talk": lambda c, r: _(
        hand_over.record_talk,
        pupil=c.ada,
        on=AT.date(),
        with_whom="Ada and Pam",
        how="With pictures.",
        key=uuid4(),
        by=c.senco,
    ),
}
PARTS_OF_DECIDED = {
    "pupils.choices.pass_on": "pupils.invitations.accept",
    "pupils.invitations.invite_to_share": "pupils.professionals.share",
    "pupils.overrides.leave": "pupils.people.end_membership",
    "pupils.overrides.moved": "pupils.services.move",
}
