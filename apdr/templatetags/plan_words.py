"""Small words of a cycle's pages."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from pupils.policy import Sight

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
def may(sight: Sight, action: str) -> bool:
    return sight.may(action)


@register.filter
def older_href(number: int) -> str:
    return f"?before={number}"
