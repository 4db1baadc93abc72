"""What words look like: hints while a plan is written, never a refusal."""

import re

_AMOUNT = r"\d+(?:\.\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|half an?|an?"
_PROVISION = re.compile(
    rf"""
    \b(?:{_AMOUNT})\s*(?:x\s*)?(?:hours?|hrs?|h|minutes?|mins?|sessions?|times)\b(?:\s*(?:of|a|per|each|every|with|weekly|daily)\b|\s*/)
    | \b(?:\d+\s*(?:hours?|hrs?|sessions?))\s*$
    | \b(?:1\s*:\s*1|one[\s-]to[\s-]one|TAs?|LSAs?|teaching\ assistants?|learning\ support\ assistants?)\b
    | ^\s*(?:to\s+)?(?:have|receive|attend|get|be\ given|access\ to|support\ from|support\ with|weekly|daily)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def reads_like_provision(words: str) -> bool:
    """Whether an outcome reads like support that is given rather than a difference made to somebody."""
    return _PROVISION.search(words) is not None
