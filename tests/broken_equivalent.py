"""Mutants of `tests.broken` that no test can tell from what they change: module, function, before, after, and why."""

EQUIVALENT: dict[tuple[str, str, str, str], str] = {
    (
        "pupils.choices",
        "_answer_requests",
        "not found or sheet.voice != voice_that_counts(sheet.pupil, sheet.at)",
        "sheet.voice != voice_that_counts(sheet.pupil, sheet.at)",
    ): "where nobody waits there is nothing to answer: it spares one question to the database",
    (
        "pupils.choices",
        "_take_back_links",
        "row.invitation is not None and row.answer is Answer.NO",
        "row.invitation is not None",
    ): "what was opened a moment ago lasts, and what is to be asked waits: either keeps its link",
}
