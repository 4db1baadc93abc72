import csv
import io

import pytest
from django.core.exceptions import ValidationError

from pupils.enums import ImportKind
from pupils.imports import cells
from pupils.imports.columns import COLUMNS, template
from pupils.imports.lines import lines_of
from pupils.imports.reading import LARGEST, MOST_ROWS, read
from pupils.imports.selectors import harmless

from .conftest import written

HEAD = ["Name", "E-mail", "Role"]
ZOE = ["Zoë O’Hara", "zoe@example.org", "key adult"]
READ = {"name": "Zoë O’Hara", "email": "zoe@example.org", "role": "key adult"}


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with a mark"),
        ("utf-16", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
@pytest.mark.parametrize(("separator", "called"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs")])
def test_every_way_in_which_excel_writes_is_read_and_named(
    encoding: str, said: str, separator: str, called: str
) -> None:
    found = read(written(HEAD, ZOE, encoding=encoding, separator=separator), ImportKind.STAFF)
    assert (found.encoding, found.separator) == (said, called)
    assert [(row.number, row.cells) for row in found.rows] == [(2, READ)]


def test_big_endian_utf_16_is_read() -> None:
    content = b"\xfe\xff" + written(HEAD, ZOE, encoding="utf-16-be")
    assert [row.cells for row in read(content, ImportKind.STAFF).rows] == [READ]


@pytest.mark.parametrize(
    "headings",
    [
        ["NAME", "e_mail", " role "],
        ["Staff name", "Work Email", "Job title"],
        ["full_name", "E-Mail Address", "ROLE:"],
    ],
)
def test_headings_are_known_in_any_case_and_in_the_spellings_of_other_systems(headings: list[str]) -> None:
    assert [row.cells for row in read(written(headings, ZOE), ImportKind.STAFF).rows] == [READ]


def test_rows_are_numbered_as_excel_shows_them() -> None:
    content = written(HEAD, ["", "", ""], ["Zoë\nO’Hara", *ZOE[1:]], ZOE)
    assert [row.number for row in read(content, ImportKind.STAFF).rows] == [3, 4]


def test_unknown_columns_are_named_and_not_kept() -> None:
    found = read(written([*HEAD, "Salary"], [*ZOE, "30000"]), ImportKind.STAFF)
    assert (found.ignored, found.rows[0].cells) == (["Salary"], READ)


SAVE_AS = "In Excel choose Save As, then “CSV UTF-8 (Comma delimited)”, and choose that file."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty. It needs a row of headings and a row for each entry."),
        (b"\n\n ,,\n", "The file is empty. It needs a row of headings and a row for each entry."),
        (b"Name,E-mail,Role\n", "The file has headings and no rows under them."),
        (b"PK\x03\x04rest", f"This is an Excel workbook, not a CSV file. {SAVE_AS}"),
        (b"\xff\xfe\x00\x00", f"This file is in UTF-32, which we do not read. {SAVE_AS}"),
        (b"Name\x00", f"We cannot tell which characters this file is written in. {SAVE_AS}"),
        (b"Name\x81", f"We cannot tell which characters this file is written in. {SAVE_AS}"),
        (b"\xef\xbb\xbfName\xe9", f"We cannot tell which characters this file is written in. {SAVE_AS}"),
        # one name in UTF-8 and one in Windows-1252
        (b"Zo\xc3\xab,Zo\xeb", f"We cannot tell which characters this file is written in. {SAVE_AS}"),
        (b"\xff\xfeN", f"We cannot tell which characters this file is written in. {SAVE_AS}"),
        (b"x" * (LARGEST + 1), "The file is larger than 10 MB. Split it into smaller files."),
        (
            b'Name,E-mail,Role\nA,b@example.org,"SENCO\n',
            ("Row 2 is broken: a quotation mark is open or in the wrong place, or a cell is far too long. "
            "Put it right and choose the file again."),
        ),
        (
            b"Name,Mail\nA,B\n",
            "The first row must name the columns. We did not find: E-mail, Role. The template has every heading.",
        ),
        (
            b"Name,Full name,E-mail,Role\nA,A,b@example.org,SENCO\n",
            "Two columns both mean “Name”. Keep the right one and take the other out.",
        ),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(content: bytes, sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read(content, ImportKind.STAFF)
    assert refused.value.messages == [sentence]


def test_more_rows_than_can_be_read_are_refused() -> None:
    with pytest.raises(ValidationError, match="more than 20,000 rows"):
        read(written(HEAD, *[ZOE] * (MOST_ROWS + 1)), ImportKind.STAFF)
    assert len(read(written(HEAD, *[ZOE] * MOST_ROWS), ImportKind.STAFF).rows) == MOST_ROWS


@pytest.mark.parametrize(
    "text",
    [
        "31/08/2012", "31/8/2012", "31.8.2012", "31.08.2012", "31-08-2012", "2012-08-31", "31-Aug-2012",
        "31 August 2012", "31-aug-2012", "41152", "41152.0", "31/08/2012 00:00", "2012-08-31 00:00:00",
    ],
)  # fmt: skip
def test_a_day_is_read_however_excel_writes_it(text: str) -> None:
    assert cells.day(text).isoformat() == "2012-08-31"


def test_a_day_that_could_be_read_two_ways_is_read_day_first() -> None:
    assert cells.day("01/02/2012").isoformat() == "2012-02-01"


@pytest.mark.parametrize(
    "text",
    ["08/31/2012", "31/02/2012", "31/08/12", "31-Aug-12", "August", "2012", "9999999", "31/08-2012", "12/2012",
     "0", "1/1/1", "31/08/2012 14:00", "2012-31-08"],
)  # fmt: skip
def test_a_day_that_is_unclear_is_refused(text: str) -> None:
    with pytest.raises(cells.UnclearError):
        cells.day(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("N", "N"),
        ("k", "K"),
        ("A", "K"),
        ("P", "K"),
        ("S", "E"),
        ("E", "E"),
        ("K - SEN support", "K"),
        ("EHCP", "E"),
    ],
)
def test_old_codes_of_provision_become_todays(text: str, code: str) -> None:
    assert cells.sen_provision(text) == code


def test_types_of_need_keep_their_order_and_may_be_written_out() -> None:
    assert cells.need_types(["Speech, language and communication needs", "asd; SEMH"]) == [
        "SLCN",
        "ASD",
        "SEMH",
    ]


@pytest.mark.parametrize(
    ("text", "tag"),
    [("pl", "pl"), ("PL", "pl"), ("Polish", "pl"), ("zh-hant-hk", "zh-Hant-HK"), ("en-gb", "en-GB")],
)
def test_a_language_is_a_tag_or_its_english_name(text: str, tag: str) -> None:
    assert cells.language(text) == tag


def test_a_learner_number_that_excel_shortened_is_refused() -> None:
    with pytest.raises(cells.UnclearError, match="Excel has shortened this number"):
        cells.uln("9.27631E+09")
    assert (cells.uln("9276308686"), cells.uln("9999999999")) == ("9276308686", "")


@pytest.mark.parametrize("kind", ImportKind)
def test_each_template_is_read_without_an_error(kind: ImportKind) -> None:
    found = read(template(kind), kind)
    assert (found.ignored, len(found.rows)) == ([], 1)
    assert [line.problems for line in lines_of(kind, found.rows)] == [[]]
    headings = next(csv.reader(io.StringIO(template(kind).decode("utf-8-sig"))))
    assert headings == [c.label for c in COLUMNS[kind] if c.in_template]


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-1", "@SUM(A1)"])
def test_a_cell_that_would_run_is_made_harmless(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("Ada") == "Ada"
