"""Mobile numbers and postal addresses in the United Kingdom, as they are kept."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_POSTCODE = re.compile(r"(GIR ?0AA|[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2})")
#: What a letter's address holds (GOV.UK Notify).
LINES = range(3, 8)


def clean_phone(typed: str) -> str:
    """A mobile number as +447700900123; empty stays empty. Raises ValidationError."""
    if not typed.strip():
        return ""
    digits = re.sub(r"[\s().-]", "", typed)
    found = re.fullmatch(r"(?:\+44|0044|44)?\(?0?\)?(7[0-9]{9})", digits)
    if found is None:
        raise ValidationError(_("Enter a UK mobile number, like 07700 900123."))
    return f"+44{found[1]}"


def clean_address(typed: str) -> str:
    """An address, a line for each part and a postcode last; empty stays empty. Raises ValidationError."""
    lines = [" ".join(line.split()) for line in typed.splitlines() if line.strip()]
    if not lines:
        return ""
    if len(lines) not in LINES:
        raise ValidationError(
            _("Use three to seven lines: who lives there, the street, the town, the postcode.")
        )
    postcode = lines[-1].upper().replace(" ", "")
    postcode = f"{postcode[:-3]} {postcode[-3:]}"
    if not _POSTCODE.fullmatch(postcode):
        raise ValidationError(_("Put the postcode on the last line, like BN1 1AA."))
    if any(line[0] in "@(=\\[]\"',./~-<>" for line in lines):
        raise ValidationError(_("Begin each line with a letter or a number."))
    return "\n".join([*lines[:-1], postcode])
