"""Which files of npm packages are served, and under which folder of /static/.

Only what is listed here leaves `node_modules`: GOV.UK Frontend without its fonts and crown, one typeface,
and the pictures named in `openmoji.txt`.
"""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage

GOVUK = (
    "govuk-frontend.min.css",
    "govuk-frontend.min.css.map",
    "govuk-frontend.min.js",
    "govuk-frontend.min.js.map",
)
FONTS = (
    "atkinson-hyperlegible-next-latin-*wght-*.woff2",
    "atkinson-hyperlegible-next-latin-ext-wght-*.woff2",
)


def pictures() -> tuple[str, ...]:
    """File names from `openmoji.txt`: one code a line, then what it shows."""
    lines = (Path(__file__).parent / "openmoji.txt").read_text().splitlines()
    return tuple(f"{line.split()[0]}.svg" for line in lines if line.strip() and not line.startswith("#"))


def packages() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Folder under /static/ → folder in node_modules, and the names or patterns that are served from it."""
    return {
        "govuk": ("govuk-frontend/dist/govuk", GOVUK),
        "fonts": ("@fontsource-variable/atkinson-hyperlegible-next/files", FONTS),
        "openmoji": ("openmoji/color/svg", pictures()),
    }


class NodeModulesFinder(BaseFinder):
    """Finds the files of `packages()`. A package that is not installed yet has none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        root = Path(settings.ROOT) / "node_modules"
        self.served: dict[str, tuple[FileSystemStorage, tuple[str, ...]]] = {}
        for prefix, (folder, patterns) in packages().items():
            storage = FileSystemStorage(location=str(root / folder))
            storage.prefix = prefix  # type: ignore[attr-defined]  # collectstatic puts the files under it
            self.served[prefix] = (storage, patterns)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        prefix, _, name = path.partition("/")
        storage, patterns = self.served.get(prefix, (None, ()))
        if storage and any(fnmatch(name, pattern) for pattern in patterns) and storage.exists(name):
            return [storage.path(name)] if find_all else storage.path(name)
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for storage, patterns in self.served.values():
            if not Path(storage.location).is_dir():
                continue
            for name in sorted(storage.listdir("")[1]):
                if any(fnmatch(name, pattern) for pattern in patterns):
                    yield name, storage
