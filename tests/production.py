"""The environment of a good production, for checks and tests: `python -m tests.production check --deploy`."""

import os
import subprocess
import sys
from collections.abc import Mapping

from config.servers import ROOT

GOOD = {
    "ALONGSIDE_ENV": "production",
    "SECRET_KEY": "k7Q!xv2m@Rz9LwT4#bYc8NfHs1Ud6Ge3JpAo5KiXqVhZ0tMyBnWr",
    "ALLOWED_HOSTS": "plans.school.uk",
    "PUBLIC_URL": "https://plans.school.uk",
    "DATABASE_URL": "postgres://alongside:pw@db.school.uk/alongside",
    "REDIS_URL": "rediss://:pw@redis.school.uk:6379/0",
    "EMAIL_URL": "smtp+tls://user:pw@mail.school.uk:587",
    "DEFAULT_FROM_EMAIL": "Alongside <plans@school.uk>",
}


def manage(
    *arguments: str, environment: Mapping[str, str], **options: bool
) -> subprocess.CompletedProcess[str]:
    """Run manage.py with this environment and nothing else but the path."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env={"PATH": os.environ.get("PATH", os.defpath), **environment},
        cwd=ROOT,
        text=True,
        check=False,
        **options,
    )


if __name__ == "__main__":
    sys.exit(manage(*sys.argv[1:], environment=GOOD).returncode)
