"""A setting's library of strategies, and what worked in one place taken over into the other."""

import tomllib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from accounts import policy as people_policy
from accounts.enums import Role
from accounts.models import Setting, User
from pupils import audit, policy
from pupils.enums import Section
from pupils.errors import NotNow
from pupils.models import AuditEvent, Pupil
from pupils.services import save_version

from .. import states
from ..enums import AtHome, LibrarySource, Perspective, Place
from ..models import Cycle, HomeOffer, HomeOfferAnswer, LibraryStrategy, Strategy
from . import items
from .common import begin, household_of, made_before, sent_before, speaks_as, stage_of
from .sharing import shared_ids

SHIPPED = Path(__file__).parents[1] / "shipped" / "strategies.toml"
#: Who reads a library: those who write plans.
READERS = (Role.SENCO, Role.KEY_ADULT)


@cache
def shipped() -> list[dict[str, Any]]:
    """The strategies that come with Alongside: key, area, phases, words, how."""
    return list(tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["strategy"])


def reads(person: policy.Person, setting: Setting, at: datetime) -> bool:
    """Whether somebody reads the library of a setting: who writes plans there."""
    return people_policy.settings_of(person, at, READERS).filter(pk=setting.pk).exists()


@transaction.atomic
def add(
    *, setting: Setting, by: User, at: datetime, key: UUID | None = None, **fields: Any
) -> LibraryStrategy:
    """A strategy of the setting's own, or of its area. The same form sent twice makes one.

    Raises ValidationError by field, also for words that are there already.
    """
    _require(by, setting, at)
    before = made_before(LibraryStrategy, key, created_by=by, setting=setting)
    if before is not None:
        return before
    row = LibraryStrategy(
        setting=setting, created_by=by, created_at=at, **fields, **({"pk": key} if key else {})
    )
    row.full_clean()
    row.save()
    audit.record("library strategy added", by=by, at=at, setting=setting, of=row)
    return row


@transaction.atomic
def edit(*, strategy: LibraryStrategy, version: int, by: User, at: datetime, **fields: Any) -> None:
    """Change a strategy of a library; plans that used it keep what they have. Raises Stale or ValidationError."""
    _require(by, strategy.setting, at)
    changed = save_version(strategy, version, fields)
    if changed:
        audit.record(
            "library strategy changed", by=by, at=at, setting=strategy.setting, of=strategy, fields=changed
        )


@transaction.atomic
def retire(*, strategy: LibraryStrategy, version: int, by: User, at: datetime, back: bool = False) -> None:
    """Offer a strategy no more, or (`back`) again; plans that used it keep it. Raises Stale or ValidationError."""
    _require(by, strategy.setting, at)
    if save_version(strategy, version, {"retired_at": None if back else strategy.retired_at or at}):
        verb = "library strategy brought back" if back else "library strategy retired"
        audit.record(verb, by=by, at=at, setting=strategy.setting, of=strategy)


@transaction.atomic
def fill(*, setting: Setting, by: User, at: datetime) -> int:
    """Put those of ours in that were never in a library, and whose words are not there; how many that were.

    What was changed or retired there stays so.
    """
    _require(by, setting, at)
    Setting.objects.select_for_update(no_key=True).get(pk=setting.pk)
    there = LibraryStrategy.objects.filter(setting=setting)
    known = set(there.values_list("shipped", flat=True))
    words = {said.casefold() for said in there.filter(retired_at=None).values_list("words", flat=True)}
    rows = [
        LibraryStrategy(
            setting=setting,
            shipped=one["key"],
            words=one["words"],
            how=one["how"],
            area=one["area"],
            phases=one["phases"],
            source=LibrarySource.ALONGSIDE,
            created_by=by,
            created_at=at,
        )
        for one in shipped()
        if one["key"] not in known and one["words"].casefold() not in words
    ]
    LibraryStrategy.objects.bulk_create(rows)
    if rows:
        audit.record("library filled", by=by, at=at, setting=setting, added=len(rows))
    return len(rows)


def _require(by: User, setting: Setting, at: datetime) -> None:
    if not policy.coordinates(by, setting, at):
        raise PermissionDenied(_("Only a SENCO of this setting can change its library."))


@transaction.atomic
def save_many(
    *, setting: Setting, new: Iterable[LibraryStrategy], changed: Iterable[Any], by: User, at: datetime
) -> None:
    """What a checked file does to a library, all of it or nothing. `changed` are (strategy, field names)."""
    _require(by, setting, at)
    rows, edits = list(new), list(changed)
    LibraryStrategy.objects.bulk_create(rows)
    for strategy, fields in edits:
        strategy.version += 1
        strategy.save(update_fields=[*fields, "version"])
    told = [("library strategy added", row, []) for row in rows]
    told += [("library strategy changed", row, fields) for row, fields in edits]
    audit.record_many(
        AuditEvent(
            verb=verb, by=by, at=at, setting=setting, object_type="librarystrategy", object_id=row.pk,
            detail={"from": "a file", "fields": sorted(fields)},
        )
        for verb, row, fields in told
    )  # fmt: skip


# From home to school, and from school to home ---------------------------------------------------------------


@transaction.atomic
def try_here(*, strategy: Strategy, by: User, at: datetime) -> Strategy:
    """Take something that works at home over into the draft, to be tried at the setting. Twice is once.

    It stands as proposed by whoever proposed it at home, and where that was nobody of the family, by "the family":
    who says that it works is not told. Raises NotNow where there is no open plan, or not at this stage.
    """
    pupil = strategy.cycle.pupil
    cycle = _open_cycle(pupil)
    begin(cycle=cycle, action="write_strategies", act="write_strategies", by=by, at=at)
    if strategy.place != Place.HOME or strategy.removed_at is not None:
        raise Http404
    before = cycle.strategies.filter(
        place=Place.SETTING, removed_at=None, after__in=_same(strategy, cycle)
    ).first()
    if before is not None:
        return before
    from_family = strategy.perspective in (Perspective.PARENT, Perspective.CHILD)
    made = items.add(
        Strategy,
        cycle=cycle,
        by=by,
        at=at,
        place=Place.SETTING,
        words=strategy.words,
        how=strategy.how,
        perspective=Perspective(strategy.perspective) if from_family else Perspective.PARENT,
        proposed_by_name=(strategy.proposed_by_name if from_family else "") or "The family",
    )
    proposer = strategy.proposed_by_id if from_family else None
    name = strategy.proposed_by_name if proposer else made.proposed_by_name
    Strategy.objects.filter(pk=made.pk).update(after=strategy.pk, proposed_by=proposer, proposed_by_name=name)
    made.refresh_from_db()
    return made


def _same(strategy: Strategy, cycle: Cycle) -> set[UUID]:
    """A strategy and what it is a copy of, or is copied to, from one cycle to the next."""
    rows = Strategy.objects.filter(cycle__pupil=cycle.pupil_id).values_list("pk", "carried_from")
    roots = chains(rows)
    return {pk for pk in roots if roots[pk] == roots[strategy.pk]}


def chains(rows: Iterable[tuple[UUID, UUID | None]]) -> dict[UUID, UUID]:
    """Of items by id and what each was carried from, the first of each chain by the id of each."""
    before = dict(rows)

    def root(pk: UUID) -> UUID:
        while (earlier := before.get(pk)) is not None:
            pk = earlier
        return pk

    return {pk: root(pk) for pk in before}


def _open_cycle(pupil: Pupil) -> Cycle:
    cycle = Cycle.objects.filter(pupil=pupil, closed_at=None).select_related("pupil").first()
    if cycle is None:
        raise NotNow(_("%(pupil)s has no open plan. Open one first.") % {"pupil": pupil.called})
    return cycle


@transaction.atomic
def offer_home(*, strategy: Strategy, by: User, at: datetime) -> HomeOffer:
    """Offer something that works at the setting to the family, to try at home. Twice is once.

    Raises NotNow for what the family has not been given yet, and where it is not at this stage.
    """
    cycle = strategy.cycle
    begin(cycle=cycle, action="write_strategies", act="write_strategies", by=by, at=at)
    if strategy.place != Place.SETTING or strategy.removed_at is not None:
        raise Http404
    before = HomeOffer.objects.filter(strategy__in=_same(strategy, cycle)).first()
    if before is not None:
        return before
    if strategy.pk not in shared_ids(cycle):
        raise NotNow(_("Share the plan with the family first."))
    row = HomeOffer(cycle=cycle, strategy=strategy, words=strategy.words, how=strategy.how, by=by, at=at)
    row.full_clean()
    row.save()
    audit.record("offered for home", by=by, at=at, pupil=cycle.pupil, section=Section.STRATEGIES, of=row)
    return row


@transaction.atomic
def answer_offer(
    *, offer: HomeOffer, by: User, at: datetime, sent_key: UUID, answer: AtHome, why: str = ""
) -> HomeOfferAnswer:
    """Somebody of the family says whether they try at home what was offered.

    The first who does puts it in the draft as a home strategy, proposed by whoever offered it; it is in the plan when
    that is shared next. Raises Http404 for anybody else, and NotNow where the draft takes none.
    """
    cycle = _open_cycle(offer.cycle.pupil)
    sight = begin(cycle=cycle, action="answer_strategy", act="answer_strategy", by=by, at=at)
    perspective = speaks_as(sight, Section.STRATEGIES)
    if perspective not in (Perspective.PARENT, Perspective.CHILD):
        raise Http404
    said: dict[str, Any] = {"offer_id": offer.pk, "answer": answer, "why": why.strip()}
    before, sent_key = sent_before(HomeOfferAnswer, sent_key, by, said)
    if before is not None:
        return before
    row = HomeOfferAnswer(
        **said, by=by, at=at, sent_key=sent_key, perspective=perspective, household=household_of(sight)
    )
    if answer is AtHome.TRY:
        row.made = _at_home(offer, cycle, by, at)
    row.full_clean()
    row.save()
    audit.record(
        "answered an offer for home",
        by=by,
        at=at,
        pupil=cycle.pupil,
        section=Section.STRATEGIES,
        of=row,
        answer=answer.value,
    )
    return row


def _at_home(offer: HomeOffer, cycle: Cycle, by: User, at: datetime) -> Strategy:
    """The home strategy that an offer led to in this draft; made where it is not there."""
    there = cycle.strategies.filter(
        place=Place.HOME, removed_at=None, after__in=_same(offer.strategy, cycle)
    ).first()
    if there is not None:
        return there
    if _takes_none(cycle):
        raise NotNow(_("We are looking back at the plan now. Answer when the next one begins."))
    row = Strategy(
        cycle=cycle,
        place=Place.HOME,
        words=offer.words,
        how=offer.how,
        after=offer.strategy,
        library=offer.strategy.library,
        proposed_by=offer.by,
        perspective=Perspective.STAFF,
        created_by=by,
        created_at=at,
    )
    row.full_clean()
    row.save()
    audit.record("strategy added", by=by, at=at, pupil=cycle.pupil, section=Section.STRATEGIES, of=row)
    return row


def _takes_none(cycle: Cycle) -> bool:
    """Whether a draft takes no strategy at its stage."""
    return stage_of(cycle) not in states.DURING["write_strategies"]
