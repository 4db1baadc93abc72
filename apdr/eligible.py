"""Which help with money is worth asking a family about, by age and phase alone. Nothing is said of whether they get it."""

from dataclasses import dataclass
from datetime import date

from accounts.enums import Phase
from pupils.enums import SenProvision

from .enums import AskAbout, StreamKind

#: Which kinds of funding a setting of each phase may have.
STREAMS: dict[StreamKind, frozenset[Phase]] = {
    StreamKind.NOTIONAL: frozenset(Phase) - {Phase.EARLY_YEARS},
    StreamKind.TOP_UP: frozenset(Phase),
    StreamKind.SENIF: frozenset({Phase.EARLY_YEARS, Phase.PRIMARY, Phase.ALL_THROUGH, Phase.SPECIAL}),
    StreamKind.EYPP: frozenset({Phase.EARLY_YEARS, Phase.PRIMARY, Phase.ALL_THROUGH, Phase.SPECIAL}),
    StreamKind.DAF: frozenset({Phase.EARLY_YEARS, Phase.PRIMARY, Phase.ALL_THROUGH, Phase.SPECIAL}),
    StreamKind.PUPIL_PREMIUM: frozenset({Phase.PRIMARY, Phase.SECONDARY, Phase.ALL_THROUGH, Phase.SPECIAL}),
    StreamKind.BURSARY: frozenset(Phase) - {Phase.EARLY_YEARS, Phase.PRIMARY},
    StreamKind.PERSONAL_BUDGET: frozenset(Phase),
    StreamKind.OTHER: frozenset(Phase),
}

#: The money that is the family's or the young person's own: told of, and never planned or spent here.
THEIR_OWN = frozenset({AskAbout.DLA, AskAbout.PIP})

_NURSERY = frozenset({"E1", "E2", "N1", "N2"})
_SCHOOL = frozenset({"R", *map(str, range(1, 12))})
_POST16 = frozenset({Phase.SIXTH_FORM, Phase.COLLEGE})


@dataclass(frozen=True)
class Facts:
    """What is known of a pupil that matters here."""

    born: date
    phase: Phase
    year_group: str = ""
    sen: str = SenProvision.SUPPORT


def streams_for(phase: str) -> list[StreamKind]:
    """The kinds of funding that a setting of a phase may have."""
    return [kind for kind in StreamKind if phase in STREAMS[kind]]


def _months(born: date, on: date) -> int:
    return (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)


def _starting_age(born: date, on: date) -> int:
    """How old they were on the 31 August before: what a school year goes by."""
    august = date(on.year if (on.month, on.day) >= (9, 1) else on.year - 1, 8, 31)
    return august.year - born.year - ((august.month, august.day) < (born.month, born.day))


def worth_asking(known: Facts, on: date) -> list[AskAbout]:
    """What is worth asking about on a day, in the order in which pages list it."""
    months = _months(known.born, on)
    nursery = known.year_group in _NURSERY or (
        not known.year_group and (known.phase is Phase.EARLY_YEARS or months < 48)
    )
    started = _starting_age(known.born, on)
    post16 = known.phase in _POST16 or known.year_group in ("12", "13", "14")
    school = not nursery and not post16 and known.phase is not Phase.EARLY_YEARS
    school = school and (known.year_group in _SCHOOL or (not known.year_group and 4 <= started <= 15))
    asked = {
        AskAbout.TWO_YEAR_OFFER: 24 <= months < 36,
        AskAbout.EYPP: nursery and months >= 9,
        AskAbout.DAF: nursery and months >= 9,
        AskAbout.PUPIL_PREMIUM: school,
        AskAbout.BURSARY: post16
        and (16 <= started <= 18 or (started > 18 and known.sen == SenProvision.EHC_PLAN)),
        AskAbout.PERSONAL_BUDGET: known.sen == SenProvision.EHC_PLAN,
        AskAbout.DLA: months < 16 * 12,
        AskAbout.PIP: months >= 16 * 12,
    }
    return [about for about in AskAbout if asked[about]]
