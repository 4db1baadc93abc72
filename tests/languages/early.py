"""Reads every module of the product and prints where a message was put into a language meanwhile.

    python -m tests.languages.early

In a process of its own: a module is read once, and whatever it was put into then stays so for every reader.
"""

import importlib
import os
import pkgutil
import traceback
from typing import Any


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.utils import translation

    from config import catalogues

    root, real = str(catalogues.ROOT), translation._trans
    found: set[str] = set()

    def watched(*asked: Any) -> str:
        asking = [
            frame for frame in traceback.extract_stack()[:-1] if "/django/utils/" not in frame.filename
        ][-1]
        ours = asking.filename.startswith(root) and "/.venv/" not in asking.filename
        # What is kept is in English, whoever reads.
        if ours and asking.name != "english":
            found.add(f"{os.path.relpath(asking.filename, root)}:{asking.lineno}")
        return str(asked[0])

    real.gettext("")
    real.gettext = real.ngettext = watched
    for app in catalogues.APPS:
        package = importlib.import_module(app)
        for module in pkgutil.walk_packages(package.__path__, f"{app}."):
            if not catalogues.LEFT_OUT.search(module.name.replace(".", "/") + "/"):
                importlib.import_module(module.name)
    print("\n".join(sorted(found)))


if __name__ == "__main__":
    main()
