"""Makes `.venv` and `node_modules` what the lock files say; does nothing where they already are.

    python3 -m config.environment

Standard library only: it runs before anything is installed. What is there is compared with the locks
each time, so that a removed or half-made folder is noticed.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements-dev.lock"
NODE_LOCK = ROOT / "requirements-node.lock"

# Runs inside the environment; prints what differs from the lock given as its argument.
COMPARE = """
import importlib.metadata, re, sys
from pip._vendor.packaging.requirements import Requirement
lines = [line.rstrip(" \\\\\\n") for line in open(sys.argv[1]) if re.match(r"[A-Za-z0-9]", line)]
for line in lines:
    wanted = Requirement(line)
    if wanted.marker and not wanted.marker.evaluate():
        continue
    try:
        found = importlib.metadata.version(wanted.name)
    except importlib.metadata.PackageNotFoundError:
        found = "nothing"
    if found not in {str(part).removeprefix("==") for part in wanted.specifier}:
        print(f"{line} (there is {found})")
"""


def say(text: str) -> None:
    print(f"» {text}", flush=True)


def differences(lock: Path) -> list[str]:
    """What of the lock is not in the environment; everything where the environment itself is broken."""
    asked = subprocess.run([PYTHON, "-c", COMPARE, lock], capture_output=True, text=True, check=False)
    return asked.stdout.splitlines() if asked.returncode == 0 else ["everything"]


def install(lock: Path) -> None:
    subprocess.run(
        [
            PYTHON,
            *("-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--require-hashes", "--no-deps", "-r", lock),
        ],
        check=True,
    )


def make_python() -> None:
    if (
        not PYTHON.exists()
        or subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode
    ):
        say("Making the Python environment in .venv")
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    missing = differences(LOCK)
    if missing:
        say(f"Installing {len(missing)} Python packages (a minute or two)")
        install(LOCK)


def make_node() -> None:
    modules, lock = ROOT / "node_modules", ROOT / "package-lock.json"
    stamp = modules / ".alongside"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    environment = dict(os.environ)
    if not shutil.which("npm"):
        if differences(NODE_LOCK):
            say("Installing Node, because npm is not on this machine")
            install(NODE_LOCK)
        environment["PATH"] = f"{VENV / 'bin'}{os.pathsep}{environment.get('PATH', os.defpath)}"
    say("Installing what browsers load (GOV.UK Frontend, the typeface, pictures)")
    npm = shutil.which("npm", path=environment.get("PATH", os.defpath)) or "npm"
    subprocess.run([npm, "ci", "--loglevel=error"], check=True, cwd=ROOT, env=environment)
    stamp.write_text(wanted)


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - this runs on whatever Python there is
        print(f"Alongside needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "installing").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            make_python()
            subprocess.run([PYTHON, "-m", "config.catalogues"], check=True, cwd=ROOT)
            make_node()
        except (subprocess.CalledProcessError, OSError) as error:
            print(f"The environment could not be made: {error}", file=sys.stderr)
            if isinstance(error, subprocess.CalledProcessError) and "venv" in error.cmd:
                print("On Debian and Ubuntu: apt-get install python3-venv", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
