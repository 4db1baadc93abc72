"""Ada's plan, of which nothing is wanted yet."""

import pytest

from apdr.models import NextStep

from ..apdr.plans import Plan, write_plan
from ..cast import AT, Cast
from .reviewing import WEEK


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Ada's plan, shared two weeks ago, to be reviewed in ten weeks; its step is due then, and its owner the teacher."""
    made = write_plan(cast.ada, cast.senco, AT - 2 * WEEK)
    NextStep.objects.filter(pk=made.step.pk).update(owner=cast.teacher)
    made.cycle.refresh_from_db()
    return made
