"""Which review is owed, by which day, and the dates around it: computed from the record, never stored.

A school meets each family in each term, so the review is owed by the last school day of the term after the one in
which they last met, or by the plan's own review day where that comes first. In early years and after 16 the plan's
own day counts, which is a term after it was opened unless somebody chose another. An EHC plan is reviewed within 12
months of the day on which it was first made and of each review before, of a child under five within 6, and in time for
a change of phase; the last review of the plan that still comes in time for that is the annual one. The local authority
says within 4 weeks of the meeting what becomes of the plan, and has 8 more to change it: the first of these must lie
within the year that the plan is old (SEND Code 9.169), and both before the day of a change of phase (SEND Regulations
2014, 18, 20 and 22). All clocks are calendar days (domain: how often).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from accounts.enums import Phase
from accounts.models import Term
from accounts.open_days import last_open_day
from pupils.dates import months_later
from pupils.enums import SenProvision

from .enums import Duty, Kind

SCHOOLS = frozenset({Phase.PRIMARY, Phase.SECONDARY, Phase.ALL_THROUGH, Phase.SPECIAL})

#: By year group, the day of the coming spring by which the plan says where a pupil goes next. A move from infant to
#: junior or to and from a middle school does not follow from the year group: the SENCO knows of it.
TRANSFERS: dict[str, tuple[int, int]] = {"N2": (2, 15), "6": (2, 15), "11": (3, 31)}

ADVICE = timedelta(days=28)
PAPERS = timedelta(days=14)
REPORT = timedelta(days=14)
DECISION = timedelta(days=28)
CHANGED = DECISION + timedelta(weeks=8)
#: From this month on a school year has begun.
SEPTEMBER = 9


@dataclass(frozen=True)
class Known:
    """What the record says of one pupil. `met_on` is the last review that was held or not needed; `annual_on` the last
    annual one, here or elsewhere; `ehc_plan_from` the day on which their EHC plan was first made.
    """

    phase: str
    every_weeks: int
    terms: Sequence[Term]
    born: date
    sen_provision: str
    year_group: str
    enrolled_on: date
    first_opened_on: date | None = None
    opened_on: date | None = None
    review_on: date | None = None
    met_on: date | None = None
    annual_on: date | None = None
    ehc_plan_from: date | None = None


@dataclass(frozen=True)
class Owed:
    """A review that is owed: of which kind, by which day, and of an EHC plan by when in the year.

    `counted_from` is the day from which the year runs where no annual review is in the record yet.
    """

    kind: Kind
    by: date
    annual_by: date | None = None
    transfer_on: date | None = None
    counted_from: date | None = None


def owed(known: Known, today: date) -> Owed | None:
    """The review that a setting owes one pupil next, or None: there is no plan yet to review."""
    plan_by = _plan_by(known)
    if known.sen_provision != SenProvision.EHC_PLAN:
        return Owed(Kind.PLAN, plan_by) if plan_by else None
    annual_by, counted_from = _annual_by(known)
    transfer_on = transfer(known.year_group, today)
    if transfer_on and known.annual_on and known.annual_on >= date(transfer_on.year - 1, SEPTEMBER, 1):
        transfer_on = None
    if transfer_on:
        annual_by = min(annual_by, transfer_on - CHANGED)
    too_late = plan_by and annual_by >= plan_by + timedelta(weeks=known.every_weeks)
    if plan_by and too_late:
        return Owed(Kind.PLAN, plan_by, annual_by, transfer_on, counted_from)
    by = min(plan_by, annual_by) if plan_by else annual_by
    return Owed(Kind.ANNUAL, by, annual_by, transfer_on, counted_from)


def _plan_by(known: Known) -> date | None:
    if known.opened_on is None or known.review_on is None:
        return None
    since = max(known.opened_on, known.met_on or known.opened_on)
    days = []
    if known.met_on is None or known.review_on > known.met_on:
        days.append(known.review_on)
    if known.phase in SCHOOLS and (end := _end_of_term_after(since, known.terms)):
        days.append(end)
    return min(days) if days else since + timedelta(weeks=known.every_weeks)


def _end_of_term_after(day: date, terms: Sequence[Term]) -> date | None:
    """The last open day of the first term that starts after a day; None where none is written down."""
    later = sorted((term for term in terms if term.starts_on > day), key=lambda term: term.starts_on)
    return last_open_day(later[0]) if later else None


def _annual_by(known: Known) -> tuple[date, date | None]:
    """The day by which the annual review is owed, and the one from which the year runs where there was none yet."""
    made, reviewed = known.ehc_plan_from, known.annual_on
    if made and (reviewed is None or reviewed < made):
        start, reviewed = made, None
        year = months_later(start, 12) - DECISION
    else:
        start = reviewed or known.first_opened_on or known.enrolled_on
        year = months_later(start, 12)
    half = months_later(start, 6)
    by = min(half, year) if half < months_later(known.born, 60) else year
    return by, None if reviewed else start


def transfer(year_group: str, today: date) -> date | None:
    """The day of this school year by which a plan says where a pupil goes next, or None."""
    if year_group not in TRANSFERS:
        return None
    return date(today.year + (today.month >= SEPTEMBER), *TRANSFERS[year_group])


#: So long after the meeting, or before it, each of what is owed around it is due.
DUE: dict[Duty, timedelta] = {Duty.ADVICE: -ADVICE, Duty.PAPERS: -PAPERS, Duty.REPORT: REPORT}


def clocks(kind: Kind, day: date, transfer_on: date | None = None) -> list[tuple[str, date]]:
    """The dates around an annual review that is held on a day, in their order; none around another review."""
    if kind is not Kind.ANNUAL:
        return []
    around = [
        *((_("%(duty)s by") % {"duty": duty.label}, day + after) for duty, after in DUE.items()),
        (_("The local authority decides by"), day + DECISION),
        (_("If it changes the plan, the new one comes by"), day + CHANGED),
    ]
    return around + ([(_("The plan names the next place by"), transfer_on)] if transfer_on else [])
