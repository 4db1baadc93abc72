"""The benchmark's three ways to a caseload give the same rows, in a small authority."""

import pytest
from guardian.shortcuts import get_objects_for_user

from benchmarks import authority, rule
from pupils import policy
from pupils.enums import Relation, Section


@pytest.mark.django_db
def test_the_rule_the_raw_sql_and_guardian_agree_on_who_is_on_a_caseload() -> None:
    built = authority.build(settings=3)
    cases = rule.cases(built)
    assert [(case.name, len(case.rule())) for case in cases] == [
        ("a SENCO", 25),
        ("a teacher", 25),
        ("a parent", len(cases[2].raw())),
    ]
    for case in cases:
        assert case.rule() == case.raw(), case.name
        # Guardian knows no dates, no restrictions and not who decides: it gives these pupils, and others.
        relation = Relation.PARENT_CARER if case.name == "a parent" else Relation.KEY_ADULT
        by_guardian = get_objects_for_user(case.person, f"pupils.{relation.value}", rule.Pupil)
        by_rule = policy.pupils_for(case.person, Section.PLAN, authority.AT)
        assert set(by_rule) <= set(by_guardian), case.name
        assert by_rule.exists(), case.name
