"""What each kind of file may hold: the columns, how schools' systems spell them, and an example."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _lazy

from accounts.words import StrOrPromise

from ..enums import ImportKind


@dataclass(frozen=True)
class Column:
    """One documented column. `needed` is one that a file cannot do without; `private` cells are never shown back."""

    key: str
    label: str
    hint: StrOrPromise
    example: str = ""
    spellings: tuple[str, ...] = ()
    needed: bool = False
    private: bool = False
    in_template: bool = True


def plain(heading: str) -> str:
    """A heading without what people vary: case, spaces, underscores, full stops and dashes."""
    return re.sub(r"[\W_]+", "", heading.casefold())


_DATE = _lazy("31/08/2012, 31.8.2012, 2012-08-31 or 31-Aug-2012. The day comes before the month.")

STAFF = (
    Column(
        "name",
        "Name",
        _lazy("Their full name."),
        "Sam Okafor",
        ("full name", "staff name", "teacher", "teacher name", "member of staff"),
        needed=True,
    ),
    Column(
        "email",
        "E-mail",
        _lazy("Their work e-mail. The invitation goes there."),
        "sam.okafor@example.org",
        ("email address", "work email", "main email", "staff email"),
        needed=True,
    ),
    Column(
        "role",
        "Role",
        _lazy("key adult, SENCO, DSL, deputy DSL or leader."),
        "key adult",
        ("job", "job title", "staff role"),
        needed=True,
    ),
)

CLASSES = (
    Column(
        "name",
        "Class",
        _lazy("The name of the class. Write one row for each adult who teaches it."),
        "12B",
        (
            "class name",
            "name",
            "group",
            "group name",
            "reg",
            "reg group",
            "tutor group",
            "form",
            "teaching group",
        ),
        needed=True,
    ),
    Column(
        "email",
        "Staff e-mail",
        _lazy(
            "An adult who teaches it. They must work here or be invited. Leave it empty for a class without adults."
        ),
        "sam.okafor@example.org",
        ("email", "email address", "teacher email", "work email", "main teacher email"),
    ),
    Column("subject", "Subject", _lazy("What they teach there."), "Tutor", ("subject name", "course")),
)

PUPILS = (
    Column(
        "upn",
        "UPN",
        _lazy("13 characters. Where it is given, pupils are recognised by it."),
        "B801200005001",
        ("unique pupil number", "pupil upn", "upn number"),
        private=True,
    ),
    Column(
        "uln",
        "ULN",
        _lazy("10 numbers. Format the column as text, or Excel shortens it."),
        "9276308686",
        ("unique learner number", "uln number"),
        private=True,
    ),
    Column(
        "given_name",
        "Given name",
        _lazy("Their first name."),
        "Ada",
        ("forename", "legal forename", "first name", "pupil forename", "given names", "student forename"),
        needed=True,
    ),
    Column(
        "family_name",
        "Family name",
        _lazy("Their last name."),
        "Nowak",
        ("surname", "legal surname", "last name", "pupil surname", "student surname"),
        needed=True,
    ),
    Column(
        "known_as",
        "Known as",
        _lazy("What they like to be called, if that is another name."),
        "",
        ("preferred forename", "preferred name", "chosen name", "preferred first name"),
    ),
    Column(
        "date_of_birth",
        "Date of birth",
        _DATE,
        "31/08/2009",
        ("dob", "birth date", "birthdate", "d o b", "birthday"),
        needed=True,
    ),
    Column(
        "year_group",
        "Year group",
        _lazy("E1, E2, N1, N2, R, 1 to 14, or X."),
        "12",
        ("year", "yr", "nc year", "ncy", "year taught in", "national curriculum year", "nc year actual"),
    ),
    Column(
        "classes",
        "Class",
        _lazy("A class that is already here. For more than one put ; between them."),
        "12B",
        ("classes", "class name", "reg", "reg group", "registration group", "tutor group", "form", "group"),
    ),
    Column(
        "sen_provision",
        "SEN provision",
        _lazy("N (none), K (SEN support) or E (EHC plan). A and P are read as K, and S as E."),
        "K",
        ("sen", "sen status", "sen code", "sen stage", "send status", "sen provision code", "send provision"),
    ),
    Column(
        "ehc_plan_from",
        "EHC plan date",
        format_lazy(_lazy("The day on which their EHC plan was first made. {date}"), date=_DATE),
        "",
        (
            "ehcp date",
            "ehcp start date",
            "ehc plan start date",
            "ehcp issue date",
            "ehc plan from",
            "ehcp issued",
        ),
    ),
    Column(
        "ehc_reviewed_on",
        "Last annual review",
        format_lazy(
            _lazy("Their last annual review, where it was held before they came to you. {date}"), date=_DATE
        ),
        "",
        ("annual review", "last annual review date", "annual review date", "ehcp last review"),
    ),
    Column(
        "need_types",
        "SEN need types",
        _lazy("Codes such as SLCN. Put the main one first, and ; between them."),
        "SLCN; ASD",
        (
            "sen need",
            "sen needs",
            "need type",
            "need types",
            "sen type",
            "sen types",
            "send need",
            "sen need type",
        ),
    ),
    Column(
        "primary_need",
        "Primary need",
        _lazy("The main need alone, where your system has it in a column of its own."),
        "",
        ("sen primary need", "primary sen need", "primary need type", "sen need 1", "sen type 1"),
        in_template=False,
    ),
    Column(
        "secondary_need",
        "Secondary need",
        _lazy("The second need alone."),
        "",
        ("sen secondary need", "secondary sen need", "secondary need type", "sen need 2", "sen type 2"),
        in_template=False,
    ),
    Column(
        "home_language",
        "Home language",
        _lazy("What the family says: a language tag such as pl, or its English name."),
        "pl",
        ("first language", "language", "mother tongue", "home lang"),
    ),
    Column(
        "home_language_code",
        "Home language code",
        _lazy("The DfE code, such as POL. It is kept as it is."),
        "POL",
        ("first language code", "language code", "dfe language code"),
    ),
    Column(
        "post16_from",
        "Post-16 start",
        format_lazy(_lazy("The day on which they start post-16 provision. {date}"), date=_DATE),
        "01/09/2025",
        ("post 16 start date", "post 16 from", "post 16", "sixth form start", "sixth form start date"),
    ),
)

FAMILIES = (
    Column(
        "upn",
        "Pupil UPN",
        _lazy("The child’s UPN. Without it, write their name and date of birth."),
        "B801200005001",
        ("upn", "unique pupil number", "child upn", "student upn"),
        private=True,
    ),
    Column(
        "given_name",
        "Pupil given name",
        _lazy("The child’s first name."),
        "",
        (
            "pupil forename",
            "forename",
            "legal forename",
            "given name",
            "student forename",
            "child given name",
        ),
    ),
    Column(
        "family_name",
        "Pupil family name",
        _lazy("The child’s last name."),
        "",
        ("pupil surname", "surname", "legal surname", "family name", "student surname", "child family name"),
    ),
    Column(
        "date_of_birth",
        "Pupil date of birth",
        _DATE,
        "",
        ("dob", "date of birth", "pupil dob", "child date of birth", "student dob"),
    ),
    Column(
        "name",
        "Adult name",
        _lazy("The adult’s full name."),
        "Anna Nowak",
        ("contact name", "parent name", "name", "carer name", "contact full name", "adult"),
        needed=True,
    ),
    Column(
        "email",
        "E-mail",
        _lazy("Where an invitation may go. It is kept only with parental responsibility."),
        "anna.nowak@example.org",
        ("email address", "contact email", "parent email", "main email", "home email", "adult email"),
    ),
    Column(
        "relationship",
        "Relationship",
        _lazy("What they are to the child, such as mother, father or foster carer."),
        "mother",
        (
            "relation",
            "relationship to pupil",
            "relation to pupil",
            "relationship to child",
            "relationship to student",
        ),
        needed=True,
    ),
    Column(
        "responsibility",
        "Parental responsibility",
        _lazy("yes or no. Only adults with parental responsibility can be invited from a file."),
        "yes",
        ("pr", "has parental responsibility", "parental resp", "parental responsibility yes no"),
        needed=True,
    ),
    Column(
        "household",
        "Household",
        _lazy("A name for the people who live together. Without it, the adult has a household alone."),
        "Nowak family",
        ("household name", "home", "family"),
    ),
    Column(
        "how_to_communicate",
        "How to communicate",
        _lazy("What works when talking with this household."),
        "Text first. Polish interpreter for meetings.",
        ("communication", "how to talk with this family", "contact notes", "communication notes"),
    ),
)

STRATEGIES = (
    Column(
        "words",
        "What we do",
        _lazy("What an adult does or says, in one line. A strategy is recognised by these words."),
        "Give one step at a time",
        ("strategy", "strategies", "what", "what adults do", "title"),
        needed=True,
    ),
    Column(
        "how",
        "How to do it",
        _lazy("Enough for somebody who has never met the pupil."),
        "Say the first step only. Wait until it is done.",
        ("how", "description", "detail", "details", "guidance"),
    ),
    Column(
        "area",
        "Area of need",
        _lazy(
            "Cognition and learning, Communication and interaction, Social, emotional and mental health, "
            "Sensory and physical, or No single area."
        ),
        "Cognition and learning",
        ("area", "need", "broad area", "broad area of need"),
        needed=True,
    ),
    Column(
        "phases",
        "Phase",
        _lazy("Early years, primary, secondary, post-16. Put ; between them, or write all."),
        "primary; secondary",
        ("phases", "age", "ages", "key stage", "stage"),
        needed=True,
    ),
    Column(
        "source",
        "Whose it is",
        _lazy("ours or area. Empty means ours."),
        "ours",
        ("source", "whose", "from"),
    ),
)

COLUMNS: dict[ImportKind, tuple[Column, ...]] = {
    ImportKind.STAFF: STAFF,
    ImportKind.CLASSES: CLASSES,
    ImportKind.PUPILS: PUPILS,
    ImportKind.FAMILIES: FAMILIES,
    ImportKind.STRATEGIES: STRATEGIES,
}


def column(kind: ImportKind, key: str) -> Column:
    return next(c for c in COLUMNS[kind] if c.key == key)


def spelled(kind: ImportKind) -> dict[str, Column]:
    """Every heading that names a column, in its plain spelling. A column's own label beats another's spelling."""
    others = {plain(s): c for c in COLUMNS[kind] for s in (c.key, *c.spellings)}
    return others | {plain(c.label): c for c in COLUMNS[kind]}


def written(rows: Sequence[Sequence[str]]) -> bytes:
    """Rows as Excel opens them: UTF-8 with its mark, commas, Windows line ends."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue().encode("utf-8-sig")


def template(kind: ImportKind) -> bytes:
    """An empty file of a kind, with one example row."""
    shown = [c for c in COLUMNS[kind] if c.in_template]
    return written([[c.label for c in shown], [c.example for c in shown]])
