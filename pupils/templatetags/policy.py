"""The policy's answer, in a template."""

from datetime import date, datetime

from django import template

from pupils.policy import Sight
from pupils.requests import last_day as last_day_of

register = template.Library()


@register.filter
def may(sight: Sight, action: str) -> bool:
    """`{% if sight|may:"write_plan" %}`: whether to offer an action; the service asks again."""
    return sight.may(action)


@register.filter
def sees(sight: Sight, section: str) -> bool:
    return sight.sees(section)


@register.filter
def last_day(ends_at: datetime) -> date:
    """The last day on which something that ends is open."""
    return last_day_of(ends_at)
