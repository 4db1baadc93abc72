"""Chooses versions anew and writes the lock files: with hashes, and without any address in them.

make lock
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = [
    *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate"),
    "--upgrade",
]


def lock_python() -> None:
    subprocess.run([*COMPILE, "pyproject.toml", "-o", "requirements.lock"], check=True, cwd=ROOT)
    for group, target in (("dev", "requirements-dev.lock"), ("node", "requirements-node.lock")):
        source = ["pyproject.toml"] if group == "dev" else []
        subprocess.run(
            [*COMPILE, *source, "--group", group, "-c", "requirements.lock", "-o", target],
            check=True,
            cwd=ROOT,
        )


def lock_node() -> None:
    subprocess.run(["npm", "update", "--package-lock-only"], check=True, cwd=ROOT)
    file = ROOT / "package-lock.json"
    lock = json.loads(file.read_text())
    for package in lock["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)
    file.write_text(json.dumps(lock, indent=2) + "\n")


if __name__ == "__main__":
    lock_python()
    lock_node()
