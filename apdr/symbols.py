"""The pictures that somebody can choose instead of writing, each beside its word; and what choosing them says."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _lazy

from accounts.words import StrOrPromise, english

from .enums import Feeling

#: Each symbol by the name of its picture.
SYMBOLS: dict[str, StrOrPromise] = {
    "friends": _lazy("My friends"),
    "family": _lazy("My family"),
    "teacher": _lazy("The grown-ups at school"),
    "book": _lazy("Reading"),
    "pencil": _lazy("Writing"),
    "numbers": _lazy("Numbers"),
    "paint": _lazy("Making things"),
    "music": _lazy("Music"),
    "ball": _lazy("Sport and games"),
    "swing": _lazy("Break time"),
    "lunch": _lazy("Lunch"),
    "quiet": _lazy("Quiet"),
    "loud": _lazy("Noise"),
    "headphones": _lazy("Headphones"),
    "clock": _lazy("Waiting and changes"),
    "bus": _lazy("Coming to school"),
    "home": _lazy("Home"),
    "dog": _lazy("Animals"),
}
LIKE, HARD = "like", "hard"
CHOSEN = {f"{kind}:{name}" for kind in (LIKE, HARD) for name in SYMBOLS}

#: What a face that was pressed says, and its picture.
SAYS: dict[str, StrOrPromise] = {
    Feeling.GREAT: _lazy("I feel great about it."),
    Feeling.GOOD: _lazy("I feel good about it."),
    Feeling.OK: _lazy("It is OK."),
    Feeling.HARD: _lazy("It is hard."),
    Feeling.VERY_HARD: _lazy("It is very hard."),
}
FACES = {
    Feeling.GREAT: "grin",
    Feeling.GOOD: "smile",
    Feeling.OK: "neutral",
    Feeling.HARD: "sad",
    Feeling.VERY_HARD: "crying",
}


def in_words(feeling: str, symbols: Iterable[str]) -> str:
    """What a face and symbols stand for, in the words that the record keeps."""
    chosen = [one.partition(":") for one in symbols]
    said = [english(SAYS[feeling])] if feeling else []
    for kind, begins in ((LIKE, "Good for me"), (HARD, "Hard for me")):
        names = [english(SYMBOLS[name]) for of, _, name in chosen if of == kind]
        if names:
            said.append(f"{begins}: {', '.join(names)}.")
    return " ".join(said)
