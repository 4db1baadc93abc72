"""What goes out to people is in the language they like to read, whole, and says that nobody has checked it yet."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail as sent
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from icalendar import Calendar
from pypdf import PdfReader

from accounts import languages, mail
from accounts.enums import Channel, InvitationKind, Role
from accounts.models import Invitation, Preferences, User
from notifications import channels, printing, wanted
from pupils import policy, receipts
from pupils.clocks import WARN_BEFORE, HandOver
from pupils.enums import Gave, Section
from reviews import ics
from reviews.enums_invitations import Coming

from ..apdr.plans import write_plan
from ..cast import AT, SEPTEMBER, Cast
from ..choices.test_receipts import make
from ..notifications.reviewing import in_review, run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]

IN_ENGLISH = "This translation has not been checked by a translator yet."
NOT_CHECKED = {
    "pl": f"Tego tłumaczenia nie sprawdził jeszcze tłumacz. {IN_ENGLISH}",
    "uk": f"Цей переклад ще не перевірив перекладач. {IN_ENGLISH}",
}
#: The same in each language, and so no fault.
SAME = {"SENCO"}


@contextmanager
def nothing_left_in_english() -> Iterator[None]:
    """Fails where a message was looked up in a catalogue that has no translation of it."""
    real, left = translation._trans, set()

    def watched(name: str, original: int) -> Any:
        look_up = getattr(real, name)

        def looked_up(*asked: Any) -> Any:
            found = look_up(*asked)
            here = translation.get_language() in NOT_CHECKED
            if here and found in asked[original:] and found not in SAME and found != IN_ENGLISH:
                left.add(str(found))
            return found

        return looked_up

    with pytest.MonkeyPatch.context() as patch:
        for name, original in (("gettext", 0), ("ngettext", 0), ("pgettext", 1), ("npgettext", 1)):
            patch.setattr(real, name, watched(name, original))
        yield
    assert left == set()


def reads(person: User, language: str, **more: Any) -> None:
    Preferences.objects.update_or_create(person=person, defaults={"written_language": language, **more})
    person.refresh_from_db()


def every_line() -> list[tuple[str, int]]:
    """All that a reminder can say, as often as makes a difference to how a number is said."""
    said = [*wanted.WORDS.values(), *wanted._TELLS_STAFF.values(), wanted._TELLS_CHILD]
    return [(str(words), (1, 2, 5, 22)[n % 4]) for n, words in enumerate(said)]


def said(message: EmailMessage) -> str:
    html = "".join(str(content) for content, _type in getattr(message, "alternatives", []))
    return f"{message.subject}\n{message.body}\n{html}"


@pytest.mark.parametrize("language", sorted(NOT_CHECKED))
def test_a_reminder_says_everything_in_the_readers_language(cast: Cast, language: str) -> None:
    reads(cast.parent, language)
    with nothing_left_in_english(), languages.writing_to(cast.parent):
        asked = [[(str(answer.label), "https://example.org/") for answer in Coming]] * 2
        lines = every_line()
        channels.deliver(cast.parent, Channel.EMAIL, lines, key=uuid4(), again=False, asked=asked, files=[])
        texts = [channels.words(channel, lines) for channel in (Channel.TEXT, Channel.LETTER)]
        paper = printing.pdf(cast.parent, cast.senco, lines, AT)
        for who in ("own", "parent"):
            render_to_string(
                f"notifications/letter/{who}_hand_over.txt", {"when": languages.tag(), "moved": True}
            )
    [message] = sent.outbox
    html = str(message.alternatives[0][0])
    assert f'<html lang="{language}">' in html
    page = PdfReader(io.BytesIO(paper))
    told = " ".join(" ".join(part.extract_text() for part in page.pages).split())
    for words in (str(message.body), html, *texts, told):
        assert words.count(NOT_CHECKED[language]) == 1, words
    assert page.trailer["/Root"]["/Lang"] == language
    day = {"pl": "10 marca 2026", "uk": "10 березня 2026"}[language]
    assert day in told
    number = {
        "pl": ("(2 takie sprawy)", "(5 takich spraw)", "(22 takie sprawy)"),
        "uk": ("(2 такі справи)", "(5 таких справ)", "(22 такі справи)"),
    }[language]
    assert [each in str(message.body) for each in number] == [True, True, True]


@pytest.mark.parametrize("language", sorted(NOT_CHECKED))
def test_every_other_message_is_in_the_readers_language(cast: Cast, language: str) -> None:
    reads(cast.parent, language)
    days = [date(2026, 4, 1), *(HandOver(date(2027, 3, 1), date(2026, 3, 10)).day for _ in WARN_BEFORE)]
    with nothing_left_in_english():
        for kind in InvitationKind:
            made = Invitation(
                kind=kind, email=cast.parent.email, name="" if kind == "parent" else "Pam", setting=cast.hazelmere,
                role=Role.KEY_ADULT if kind == "staff" else "", secret_hash="0" * 64, invited_by=cast.senco,
                invited_at=AT, expires_at=datetime(2026, 3, 24, 10, tzinfo=UTC),
            )  # fmt: skip
            assert mail.send_invitation(made, "secret")
        with languages.writing_to(cast.parent):
            for template, about in (
                ("pupils/email/asked.txt", {}),
                ("pupils/email/receipt.txt", {}),
                *((f"notifications/email/{who}_hand_over.txt", {"moved": True}) for who in ("own", "parent")),
            ):
                for day in days:
                    over = HandOver(day, date(2026, 3, 10))
                    mail.send_words(cast.parent, "…", template, key=uuid4(), when=over.words, **about)
            entry = ics.entry(
                uuid4(),
                starts_at=AT,
                minutes=30,
                sequence=0,
                changed_at=AT,
                href=reverse("reviews", args=[cast.ada.pk]),
            )
        for sheet in (make(cast), make(cast, by=cast.senco, how=Gave.SPOKEN)):
            for reader in (cast.young_person, cast.senco):
                sight = policy.why(reader, cast.sam, AT)
                with languages.writing_to(cast.parent):
                    paper = receipts.pdf(receipts.receipt(sight, sheet.pk))
                    assert [str(part.label) for part in (*Section, *printing.ON_A_SLIP)]
                    assert PdfReader(io.BytesIO(paper)).trailer["/Root"]["/Lang"] == language
    assert [message.body.count(NOT_CHECKED[language]) for message in sent.outbox] == [1] * len(sent.outbox)
    assert {"pl": "do 24 marca 2026:", "uk": "до 24 березня 2026:"}[language] in sent.outbox[0].body
    [event] = Calendar.from_ical(ics.calendar([entry])).walk("VEVENT")
    assert str(event["description"]).endswith(NOT_CHECKED[language])


@pytest.mark.parametrize("language", sorted(NOT_CHECKED))
def test_e_mails_about_signing_in_are_in_the_readers_language(cast: Cast, client: Any, language: str) -> None:
    reads(cast.parent, language)
    with nothing_left_in_english():
        client.post(reverse("account_reset_password"), {"email": cast.parent.email})
        client.post(reverse("account_request_login_code"), {"email": cast.parent.email})
    assert len(sent.outbox) == 2
    assert [message.body.count(NOT_CHECKED[language]) for message in sent.outbox] == [1, 1]
    assert {m.subject for m in sent.outbox} == {
        "pl": {"Wybierz nowe hasło", "Twój kod do logowania"},
        "uk": {"Виберіть новий пароль", "Ваш код для входу"},
    }[language]


def test_each_reader_is_written_to_in_their_own_language_and_english_stays_as_it_was(
    cast: Cast,
) -> None:
    reads(cast.parent, "pl-PL")
    reads(cast.other_parent, "uk")
    in_review(cast, write_plan(cast.ada, cast.senco, SEPTEMBER))
    run(AT)
    subjects = {message.to[0]: message.subject for message in sent.outbox}
    assert subjects[cast.parent.email] == "W Alongside coś na Ciebie czeka"
    assert subjects[cast.other_parent.email] == "В Alongside на вас щось чекає"
    others = [m for m in sent.outbox if m.to[0] not in (cast.parent.email, cast.other_parent.email)]
    assert others
    assert {m.subject for m in others} == {"Something waits for you on Alongside"}
    assert [IN_ENGLISH in said(message) for message in others] == [False] * len(others)
    assert translation.get_language() == "en-gb"


@pytest.mark.parametrize("tag", ["en-GB", "cy", "", "pl-Latn-PL", "PL", "x"])
def test_a_language_without_a_catalogue_is_read_in_english(tag: str) -> None:
    assert languages.known(tag) == ("pl" if tag.lower().startswith("pl") else "en-gb")
