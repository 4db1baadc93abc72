"""Mutants of `tests.broken` that no test can tell from what they change: module, function, before, after, and why."""

EQUIVALENT: dict[tuple[str, str, str, str], str] = {
    (
        "pupils.policy",
        "kept",
        "microseconds=1",
        "microseconds=2",
    ): "two microseconds before midnight is before it as one is",
    (
        "pupils.policy",
        "_Prepared.execute",
        "self.connection.prepare_threshold is None",
        "self.connection.prepare_threshold is not None",
    ): "a statement is planned each time: slower, and the same answer",
    (
        "pupils.policy",
        "_Prepared.execute",
        "0",
        "1",
    ): "a statement is planned once more: slower, and the same answer",
    (
        "pupils.policy",
        "decides",
        "from_on is not None and from_on <= timezone.localdate(at)",
        "from_on <= timezone.localdate(at)",
    ): "everybody turns 18, so every pupil has a day",
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
    (
        "pupils.choices",
        "_take_back_links",
        "not refused or sheet.voice != voice_that_counts(pupil, at)",
        "sheet.voice != voice_that_counts(pupil, at)",
    ): "where nobody is refused no link is found: it spares one question to the database",
    (
        "pupils.choices",
        "_answer_requests",
        "waiting.filter(asker__in={person for person, __ in answers})",
        "waiting.filter()",
    ): "a request of anybody else has no answer among these: it spares reading them",
    (
        "pupils.choices",
        "last_day",
        "microseconds=1",
        "microseconds=2",
    ): "two microseconds before midnight is the same day as one",
    (
        "pupils.choices",
        "choose",
        "no_key=True",
        "no_key=False",
    ): "a stronger lock makes others wait who need not; what is written down is the same",
    (
        "pupils.choices",
        "pass_on",
        "no_key=True",
        "no_key=False",
    ): "a stronger lock makes others wait who need not; what is written down is the same",
    (
        "pupils.choices",
        "_save",
        "force_insert=True",
        "force_insert=False",
    ): "of a new row whose id has a default Django makes an insert, whether it is asked for one or not",
}
