#!/usr/bin/env python
"""Django's command line for Alongside."""

import os
import sys

from config import servers

# These say something about the code alone; they start no server.
WITHOUT_DATABASE = {"collectstatic", "diffsettings", "findstatic", "help", "spectacular", "version", "--help"}


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if len(arguments) > 1 and arguments[1] not in WITHOUT_DATABASE:
        try:
            servers.hold()
        except servers.ServerError as error:
            sys.exit(str(error))
    from django.core.management import execute_from_command_line

    execute_from_command_line(arguments)


if __name__ == "__main__":
    main(sys.argv)
