"""In a real browser: a file goes from the school's computer into the record, and every page of it passes axe."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from pupils.enums import ImportKind
from pupils.imports import services
from pupils.models import Import, Pupil
from tests.cast import Cast, build
from tests.sample import WHOLE

from ..sessions import sign_in
from .conftest import written
from .test_families import ADA as ADAS
from .test_families import GRAN, SAM
from .test_families import HEAD as FAMILIES
from .test_pupils import ADA, BEN, HEAD
from .test_saving import many

AXE = Path(django_settings.ROOT) / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"wide": (1280, 900), "phone": (390, 844)}
SHOTS = os.environ.get("SHOTS", "")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def school(live_server: LiveServer) -> Cast:
    return build()


def signed_in(page: Page, live_server: LiveServer, person: User) -> None:
    client = Client()
    sign_in(client, person)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )


def test_a_file_is_chosen_checked_and_saved_by_a_worker(
    school: Cast,
    page: Page,
    live_server: LiveServer,
    tmp_path: Path,
    start_worker: Callable[[], subprocess.Popen[bytes]],
) -> None:
    start_worker()
    signed_in(page, live_server, school.senco)
    (tmp_path / "pupils.csv").write_bytes(many(600))
    page.goto(f"{live_server.url}/import/")
    page.get_by_role("link", name="Pupils", exact=True).click()
    page.get_by_label("The CSV file").set_input_files(tmp_path / "pupils.csv")
    page.get_by_role("button", name="Check this file").click()
    expect(page.get_by_text("This would add 600 and change 0.")).to_be_visible()
    page.get_by_role("button", name="Save 600 new").click()
    # the page follows by itself
    expect(page.get_by_role("heading", level=1)).to_have_text("Pupils: saved", timeout=60_000)
    expect(page.get_by_text("600 added, 0 changed, 0 as they were.")).to_be_visible()
    assert Pupil.objects.count() == 603


def test_a_file_goes_its_way_without_javascript(
    school: Cast, browser: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    signed_in(page, live_server, school.senco)
    (tmp_path / "pupils.csv").write_bytes(written(HEAD, ADA, BEN))
    page.goto(f"{live_server.url}/import/pupils/")
    page.get_by_role("button", name="Check this file").click()
    expect(page.get_by_role("link", name="Choose a file")).to_be_visible()
    page.get_by_label("The CSV file").set_input_files(tmp_path / "pupils.csv")
    page.get_by_role("button", name="Check this file").click()
    page.get_by_role("button", name="Save 1 new and 1 changed").click()
    batch = Import.objects.get()
    services.save(batch_id=batch.pk, at=batch.started_at or batch.uploaded_at)
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pupils: saved")
    page.context.close()


def pages(school: Cast) -> dict[str, str]:
    """Every page of files in every state that it has."""
    from django.utils import timezone

    at = timezone.now()

    def upload(kind: ImportKind, content: bytes) -> Import:
        return services.upload(kind=kind, setting=school.hazelmere, content=content, by=school.senco, at=at)

    def start(batch: Import) -> Import:
        services.start(batch=batch, by=school.senco, at=at, send=lambda _: None)
        return batch

    broken = [
        [BEN[0], "Ben", "O’Hara", "08/31/2012", "15", "9Z", "Q", "SLCN; XYZ"],
        ["", "", "O’Hara", "", "", "", "", ""],
        *[["", f"Pupil{n}", "Longer-Hyphenated-Familyname", "31/02/2012", "", "", "", ""] for n in range(60)],
    ]
    wrong = upload(ImportKind.PUPILS, written([*HEAD, "Gender"], *broken))
    fine = upload(ImportKind.PUPILS, written(HEAD, [*ADA[:5], "11C", "E", "ASD; SLCN"], BEN))
    waiting = start(upload(ImportKind.PUPILS, many(1200)))
    families = start(upload(ImportKind.FAMILIES, written(FAMILIES, [*ADAS, *GRAN], [*SAM, *GRAN])))
    services.save(batch_id=families.pk, at=at)
    cancelled = upload(ImportKind.PUPILS, written(HEAD, BEN))
    services.cancel(batch=cancelled, by=school.senco, at=at)
    return {
        "imports": "/import/",
        **{f"new-{kind}": f"/import/{kind}/" for kind in ImportKind.values},
        "wrong": f"/import/{wrong.pk}/",
        "change": f"/import/{fine.pk}/?show=change",
        "add": f"/import/{fine.pk}/?show=add",
        "waiting": f"/import/{waiting.pk}/",
        "saved": f"/import/{families.pk}/",
        "cancelled": f"/import/{cancelled.pk}/",
        "invite": f"/import/invite/{school.hazelmere.pk}/",
    }


@pytest.mark.tables
@pytest.mark.parametrize("size", SIZES if WHOLE else ["phone"])
def test_every_page_passes_axe_and_fits(school: Cast, page: Page, live_server: LiveServer, size: str) -> None:
    outside: list[str] = []
    page.on(
        "request", lambda r: None if r.url.startswith((live_server.url, "data:")) else outside.append(r.url)
    )
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    signed_in(page, live_server, school.senco)
    found: dict[str, Any] = {}
    addresses = pages(school)
    for name, address in addresses.items():
        page.goto(live_server.url + address)
        found |= _faults(page, name)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{size}.png", full_page=True)
    page.goto(f"{live_server.url}/import/pupils/")
    page.get_by_role("button", name="Check this file").click()
    expect(page).to_have_title("Error: Bring in pupils – Alongside")
    found |= _faults(page, "error")
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/error-{size}.png", full_page=True)
    assert found == {}
    assert outside == []


def _faults(page: Page, name: str) -> dict[str, Any]:
    page.evaluate(AXE.read_text())
    result = page.evaluate("axe.run()")
    faults = [f"{v['id']}: {n['html']}" for v in result["violations"] for n in v["nodes"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        faults.append("wider than the screen")
    return {name: faults} if faults else {}
