"""The components of the look, as tags that turn plain values into markup.

Nothing here reads the database or decides who may see what. `docs/look.md` lists every call.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import forms, template
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from config import drawing

register = template.Library()

When = date | datetime | str | None
STAGES = {
    "assess": (_lazy("Assess"), _lazy("finding out what helps and what is hard")),
    "plan": (_lazy("Plan"), _lazy("agreeing what to try")),
    "do": (_lazy("Do"), _lazy("trying it and noticing")),
    "review": (_lazy("Review"), _lazy("looking back together")),
}
KINDS = {
    "due": (_lazy("Due soon"), "clock"),
    "overdue": (_lazy("Overdue"), "alert"),
    "unheard": (_lazy("Not heard yet"), "bubble"),
    "noview": (_lazy("Family not heard yet"), "bubble"),
    "nolog": (_lazy("Nothing noted lately"), "pencil"),
    "done": (_lazy("Done"), "tick"),
    "draft": (_lazy("Draft"), "pencil"),
    "shared": (_lazy("Shared"), "people"),
    "agreed": (_lazy("Agreed"), "tick"),
    "disagreed": (_lazy("Not agreed"), "split"),
    "waiting": (_lazy("Waiting for an answer"), "clock"),
    "stopped": (_lazy("Stopped"), "stop"),
    "new": (_lazy("New"), "star"),
    "private": (_lazy("Private"), "lock"),
}
CHANGES = {
    "added": (_lazy("Added"), "plus"),
    "changed": (_lazy("Changed"), "pencil"),
    "gone": (_lazy("Gone"), "minus"),
}
OPENMOJI_LIST = Path(__file__).resolve().parent.parent / "openmoji.txt"


@register.filter
def day(value: When) -> str:
    """A date as people say it, "3 November 2026", in local time; words stay as they are."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return date_format(value, "j E Y") if isinstance(value, date) else (value or "")


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small line drawing that always stands beside its word, so it is hidden from screen readers."""
    return format_html(
        _(
            '<svg class="al-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">'
            '<path d="{}"/></svg>'
        ),
        drawing.ICONS[name],
    )


@lru_cache
def pictures() -> dict[str, str]:
    """Every OpenMoji picture the product ships, by name: the lines "CODE name" of config/openmoji.txt."""
    lines = [line.split() for line in OPENMOJI_LIST.read_text().splitlines() if line and line[0] != "#"]
    return {name: code for code, name in lines}


@register.simple_tag
def emoji(picture: str, alt: str = "", size: str = "m") -> SafeString:
    """A picture by name or code; one that is not shipped shows nothing rather than a broken image."""
    code = pictures().get(picture, picture.upper())
    if code not in pictures().values():
        return SafeString("")
    pixels = {"s": 24, "m": 48, "l": 96}[size]
    return format_html(
        '<img class="al-picture al-picture--{}" src="{}" alt="{}" width="{}" height="{}" loading="lazy">',
        size,
        static(f"openmoji/{code}.svg"),
        alt,
        pixels,
        pixels,
    )


@register.inclusion_tag("parts/cycle_picture.html")
def cycle_picture(stage: str | None, size: str = "large") -> dict[str, Any]:
    """The one picture of a cycle. `stage` is assess, plan, do, review, closed, or None before it begins."""
    order = list(STAGES)
    at = order.index(stage) if stage in order else len(order) if stage == "closed" else -1
    nodes = [
        {
            **place,
            "word": STAGES[key][0],
            "state": "done" if place["number"] - 1 < at else "now" if place["number"] - 1 == at else "next",
        }
        for key, place in zip(order, drawing.RING, strict=True)
    ]
    if stage in STAGES:
        word, gloss = (str(told) for told in STAGES[stage])
        title = _("Where we are: %(word)s, stage %(at)s of 4") % {"word": word, "at": at + 1}
    else:
        word, gloss = (
            (_("All four done"), _("this cycle is closed"))
            if at == 4
            else (_("Not begun"), _("nothing to do yet"))
        )
        title = _("The cycle: %(word)s") % {"word": word.lower()}
    return {
        "nodes": nodes,
        "size": size,
        "stage": stage,
        "word": word,
        "gloss": gloss,
        "title": title,
        "desc": " ".join(
            f"{n['word']}: {({'done': _('done'), 'now': _('we are here'), 'next': _('to come')})[n['state']]}."
            for n in nodes
        ),
    }


@register.inclusion_tag("parts/stage_tag.html")
def stage_tag(stage: str | None) -> dict[str, Any]:
    return cycle_picture(stage, "tiny")


@register.inclusion_tag("parts/progress_line.html")
def progress_line(
    levels: Sequence[str],
    entries: Sequence[Mapping[str, Any]],
    label: str = "",
    baseline: int | None = None,
    goal: int | None = None,
) -> dict[str, Any]:
    """The notes on one step, one dot a note at the level noticed. Oldest first; it draws the last 20.

    A note without a level (`level_index` None) is told in the words and not drawn: not measured is not zero.
    """
    told = [
        {
            "on": day(entry.get("on")),
            "note": entry.get("note") or "",
            "level": levels[entry["level_index"]]
            if entry.get("level_index") is not None
            else _("no level noted"),
        }
        for entry in entries
    ]
    heights = [entry["level_index"] for entry in entries if entry.get("level_index") is not None]
    measured = [t for t, entry in zip(told, entries, strict=True) if entry.get("level_index") is not None]
    return {
        "label": label,
        "told": told[::-1],
        "first": measured[0] if len(measured) > 1 else None,
        "last": measured[-1] if measured else None,
        "goal": levels[goal] if goal is not None else "",
        "baseline": levels[baseline] if baseline is not None else "",
        "chart": drawing.line(levels, heights[-20:], goal=goal, baseline=baseline) if heights else None,
        "hidden_count": max(0, len(heights) - 20),
    }


@register.inclusion_tag("parts/who_can_see.html", takes_context=True)
def who_can_see(context: template.Context, people: Iterable[str | Mapping[str, str]]) -> dict[str, Any]:
    """The quiet line a section wears. Three names are said outright, more are folded away.

    The page's `who_links` ({href, text}) follow it: where whoever decides it goes on.
    """
    named = [{"name": p, "role": ""} if isinstance(p, str) else dict(p) for p in people]
    return {
        "people": named,
        "first": named[:3],
        "more": len(named) - 3 if len(named) > 3 else 0,
        "links": context.get("who_links"),
    }


@register.inclusion_tag("parts/why.html")
def why_line(words: str) -> dict[str, Any]:
    return {"why": words}


@register.inclusion_tag("parts/section_heading.html", takes_context=True)
def section_heading(
    context: template.Context,
    text: str,
    level: int = 2,
    id: str = "",  # noqa: A002 (the attribute's own name)
    who: Any = None,
    href: str = "",
    action: str = "",
) -> dict[str, Any]:
    """A heading with, if given, its link and the line that says who can see what follows."""
    size = {2: "l", 3: "m"}.get(level, "s")
    return {
        "text": text,
        "level": level,
        "id": id,
        "size": size,
        "who": who,
        "told": who is not None,
        "href": href,
        "action": action,
        "who_links": context.get("who_links") if who is not None else None,
    }


@register.inclusion_tag("parts/status_tag.html")
def status_tag(kind: str, text: str = "") -> dict[str, Any]:
    word, picture = KINDS[kind]
    return {"kind": kind, "text": text or word, "icon": picture}


@register.inclusion_tag("parts/person_line.html")
def person_line(name: str, role: str = "", note: str = "", href: str = "") -> dict[str, Any]:
    words = name.split()
    initials = "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
    return {"name": name, "role": role, "note": note, "href": href, "initials": initials}


@register.inclusion_tag("parts/pupil_card.html")
def pupil_card(
    name: str,
    href: str,
    sentence: str = "",
    group: str = "",
    stage: str = "",
    tags: Iterable[str | tuple[str, str]] | None = None,
    action_href: str = "",
    action: str = "",
) -> dict[str, Any]:
    pairs = [(tag, "") if isinstance(tag, str) else tag for tag in tags or ()]
    return {
        "name": name,
        "href": href,
        "sentence": sentence,
        "group": group,
        "stage": stage,
        "tags": pairs,
        "action_href": action_href,
        "action": action,
    }


@register.inclusion_tag("parts/step_card.html")
def step_card(
    title: str,
    href: str,
    picture: str = "",
    words: str = "",
    level: str = "",
    action: str = "",
) -> dict[str, Any]:
    return {
        "title": title,
        "href": href,
        "picture": picture,
        "words": words,
        "level": level,
        "action": action or _("Tell us how it went"),
    }


@register.inclusion_tag("parts/child_words.html")
def child_words(words: str, who: str = "", when: When = "", how: str = "") -> dict[str, Any]:
    """A child's own words, unedited."""
    return {"words": words, "who": who, "when": day(when), "how": how}


@register.inclusion_tag("parts/celebrate.html")
def celebrate(text: str, heading: str = "", picture: str = "party") -> dict[str, Any]:
    return {"text": text, "heading": heading or _("Well done"), "picture": picture}


@register.inclusion_tag("parts/empty_state.html")
def empty_state(
    title: str, text: str = "", href: str = "", action: str = "", picture: str = ""
) -> dict[str, Any]:
    return {"title": title, "text": text, "href": href, "action": action, "picture": picture}


@register.inclusion_tag("parts/timeline.html")
def timeline(events: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {"events": [{**event, "on": day(event.get("on"))} for event in events]}


@register.inclusion_tag("parts/changes_since.html")
def changes_since(changes: Iterable[Mapping[str, str]], since: When = "") -> dict[str, Any]:
    told = [{**c, "word": CHANGES[c["kind"]][0], "icon": CHANGES[c["kind"]][1]} for c in changes]
    return {"changes": told, "since": day(since)}


@register.inclusion_tag("parts/pages_nav.html")
def pages_nav(
    previous: str = "",
    next: str = "",  # noqa: A002 (the word a page would use)
    previous_text: str = "",
    next_text: str = "",
) -> dict[str, Any]:
    return {"previous": previous, "next": next, "previous_text": previous_text, "next_text": next_text}


@register.inclusion_tag("parts/filters_bar.html")
def filters_bar(form: BaseForm, count: str = "", clear: str = "") -> dict[str, Any]:
    used = form.is_bound and any(form.data.get(field.name) for field in form.visible_fields())
    return {"form": form, "count": count, "clear": clear, "used": used}


@register.inclusion_tag("parts/back_link.html")
def back_link(href: str, text: str = "") -> dict[str, Any]:
    return {"href": href, "text": text or _("Back")}


def _stock_errors(field: forms.Field) -> set[str]:
    """What Django itself would say, which names no field."""
    classes = [cls for cls in type(field).__mro__ if cls.__module__.startswith("django.")]
    return {str(words) for cls in classes for words in getattr(cls, "default_error_messages", {}).values()}


@register.filter
def in_words(error: str, field: BoundField) -> str:
    """An error that makes sense in a list above the form: Django's own sentences are told with the question.

    Where there was no question, the page sent along something that does not fit any more.
    """
    if field.is_hidden and error in _stock_errors(field.field):
        return _("This form is out of date. Open the page again.")
    if error == forms.Field.default_error_messages["required"]:
        return _("Please answer “%(field)s”") % {"field": field.label}
    return f"\u201c{field.label}\u201d: {error}" if error in _stock_errors(field.field) else error


@register.filter
def first_control(field: BoundField) -> str:
    """The id of the control a keyboard should land on: groups and date boxes answer for their first one."""
    return field.id_for_label or (f"{field.auto_id}_0" if field.auto_id else "")


@register.inclusion_tag("parts/error_list.html")
def error_summary(form: BaseForm | None = None, forms: Iterable[BaseForm] | None = None) -> dict[str, Any]:
    """Every error of a form, or of several and of formsets, each with the control it is about."""
    lines: list[tuple[str, str]] = []
    for one in [form, *(forms or ())]:
        if not one:
            continue
        for part in [one, *getattr(one, "forms", ())]:
            general = part.non_form_errors() if hasattr(part, "non_form_errors") else part.non_field_errors()
            lines += [("", error) for error in general]
            if not hasattr(part, "forms"):
                lines += [
                    ("" if field.is_hidden else first_control(field), in_words(error, field))
                    for field in part
                    for error in field.errors
                ]
    return {"lines": lines}


@register.simple_tag(takes_context=True)
def draft_attrs(context: template.Context, form_key: str) -> SafeString:
    """The attributes that let js/drafts.js keep this form's words in this tab, for this person alone.

    Nothing for a visitor who is not signed in: their words would have no owner.
    """
    user = context.get("user")
    if user is None or not user.is_authenticated:
        return SafeString("")
    path = context["request"].path if "request" in context else ""
    return format_html('data-draft="{}:{}:{}"', user.pk, form_key, path)


@register.filter
def control_kind(field: BoundField) -> str:
    """Which of the few arrangements of label, hint, error and control a form field takes."""
    widget = field.field.widget
    if field.use_fieldset:
        return "fieldset"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.PasswordInput):
        return "password"
    if isinstance(widget, forms.Textarea) and "data_limit" in widget.attrs:
        return "count"
    return "plain"


@register.filter
def is_date_boxes(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.MultiWidget)


@register.filter
def as_legend(label_class: str) -> str:
    """The legend's class of the same size as a label's: one name sizes both."""
    return label_class.replace("govuk-label--", "govuk-fieldset__legend--")


@register.filter
def optional_word(field: BoundField) -> SafeString:
    """What may be left out says so; what must be answered needs no mark."""
    left_out = not (field.field.required or field.field.disabled)
    return (
        format_html(' <span class="al-optional">({})</span>', _("optional")) if left_out else SafeString("")
    )


@register.filter
def option_set(widget: Mapping[str, Any]) -> str:
    """Whether a list of choices is radios or checkboxes, from its first choice."""
    kinds = [option["type"] for __, options, __ in widget["optgroups"] for option in options]
    return "checkboxes" if kinds[:1] == ["checkbox"] else "radios"
