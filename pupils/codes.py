"""Check letters and digits of the numbers a pupil carries (domain: codes).

`python-stdnum` has both, but refuses UPNs of unknown local authorities, which are only a warning here.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

UPN_ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"


def upn_check_letter(rest: str) -> str:
    """The check letter that belongs before the other twelve characters of a UPN.

    Raises ValueError where a character cannot stand in a UPN.
    """
    values = [int(c) if c.isdigit() else UPN_ALPHABET.index(c) for c in rest]
    return UPN_ALPHABET[sum(v * w for v, w in zip(values, range(2, 14), strict=True)) % 23]


def check_upn(upn: str) -> None:
    """Refuse what is not a unique pupil number. A temporary one ends in a letter, valued by its index."""
    body = upn[1:]
    shape = len(upn) == 13 and upn.isascii() and body[:-1].isdigit() and upn[0] in UPN_ALPHABET
    if not (shape and (body[-1].isdigit() or body[-1] in UPN_ALPHABET)):
        raise ValidationError(
            _("A UPN is a letter, then 12 numbers, or 11 numbers and a letter."), code="upn"
        )
    if upn_check_letter(body) != upn[0]:
        raise ValidationError(
            _("This UPN has a mistake in it: its first letter does not match the rest."), code="upn"
        )


def check_uln(uln: str) -> None:
    """Refuse what is not a unique learner number; 9999999999 stands for none and is refused too."""
    if not (len(uln) == 10 and uln.isascii() and uln.isdigit() and uln[0] != "0"):
        raise ValidationError(_("A ULN is 10 numbers and does not start with 0."), code="uln")
    if uln == "9999999999":
        raise ValidationError(_("9999999999 means that there is no ULN. Leave this empty."), code="uln")
    remainder = sum(int(c) * w for c, w in zip(uln[:9], range(10, 1, -1), strict=True)) % 11
    if remainder == 0 or 10 - remainder != int(uln[9]):
        raise ValidationError(
            _("This ULN has a mistake in it: its last number does not match the rest."), code="uln"
        )
