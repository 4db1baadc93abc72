"""From the text of one cell to a value, or a sentence that says what to write instead."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.enums import Role
from accounts.words import english

from ..codes import check_uln, check_upn
from ..enums import YEAR_GROUPS, NeedType, SenProvision
from .columns import plain

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DAY = _lazy("Write the day like 31/08/2012.")

#: Excel counts days from here, because it takes 1900 for a leap year. Earlier serial numbers than 1 March 1900
#: are off by one and are refused with everything else outside these years.
_EXCEL_ZERO = date(1899, 12, 30)
_YEARS = range(1900, 2101)


class UnclearError(Exception):
    """A cell that cannot be read for certain. The message says what to write."""


def day(text: str) -> date:
    """A date, day first. Raises UnclearError; a two-figure year and a month-first date are refused, never guessed."""
    bare = re.sub(r"[ T]00:00(:00(\.0+)?)?$", "", text)
    if re.fullmatch(r"\d{4,6}(\.0+)?", bare):
        return _excel_day(int(bare.partition(".")[0]))
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", bare):
        return _real(found[3], found[2], found[1])
    if found := re.fullmatch(r"(\d{1,2})\s*([/.\- ])\s*(\d{1,2}|[A-Za-z]{3,9})\.?\s*\2\s*(\d{1,4})", bare):
        return _real(found[1], found[3], found[4])
    raise UnclearError(
        _("“%(text)s” is not a date we can read. %(hint)s") % {"text": _shown(text), "hint": _DAY}
    )


def _excel_day(serial: int) -> date:
    found = _EXCEL_ZERO + timedelta(days=serial)
    if serial < 10_000 or found.year not in _YEARS:
        raise UnclearError(
            _("“%(serial)s” is not a date we can read. %(hint)s") % {"serial": serial, "hint": _DAY}
        )
    return found


def _real(first: str, second: str, year: str) -> date:
    if len(year) != 4:
        raise UnclearError(
            _("Write the year with four figures, like 31/08/2012, not “%(year)s”.") % {"year": year}
        )
    month = _month(second)
    if month > 12 and int(first) <= 12:
        raise UnclearError(
            _(
                "“%(first)s/%(second)s/%(year)s” has its month first. Write the day first, like 31/08/2012, and look at the other dates of the file too."
            )
            % {"first": first, "second": second, "year": year}
        )
    try:
        found = date(int(year), month, int(first))
    except ValueError:
        raise UnclearError(
            _("There is no %(first)s/%(second)s/%(year)s. %(hint)s")
            % {"first": first, "second": second, "year": year, "hint": _DAY}
        ) from None
    if found.year not in _YEARS:
        raise UnclearError(_("“%(year)s” cannot be the year. %(hint)s") % {"year": year, "hint": _DAY})
    return found


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    word = "sep" if text.casefold() == "sept" else text.casefold()
    named = [n for n, month in enumerate(_MONTHS, 1) if word in (month, month[:3])]
    if not named:
        raise UnclearError(_("“%(text)s” is not a month. %(hint)s") % {"text": _shown(text), "hint": _DAY})
    return named[0]


def upn(text: str) -> str:
    """A UPN in capitals without spaces. Raises ValidationError."""
    number = re.sub(r"\s", "", text).upper()
    check_upn(number)
    return number


def uln(text: str) -> str:
    """A ULN; empty for 9999999999, which means none. Raises ValidationError, and UnclearError where Excel cut it."""
    number = re.sub(r"\s", "", text)
    if re.fullmatch(r"\d(\.\d+)?[Ee]\+?\d+", number):
        raise UnclearError(
            _("Excel has shortened this number. Format the column as text and put the whole ULN in.")
        )
    if number == "9999999999":
        return ""
    check_uln(number)
    return number


def yes(text: str) -> bool:
    word = plain(text)
    if word in {"yes", "y", "true", "t", "1"}:
        return True
    if word in {"no", "n", "false", "f", "0"}:
        return False
    raise UnclearError(_("Write yes or no."))


def year_group(text: str) -> str:
    """E1, E2, N1, N2, R, 1 to 14, or X, out of what schools write for them."""
    word = plain(text)
    word = {
        "reception": "r",
        "yr": "r",
        "nursery1": "n1",
        "nursery2": "n2",
        "early1": "e1",
        "early2": "e2",
    }.get(word, word)
    word = re.sub(r"^(?:national curriculum|nc)?(?:year|yr|y)(?=\d|r$)", "", word)
    if word.isdecimal():
        word = str(int(word))
    if word.upper() not in YEAR_GROUPS:
        raise UnclearError(_("Write the year group as E1, E2, N1, N2, R, 1 to 14, or X."))
    return word.upper()


_PROVISION = {
    **{code.lower(): code for code in SenProvision.values},
    "a": SenProvision.SUPPORT,
    "p": SenProvision.SUPPORT,
    "s": SenProvision.EHC_PLAN,
    "none": SenProvision.NONE,
    "nosen": SenProvision.NONE,
    "nospecialeducationalneed": SenProvision.NONE,
    "senwithoutstatement": SenProvision.SUPPORT,
    "sensupport": SenProvision.SUPPORT,
    "ehcp": SenProvision.EHC_PLAN,
    "ehcplan": SenProvision.EHC_PLAN,
    "educationhealthandcareplan": SenProvision.EHC_PLAN,
    "statement": SenProvision.EHC_PLAN,
}


def sen_provision(text: str) -> str:
    """N, K or E; the old codes A and P become K, and S becomes E."""
    # "K - SEN support", as some systems write it, starts with its code
    code = re.match(r"([A-Za-z])\s*[-–:]\s", text)
    found = _PROVISION.get(plain(code[1] if code else text))
    if found is None:
        raise UnclearError(_("Write N, K or E."))
    return str(found)


_NEEDS = {plain(word): kind for kind in NeedType for word in (kind.value, english(kind.label))} | {
    "autisticspectrumcondition": NeedType.ASD,
    "asc": NeedType.ASD,
    "specificlearningdifficulties": NeedType.SPLD,
    "visualimpairment": NeedType.VI,
    "downssyndrome": NeedType.DS,
}


def need_types(texts: Iterable[str]) -> list[str]:
    """Types of need in their order of rank."""
    found: list[str] = []
    for text in texts:
        # some full names hold commas themselves
        parts = [text] if plain(text) in _NEEDS else re.split(r"[;|,/\n]+", text)
        for part in filter(None, (p.strip() for p in parts)):
            kind = _NEEDS.get(plain(part)) or _NEEDS.get(plain(re.split(r"\s[-–]\s", part)[0]))
            if kind is None:
                raise UnclearError(
                    _("“%(part)s” is not a type of need. Write codes such as SLCN, with ; between them.")
                    % {"part": _shown(part)}
                )
            if kind.value in found:
                raise UnclearError(
                    _("%(kind)s is there twice. Write each type of need once.") % {"kind": kind.value}
                )
            found.append(kind.value)
    return found


_LANGUAGES = {
    "akan": "ak", "albanian": "sq", "amharic": "am", "arabic": "ar", "bengali": "bn",
    "britishsignlanguage": "bfi", "bsl": "bfi", "bulgarian": "bg", "cantonese": "yue", "croatian": "hr",
    "czech": "cs", "dari": "prs", "dutch": "nl", "english": "en", "estonian": "et", "farsi": "fa", "finnish": "fi",
    "french": "fr", "german": "de", "greek": "el", "gujarati": "gu", "hausa": "ha", "hebrew": "he", "hindi": "hi",
    "hungarian": "hu", "igbo": "ig", "italian": "it", "japanese": "ja", "korean": "ko", "latvian": "lv",
    "lithuanian": "lt", "malayalam": "ml", "mandarin": "cmn", "nepali": "ne", "pashto": "ps", "persian": "fa",
    "polish": "pl", "portuguese": "pt", "romanian": "ro", "russian": "ru", "serbian": "sr", "shona": "sn",
    "sinhala": "si", "slovak": "sk", "somali": "so", "spanish": "es", "swahili": "sw", "sylheti": "syl",
    "tagalog": "tl", "tamil": "ta", "telugu": "te", "thai": "th", "tigrinya": "ti", "turkish": "tr", "twi": "tw",
    "ukrainian": "uk", "urdu": "ur", "vietnamese": "vi", "welsh": "cy", "yoruba": "yo",
}  # fmt: skip
_TAG = re.compile(r"([a-z]{2,3})(-[a-z]{4})?(-(?:[a-z]{2}|\d{3}))?", re.IGNORECASE)


def language(text: str) -> str:
    """A BCP 47 tag, out of a tag or of the English name of a common language.

    Three capital letters are taken for a DfE code, which is another list, and are refused here.
    """
    if named := _LANGUAGES.get(plain(text)):
        return named
    found = _TAG.fullmatch(text)
    if not found or re.fullmatch(r"[A-Z]{3,4}", text):
        raise UnclearError(
            _(
                "Write a language tag such as pl, or the English name of the language. "
                "A DfE code such as POL goes into the column “Home language code”."
            )
        )
    return found[1].lower() + (found[2] or "").title() + (found[3] or "").upper()


def language_code(text: str) -> str:
    """A DfE language code: three or four letters, kept as it came, in capitals."""
    if not re.fullmatch(r"[A-Za-z]{3,4}", text):
        raise UnclearError(_("Write a DfE language code of 3 or 4 letters, such as POL."))
    return text.upper()


_ROLES = {plain(word): role for role in Role for word in (role.value, english(role.label))} | {
    **dict.fromkeys(
        ("teacher", "classteacher", "ta", "teachingassistant", "tutor", "formtutor", "keyperson", "lsa"),
        Role.KEY_ADULT,
    ),
    **dict.fromkeys(("deputydsl", "ddsl", "deputydesignatedsafeguardinglead"), Role.DEPUTY_DSL),
    **dict.fromkeys(("head", "headteacher", "principal", "slt"), Role.LEADER),
    "sendco": Role.SENCO,
}


def role(text: str) -> str:
    found = _ROLES.get(plain(text))
    if found is None:
        raise UnclearError(_("Write key adult, SENCO, DSL, deputy DSL or leader."))
    return found.value


def several(text: str) -> list[str]:
    """Names with ; or | between them."""
    return list(dict.fromkeys(filter(None, (part.strip() for part in re.split(r"[;|]", text)))))


def same_name(text: str) -> str:
    """A name as it is compared: whatever its case, and however wide its spaces."""
    return " ".join(text.casefold().split())


def _shown(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:30]}…"


_LOCAL_AUTHORITIES = frozenset(
    number
    for first, last in (
        (201, 213), (301, 320), (330, 336), (340, 344), (350, 359), (370, 373), (380, 384), (390, 394),
        (420, 420), (660, 681), (702, 708), (800, 803), (805, 813), (815, 816), (820, 823), (825, 826),
        (830, 831), (835, 841), (845, 846), (850, 852), (855, 857), (860, 861), (865, 896), (901, 903),
        (905, 926), (928, 929), (931, 938), (940, 943),
    )
    for number in range(first, last + 1)
)  # fmt: skip


def known_authority(upn: str) -> bool:
    """Whether the three numbers after the check letter are a local authority's, now or once."""
    return int(upn[1:4]) in _LOCAL_AUTHORITIES
