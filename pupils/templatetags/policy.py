"""The policy's answer, in a template."""

from django import template

from pupils import pages
from pupils.models import Pupil
from pupils.policy import Sight

register = template.Library()


@register.filter
def may(sight: Sight, action: str) -> bool:
    """`{% if sight|may:"write_plan" %}`: whether to offer an action; the service asks again."""
    return sight.may(action)


@register.filter
def sees(sight: Sight, section: str) -> bool:
    return sight.sees(section)


@register.simple_tag
def choices_href(pupil: Pupil) -> str:
    return pages.choices_href(pupil)
