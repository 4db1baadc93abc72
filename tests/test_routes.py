"""Every route × every person, in one closed table that a school could read.

`routes.txt` is the specification: it is compared whole, so that a route, a way to ask for it or a person that nobody
wrote down fails. Read the table before you change it. The addresses of the API have a table of their own. In a
sample, what is not asked for is taken from the table, and nobody may find a mark that the table does not give them.
"""

import os
import textwrap
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.http import HttpResponse
from pypdf import PdfReader

from tests.cast import Cast
from tests.record import Record, marks_in, marks_there_are
from tests.routes import LISTED, OF_PUPIL, address, ask, browser, found, route_of
from tests.sample import WHOLE, in_sample

pytestmark = pytest.mark.tables

ROUTES = Path(__file__).with_name("routes.txt")
MARKS = Path(__file__).with_name("marks.txt")
#: `ALONGSIDE_WRITE_ROUTES=1` writes the tables as they are now, `ALONGSIDE_WHOLE_TABLES=1` besides all of both.
WRITE = os.environ.get("ALONGSIDE_WRITE_ROUTES", "") not in {"", "0"}

#: A letter for each person of the cast, and nobody.
LETTERS = {
    "senco": "S",
    "teacher": "T",
    "key_adult": "K",
    "colleague": "C",
    "parent": "P",
    "other_parent": "O",
    "restricted_parent": "R",
    "child": "a",
    "young_person": "s",
    "student": "n",
    "professional": "V",
    "stranger": "X",
    "left": "L",
    "deactivated": "D",
    "dsl": "G",
    "leader": "H",
    "installer": "I",
    "nobody": "?",
}
ROUTES_HEAD = """\
Every page and every form of Alongside, and what each person is answered, on 10 March 2026.

Who asks                                          What they are answered
  S  the SENCO of Hazelmere School                  +  the page (200)
  T  a teacher of the class                         >  on to another page: done, or the page for them (302)
  K  a key adult by themselves                      e  the form again, with what is missing (422)
  C  a colleague who teaches somebody else, and is  =  not at this stage, or somebody was first (409)
     the deputy safeguarding lead                   x  in the circle, but not for this: told so (403)
  P  a parent carer, O the other parent's home
  R  a parent whom a court order shuts out          .  there is no such page for you (404)
  a  Ada, s Sam, n Noor: the pupils themselves      i  sign in first (302)
  V  a visiting professional                        4  not a form that we know (400)
  X  the SENCO of another school                    !  something broke (500): never
  L  a teacher who left  D  somebody shut out       -  not asked for this way (405)
  G  the safeguarding lead  H  the head
  I  whoever looks after the installation
  ?  somebody who is not signed in

Signing out answers `i` too: it leads to signing in. A form is posted with nothing filled in: what counts is who gets
as far as being told what is missing. A word after `:` is what is asked for: a kind of part, one that is only in the
draft, one that was taken off, an old cycle.
"""
MARKS_HEAD = """\
Something of every kind is in the record, each with a mark, and this is who finds which: on any page, in any address,
header or cookie, by asking for everything there is as `routes.txt` lists it. The letters are those of `routes.txt`.

Of a pupil's second plan: a bare word is what the family has; `-draft` and `-edited` came after and are not shared;
`-gone` was taken off; `-old` is the first plan, closed. `-senco` was said to the SENCO alone. `itself` is the child.
Pam and Oscar are the parents of two homes, and a court order shuts Rob out.
"""
ABOUT = {
    "": "Of nobody, or of a setting",
    "ada": "Of Ada, who is 13: staff write, and both homes read what was shared",
    "sam": "Of Sam, who is 16 and still at school: he decides, and key adults keep profile, plan and what helps",
    "noor": "Of Noor, who is 17 and in the sixth form: she decides, and nobody keeps anything",
}


def sign(answer: HttpResponse) -> str:
    if answer.status_code == 302 and "/sign-in/" in answer["Location"]:
        return "i"
    return {200: "+", 302: ">", 422: "e", 409: "=", 403: "x", 404: ".", 405: "-", 400: "4"}.get(
        answer.status_code, "!"
    )


NOT_ASKED = "not asked for this way"
#: Whether a route is asked for by GET or POST is decided before who asks: these are asked first, and the rest is told.
FIRST = ("senco", "teacher", "parent", "nobody")


def sweep(record: Record, of: str) -> tuple[list[str], dict[str, set[str]]]:
    """Ask for every route of one pupil, or of nobody, as everybody: the lines of the table, and the marks by who found them."""
    names = list(OF_PUPIL) if of else [n for n in LISTED if n not in OF_PUPIL]
    browsers = {who: browser(record.cast.people.get(who)) for who in LETTERS}
    seen: dict[str, set[str]] = {who: set() for who in LETTERS}
    width = max(map(len, LISTED)) + 7
    told = [" " * width + "".join(LETTERS.values())]
    known = {tuple(line.split()[:2]): line[width:] for line in part(ROUTES, of).splitlines()[4:]}

    def asked(who: str, method: str, href: str) -> str:
        answer = ask(browsers[who], method, href)
        seen[who] |= marks_in(text_of(answer))
        return sign(answer)

    for name in names:
        href = address(record, record.of[of or "ada"], name)
        for method in ("GET", "POST"):
            row = known.get((method, name), NOT_ASKED)
            as_known = {} if row == NOT_ASKED else dict(zip(LETTERS, row, strict=True))
            wanted = [who for who in LETTERS if not as_known or in_sample(of, method, name, who, one_in=40)]
            signs = {who: asked(who, method, href) for who in FIRST if who in wanted}
            if not as_known and set(signs.values()) == {"-"}:
                told.append(f"{method:5} {name}".ljust(width) + NOT_ASKED)
                continue
            signs |= {who: asked(who, method, href) for who in wanted if who not in FIRST}
            signs = as_known | signs
            told.append(f"{method:5} {name}".ljust(width) + "".join(signs[who] for who in LETTERS))
    return told, seen


def text_of(answer: HttpResponse) -> str:
    """All that leaves with an answer: its body as it is, every header and every cookie."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.items())
    pdf = answer["Content-Type"] == "application/pdf" if "Content-Type" in answer else False
    body = words_of(answer.content) if pdf else answer.content.decode(errors="replace")
    return f"{headers}\n{answer.cookies.output()}\n{body}"


def words_of(pdf: bytes) -> str:
    """The words of a PDF, and what it says of itself."""
    found = PdfReader(BytesIO(pdf))
    return "\n".join([str(found.metadata), *(page.extract_text() for page in found.pages)])


def found_by(record: Record, of: str, seen: dict[str, set[str]]) -> list[str]:
    """A line for each group of people: the marks that they, and nobody else, find."""
    groups: dict[str, list[str]] = {}
    anywhere = set().union(*seen.values())
    here = {of, "pam", "oscar", "rob"} if of else None
    for mark in sorted(marks_there_are() | anywhere):
        whose = mark.split("-")[0]
        if mark not in anywhere and (whose not in here if here else whose in record.of):
            continue
        letters = "".join(letter if mark in seen[who] else "·" for who, letter in LETTERS.items())
        groups.setdefault(letters, []).append(mark.removeprefix(f"{of}-") if of else mark)
    return [
        line for letters in sorted(groups, reverse=True) for line in wrap(" ".join(groups[letters]), letters)
    ]


def wrap(words: str, letters: str) -> list[str]:
    told = textwrap.wrap(words, 100, break_long_words=False, break_on_hyphens=False)
    return [f"{letters if n == 0 else '':20}{line}".rstrip() for n, line in enumerate(told)]


def known_to_find(of: str) -> dict[str, set[str]]:
    """The marks of a part of the table by who finds them."""
    seen: dict[str, set[str]] = {who: set() for who in LETTERS}
    letters = ""
    for line in part(MARKS, of).splitlines()[3:]:
        letters = line[: len(LETTERS)].strip() or letters
        for who, letter in LETTERS.items():
            if letter in letters:
                seen[who] |= set(line[len(LETTERS) :].split())
    return seen


def under(of: str, lines: list[str]) -> str:
    return "\n".join([ABOUT[of], "-" * len(ABOUT[of]), "", *lines]) + "\n"


def part(file: Path, of: str) -> str:
    """A part of a table as it stands."""
    return file.read_text().split("\n\n\n")[1 + list(ABOUT).index(of)].rstrip("\n") + "\n"


def write(file: Path, head: str, of: str, lines: str) -> None:
    """Put a part of a table as it is now: the whole is read again before it is kept."""
    known = [head, *(part(file, each) for each in ABOUT)]
    known[1 + list(ABOUT).index(of)] = lines
    file.write_text("\n\n".join(known))


@pytest.mark.parametrize("of", list(ABOUT))
def test_everybody_is_answered_and_told_what_the_tables_say(
    record: Record, at_ten: datetime, of: str
) -> None:
    told, seen = sweep(record, of)
    if WRITE:
        write(ROUTES, ROUTES_HEAD, of, under(of, told))
        if WHOLE:
            write(MARKS, MARKS_HEAD, of, under(of, found_by(record, of, seen)))
    assert under(of, told) == part(ROUTES, of)
    if WHOLE:
        assert under(of, found_by(record, of, seen)) == part(MARKS, of)
    else:
        known = known_to_find(of)
        found = {who: {m.removeprefix(f"{of}-" if of else "") for m in marks} for who, marks in seen.items()}
        assert {who: found[who] - known[who] for who in LETTERS} == {who: set() for who in LETTERS}


def test_every_route_is_in_the_table() -> None:
    assert {route_of(name) for name in LISTED} == set(found())


def test_every_person_is_in_the_table(cast: Cast) -> None:
    assert set(LETTERS) - {"nobody"} == set(cast.people)


def test_nothing_in_the_table_broke() -> None:
    assert "!" not in ROUTES.read_text().removeprefix(ROUTES_HEAD)
