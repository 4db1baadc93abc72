"""Whether a cycle is in a state for something. Who may do it is `pupils.policy`'s."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.words import StrOrPromise
from pupils.errors import NotNow

from .enums import Stage

_OPEN = frozenset({Stage.ASSESS, Stage.PLAN, Stage.DO, Stage.REVIEW})
_WRITING = frozenset({Stage.ASSESS, Stage.PLAN, Stage.DO})
_SHARED = frozenset({Stage.PLAN, Stage.DO, Stage.REVIEW})

#: The stages in which each act on a cycle makes sense.
DURING: dict[str, frozenset[Stage]] = {
    "write_needs": _WRITING,
    "write_plan": _WRITING,
    "write_strategies": _WRITING,
    "measure": _OPEN,
    "write_funding": _OPEN,
    "record_views": _OPEN,
    "say_views": _OPEN,
    "share": frozenset({Stage.PLAN, Stage.DO}),
    "answer_plan": _SHARED,
    "answer_strategy": _OPEN,
    "propose": _SHARED,
    "answer_proposal": _OPEN,
    "log_progress": frozenset({Stage.DO, Stage.REVIEW}),
    "judge": frozenset({Stage.REVIEW}),
    "schedule_review": _OPEN,
    "decide": frozenset({Stage.REVIEW}),
}

_INSTEAD: dict[str, StrOrPromise] = {
    "write_needs": _lazy("Needs can be changed until the review starts."),
    "write_plan": _lazy("The plan can be changed until the review starts."),
    "write_strategies": _lazy("Strategies can be changed until the review starts."),
    "share": _lazy("A plan is shared once it is being planned, and until its review starts."),
    "answer_plan": _lazy("The plan has not been shared yet."),
    "propose": _lazy("The plan has not been shared yet."),
    "log_progress": _lazy("Progress is noted once the plan has been shared and started."),
    "judge": _lazy("Judgements are made at the review. Start the review first."),
    "decide": _lazy("A decision is made at the review. Start the review first."),
}


def require(act: str, stage: Stage) -> None:
    """Pass, or raise NotNow with what to do instead. Raises KeyError for an unknown act."""
    if stage in DURING[act]:
        return
    if stage is Stage.CLOSED:
        raise NotNow(_("This cycle is closed. Open the next one to go on."))
    raise NotNow(_INSTEAD.get(act, _("This cannot be done at this stage of the cycle.")))
