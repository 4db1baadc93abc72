"""Paper equals the screen: the same words for the same person, tagged, and written down as printed."""

import html
import re
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts import pdf
from accounts.enums import Format
from accounts.models import Preferences, User
from pupils import paper, services
from pupils.enums import Way
from pupils.models import AccessLog, Pupil
from tests.record import Record, marks_in
from tests.sample import in_sample

from ..apdr.pages import as_
from ..cast import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
SAID = {"printed": "Printed", "page": "Page {page} of {pages}", "language": "en"}
ACTED = re.compile(r"<(form|button|nav|script|svg)\b.*?</\1>", re.S)


def sheet(answer: Any) -> PdfReader:
    return PdfReader(BytesIO(answer.content))


def printed(answer: Any) -> str:
    """The words of a PDF without the spaces between them: where a line ends is the printer's."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in sheet(answer).pages))


def shown(answer: Any) -> str:
    """The words of a page that are to be read, those that stand for a photo too, without the spaces between them."""
    main = re.search(r"<main.*</main>", answer.content.decode(), re.S)
    assert main is not None
    text = re.sub(r'<img[^>]* alt="([^"]*)"[^>]*>', r"\1", ACTED.sub("", main[0]))
    return re.sub(r"\s", "", html.unescape(re.sub(r"<[^>]*>", "", text)))


def looks(person: User) -> dict[Any, str]:
    return dict(AccessLog.objects.filter(person=person).values_list("pk", "way"))


@pytest.mark.tables
def test_everybody_has_on_paper_what_is_on_their_screen(record: Record) -> None:
    cast, wrong, read = record.cast, [], 0
    for who, person in cast.people.items():
        client = as_(person)
        for of, pupil in cast.pupils.items():
            for page in paper.PAGES:
                if not in_sample("paper", who, of, page, one_in=16):
                    continue
                screen = client.get(reverse(page, args=[pupil.pk]))
                known = looks(person)
                answer = client.get(reverse("paper", args=[pupil.pk, page]))
                new = {way for pk, way in looks(person).items() if pk not in known}
                if new != ({Way.PRINT} if answer.status_code == 200 else set()):
                    wrong.append((who, of, page, "looks", new))
                if screen.status_code != answer.status_code:
                    wrong.append((who, of, page, screen.status_code, answer.status_code))
                elif screen.status_code == 200:
                    read += 1
                    there, here = marks_in(shown(screen)), marks_in(printed(answer))
                    if there != here:
                        wrong.append((who, of, page, there ^ here))
    assert wrong == []
    assert read > 5


def run_together(blocks: Any) -> list[str]:
    """What stands beside each other with no space between, anywhere in blocks."""
    found = []
    if isinstance(blocks, dict):
        texts = [run["text"] for run in blocks.get("runs", []) if "text" in run]
        found = [
            f"{a[-20:]}|{b[:20]}"
            for a, b in pairwise(texts)
            if re.search(r"[\w~]$", a) and re.match(r"[\w~]", b)
        ]
    inside = blocks.values() if isinstance(blocks, dict) else blocks if isinstance(blocks, list) else []
    return found + [one for part in inside for one in run_together(part)]


def test_words_that_stand_below_each_other_on_the_screen_do_not_run_together_on_paper(record: Record) -> None:
    cast, found, read = record.cast, set(), 0
    for who in (cast.senco, cast.parent, cast.child):
        for page in paper.PAGES:
            screen = as_(who).get(reverse(page, args=[cast.ada.pk]))
            if screen.status_code == 200:
                read += 1
                found |= set(run_together(paper.blocks(screen.content.decode())))
    assert found == set()
    assert read > 20


def test_a_plan_on_paper_says_what_it_is_and_names_nobody_in_its_file(record: Record) -> None:
    cast = record.cast
    answer = as_(cast.parent).get(reverse("paper", args=[cast.ada.pk, "plan"]))
    pdf = sheet(answer)
    assert answer["Content-Disposition"] == 'inline; filename="plan.pdf"'
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store, private")
    root: Any = pdf.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], "/StructTreeRoot" in root) == ("en-GB", True, True)
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Ada’s support plan"
    told = printed(answer)
    assert "PrintedbyPamLovelaceon10March2026." in told
    assert ("Signout" in told, "Suggestsomething" in told) == (False, False)
    looks = AccessLog.objects.filter(person=cast.parent)
    assert {(look.way, section) for look in looks for section in look.sections} >= {(Way.PRINT, "plan")}
    assert {look.way for look in looks} == {Way.PRINT}
    looked = as_(cast.parent).get(reverse("who_looked", args=[cast.ada.pk]), {"own": "on"}).content.decode()
    assert "printed" in looked


def test_what_is_not_open_is_refused_on_paper_as_on_the_screen_and_written_down_nowhere(
    record: Record,
) -> None:
    cast = record.cast

    def asks(who: str, pupil: Pupil, page: str) -> int:
        return as_(cast.people[who]).get(reverse("paper", args=[pupil.pk, page])).status_code

    before = AccessLog.objects.count()
    assert asks("teacher", cast.ada, "funding") == 403
    assert asks("stranger", cast.ada, "plan") == 404
    assert asks("parent", cast.noor, "needs") == 403
    assert asks("parent", cast.ada, "who_looked") == 404
    assert asks("restricted_parent", cast.ada, "plan") == 404
    assert AccessLog.objects.count() == before


def test_large_print_is_large_and_a_childs_page_keeps_its_pictures(record: Record) -> None:
    cast = record.cast
    address = reverse("paper", args=[cast.ada.pk, "mine"])
    small = sheet(as_(cast.child).get(address))
    Preferences.objects.update_or_create(person=cast.child, defaults={"format": Format.LARGE_PRINT})
    large = sheet(as_(cast.child).get(address))
    assert len(large.pages) > len(small.pages)


def test_the_page_offers_its_paper_and_a_preview_does_not(record: Record) -> None:
    cast = record.cast
    link = reverse("paper", args=[cast.ada.pk, "plan"])
    assert link in as_(cast.parent).get(reverse("plan", args=[cast.ada.pk])).content.decode()
    theirs = reverse("preview_page", args=[cast.sam.pk, cast.teacher.pk, "plan"])
    answer = as_(cast.young_person).get(theirs)
    assert (answer.status_code, "/paper/" in answer.content.decode()) == (200, False)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("<main><h1>A</h1><h3>B</h3><p>C <b>d</b>\n e<br>f</p></main>", "A B C d e\nf"),
        ("<main><p>In</p><form><p>Typed</p></form><nav>Ways</nav><p><a href=x>On</a></p></main>", "In"),
        ("<main><p>See <a href=x>the plan</a>. <a href=y>Change<span class=govuk-visually-hidden> it</span></a></p></main>", "See the plan."),
        ("<main><dl><div><dt>By</dt><dd>May</dd></div></dl></main>", "By May"),
        ("<main><table><tr><th>x</th></tr><tr><td>1</td><td>2</td></tr></table></main>", "x 1 2"),
        ("<main><ul><li>a<ul><li>b</li></ul></li></ul><p hidden>no</p></main><p>out</p>", "a b"),
        ('<main><img src="/p/1.jpg" alt="A kite"><p aria-hidden="true">AB</p></main>', "A kite"),
        ("<p>No main</p>", ""),
    ],
)  # fmt: skip
def test_of_a_page_stays_what_is_to_be_read(page: str, told: str) -> None:
    assert paper.words(paper.blocks(page)) == told


def test_where_a_list_goes_on_its_paper_goes_on_too(record: Record) -> None:
    cast = record.cast
    client, thread = as_(cast.parent), reverse("updates", args=[cast.ada.pk])
    last = cast.ada.updates.order_by("at", "pk").first()
    assert last is not None
    later = f"?after={last.at.isoformat()}_{last.pk}".replace("+", "%2B")
    page = client.get(thread + later).content.decode()
    [link] = re.findall(r'href="(/pupils/[^"]*/paper/[^"]*)"', page)
    assert "after=" in link
    first = printed(client.get(reverse("paper", args=[cast.ada.pk, "updates"])))
    assert marks_in(printed(client.get(html.unescape(link)))) < marks_in(first)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Well done 🙂 👍🏽!", "Welldone(slightlysmilingface)(thumbsupsign)!"),
        ("👨\u200d👩\u200d👧 🏳️ at home", "(man,woman,girl)(wavingwhiteflag)athome"),
        ("日本語 is spoken", "(wordsinlettersthatcannotbeprintedhere)isspoken"),
        ('Привіт, żółć, مرحبا ✓ “so” \\ "', 'Привіт,żółć,مرحبا✓“so”\\"'),
        ("Love ❤️ it", "Love❤️it"),
    ],
)
def test_whatever_somebody_writes_can_be_printed(record: Record, typed: str, told: str) -> None:
    cast = record.cast
    number = cast.ada.profiles.count()
    services.write_profile(pupil=cast.ada, number=number, important=typed, by=cast.child, at=AT)
    answer = as_(cast.parent).get(reverse("paper", args=[cast.ada.pk, "profile"]))
    assert answer.status_code == 200
    assert told in printed(answer)


def test_signs_of_many_kinds_are_left_out_in_few_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    tries, compile_ = [], pdf.typst.compile
    monkeypatch.setattr(pdf.typst, "compile", lambda *a, **how: tries.append(1) or compile_(*a, **how))
    every = "".join(map(chr, [*range(0x1200, 0x1380), *range(0x16A0, 0x16F0), *range(0x13000, 0x13400)]))
    assert paper.pdf(f"<main><h1>A</h1><p>{every}</p></main>", said=SAID, large=False)[:4] == b"%PDF"
    assert len(tries) < 60
