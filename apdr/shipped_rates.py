"""The rates of funding that come with Alongside, as data: each with who says so. Nobody at a setting has checked them."""

from datetime import date
from typing import Any

_DFE_EARLY = "Department for Education: early years funding 2026 to 2027"
_DFE_PREMIUM = "Department for Education: pupil premium 2025 to 2026"

#: kind, band, amount, unit, hours a year at most, from, until (the first day on which it is no longer known), source
SHIPPED: list[tuple[str, str, str, str, int | None, date, date | None, str]] = [
    ("eypp", "", "1.15", "hour", 570, date(2026, 4, 1), date(2027, 4, 1), _DFE_EARLY),
    ("daf", "", "975.00", "year", None, date(2026, 4, 1), date(2027, 4, 1), _DFE_EARLY),
    ("pupil_premium", "Primary", "1515.00", "year", None, date(2025, 4, 1), date(2026, 4, 1), _DFE_PREMIUM),
    ("pupil_premium", "Secondary", "1075.00", "year", None, date(2025, 4, 1), date(2026, 4, 1), _DFE_PREMIUM),
    ("pupil_premium", "Looked after", "2630.00", "year", None, date(2025, 4, 1), date(2026, 4, 1), _DFE_PREMIUM),
    (
        "bursary",
        "Vulnerable groups",
        "1200.00",
        "up_to",
        None,
        date(2011, 9, 1),
        None,
        "Department for Education: 16 to 19 Bursary Fund guide",
    ),
    (
        "top_up",
        "",
        "6000.00",
        "first",
        None,
        date(2013, 4, 1),
        None,
        "Department for Education: high needs funding operational guide. The notional SEN budget is not £6,000 a pupil",
    ),
]  # fmt: skip


def ship(model: Any) -> None:
    """Add the rates that come with Alongside to a table of `StreamRate`, each once."""
    for kind, band, amount, unit, most_hours, starts_on, ends_on, source in SHIPPED:
        row = {"setting": None, "kind": kind, "band": band, "starts_on": starts_on}
        if not model.objects.filter(**row).exists():
            model.objects.create(
                **row, amount=amount, unit=unit, most_hours=most_hours, ends_on=ends_on, source=source
            )
