"""Small words of a cycle's pages."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pupils.policy import Sight

from ..enums import SchoolPhase

register = template.Library()


@register.filter
def plain(value: Decimal | None) -> str:
    """A number without the noughts at its end: 12.50 is 12.5."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def pounds(value: Decimal | None) -> str:
    """An amount of money; nothing recorded is never £0."""
    if value is None:
        return _("not recorded yet")
    return f"£{value:,.2f}".removesuffix(".00")


@register.filter
def hours(minutes: int) -> str:
    """Minutes as people say them: 90 is "1 hour 30 minutes"."""
    whole, rest = divmod(minutes, 60)
    words = []
    if whole:
        words.append(ngettext("%(n)s hour", "%(n)s hours", whole) % {"n": whole})
    if rest or not whole:
        words.append(ngettext("%(n)s minute", "%(n)s minutes", rest) % {"n": rest})
    return " ".join(words)


@register.filter
def may(sight: Sight, action: str) -> bool:
    return sight.may(action)


@register.filter
def older_href(number: int) -> str:
    return f"?before={number}"


@register.filter
def phases(values: list[str]) -> str:
    """For which ages something is meant, in words."""
    found = [one for one in SchoolPhase if one.value in values]
    return _("Every age") if len(found) == len(SchoolPhase) else ", ".join(str(one.label) for one in found)
