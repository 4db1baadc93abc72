"""A setting's documents: written, published, talked about with its families, and taken back at once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.errors import Stale
from accounts.models import Setting, User

from . import audit, policy
from .errors import NotNow, require_same
from .models import Document, DocumentComment, DocumentReply, DocumentVersion


def _require(by: User, setting: Setting, at: datetime) -> None:
    if not policy.coordinates(by, setting, at):
        raise PermissionDenied(_("Only a SENCO of this setting can do this."))


@transaction.atomic
def write(
    *,
    setting: Setting,
    by: User,
    at: datetime,
    title: str,
    kind: str,
    text: str,
    open_to_families: bool = False,
    key: UUID | None = None,
) -> Document:
    """A new document, read by its SENCO alone until it is opened to families or published.

    The same form sent twice makes one. Raises ValidationError by field.
    """
    _require(by, setting, at)
    before = Document.objects.filter(pk=key).first() if key else None
    if before is not None:
        require_same(before, {"setting_id": setting.pk, "created_by_id": by.pk}, {})
        return before
    row = Document(
        setting=setting,
        kind=kind,
        title=title,
        open_to_families=open_to_families,
        created_by=by,
        created_at=at,
        **({"pk": key} if key else {}),
    )
    row.full_clean()
    row.save()
    _keep(row, text, by, at)
    audit.record("document written", by=by, at=at, setting=setting, of=row)
    return row


def _keep(document: Document, text: str, by: User, at: datetime) -> DocumentVersion:
    version = DocumentVersion(
        document=document, number=document.version, title=document.title, text=text, by=by, at=at
    )
    version.full_clean()
    version.save()
    return version


@transaction.atomic
def edit(
    *,
    document: Document,
    version: int,
    by: User,
    at: datetime,
    title: str,
    kind: str,
    text: str,
    open_to_families: bool,
) -> Document:
    """Keep another version; what is published stays published as it was. Raises Stale, or ValidationError by field."""
    _require(by, document.setting, at)
    now = Document.objects.select_for_update(of=("self",)).select_related("setting").get(pk=document.pk)
    said = {"title": title, "kind": kind, "text": text, "open_to_families": open_to_families}
    if now.version != version:
        raise Stale(now, said)
    latest = latest_of(now)
    if (latest.text, now.title, now.kind, now.open_to_families) == (text, title, kind, open_to_families):
        return now
    now.title, now.kind, now.open_to_families, now.version = title, kind, open_to_families, version + 1
    now.full_clean()
    now.save()
    _keep(now, text, by, at)
    audit.record("document changed", by=by, at=at, setting=now.setting, of=now, number=now.version)
    return now


@transaction.atomic
def publish(*, document: Document, version: int, by: User, at: datetime) -> None:
    """Let anybody read the latest version, which is the one that `by` has read. Raises Stale."""
    _require(by, document.setting, at)
    now = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if now.version != version:
        raise Stale(now, {})
    latest = latest_of(now)
    if now.published_id == latest.pk:
        return
    now.published, now.published_at = latest, at
    now.save(update_fields=["published", "published_at"])
    audit.record("document published", by=by, at=at, setting=document.setting, of=now, number=version)


@transaction.atomic
def unpublish(*, document: Document, by: User, at: datetime) -> None:
    """Nobody reads it without signing in any more, from the next request on."""
    _require(by, document.setting, at)
    now = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if now.published_id is None:
        return
    now.published = now.published_at = None
    now.save(update_fields=["published", "published_at"])
    audit.record("document unpublished", by=by, at=at, setting=document.setting, of=now)


@transaction.atomic
def save(
    *, document: Document, version: int, by: User, at: datetime, publish_it: bool | None = None, **said: Any
) -> None:
    """`edit`, and in the same breath `publish` what that made, or `unpublish`. Raises as they do."""
    saved = edit(document=document, version=version, by=by, at=at, **said)
    if publish_it:
        publish(document=saved, version=saved.version, by=by, at=at)
    elif publish_it is False:
        unpublish(document=saved, by=by, at=at)


@transaction.atomic
def comment(
    *, document: Document, by: User, at: datetime, words: str, sent_key: UUID, number: int | None = None
) -> DocumentComment:
    """Somebody of the setting's families says what they think of a document that is open to them.

    `number` is the version they read, the latest without it. The same form sent twice is one comment. Raises Http404
    for anybody else, NotNow where it is open no more.
    """
    if not policy.family_of(by, document.setting, at):
        raise Http404
    now = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    before = DocumentComment.objects.filter(sent_key=sent_key).select_related("document_version").first()
    if before is not None:
        require_same(before, {"by_id": by.pk}, {"words": words.strip()})
        require_same(before.document_version, {"document_id": document.pk}, {})
        return before
    if not now.open_to_families:
        raise NotNow(_("The school does not ask for comments on this now."))
    read = now.versions.filter(number=now.version if number is None else number).first()
    if read is None:
        raise ValidationError(_("This form is out of date. Open the page again."))
    row = DocumentComment(document_version=read, words=words.strip(), by=by, at=at, sent_key=sent_key)
    row.full_clean()
    row.save()
    audit.record("document commented on", by=by, at=at, setting=document.setting, of=row)
    return row


@transaction.atomic
def reply(
    *,
    comment: DocumentComment,
    by: User,
    at: datetime,
    you_said: str,
    we_did: str,
    shown: bool,
    sent_key: UUID,
) -> DocumentReply:
    """Answer a comment: what you said, what we did. The same form sent twice is one answer. Raises ValidationError."""
    setting = comment.document_version.document.setting
    _require(by, setting, at)
    Document.objects.select_for_update(of=("self",)).get(pk=comment.document_version.document_id)
    said = {"you_said": you_said.strip(), "we_did": we_did.strip(), "shown": shown}
    before = DocumentReply.objects.filter(sent_key=sent_key).first()
    if before is not None:
        require_same(before, {"by_id": by.pk, "comment_id": comment.pk}, said)
        return before
    row = DocumentReply(comment=comment, by=by, at=at, sent_key=sent_key, **said)
    row.full_clean()
    row.save()
    audit.record("document comment answered", by=by, at=at, setting=setting, of=row)
    return row


# Reading ----------------------------------------------------------------------------------------------------


def latest_of(document: Document) -> DocumentVersion:
    return document.versions.get(number=document.version)


def readable(person: policy.Person, at: datetime) -> QuerySet[Document]:
    """The documents somebody reads here: of settings that they coordinate all of them, of those of their children (or
    their own) what is open to families or published.
    """
    kept = policy.settings_coordinated(person, at).order_by().values("pk")
    family = policy.settings_of_family(person, at)
    shown = Q(open_to_families=True) | Q(published__isnull=False)
    rows = Document.objects.filter(Q(setting__in=kept) | (Q(setting__in=family) & shown))
    return rows.select_related("setting", "published").order_by("setting__name", "kind", "title")


def document_for(person: policy.Person, document_id: UUID, at: datetime) -> Document:
    """A document that somebody reads. Raises Http404."""
    row = readable(person, at).filter(pk=document_id).first()
    if row is None:
        raise Http404
    return row


def comment_for(person: policy.Person, comment_id: UUID, at: datetime) -> DocumentComment:
    """A comment on a document of a setting that somebody coordinates. Raises Http404."""
    found = DocumentComment.objects.select_related("by", "document_version__document__setting")
    kept = policy.settings_coordinated(person, at)
    row = found.filter(pk=comment_id, document_version__document__setting__in=kept).first()
    if row is None:
        raise Http404
    return row


def shown_to(document: Document, keeps: bool) -> DocumentVersion:
    """Which version somebody reads: its SENCO the latest, a family the latest where it is open to them, else what is published."""
    if keeps or document.open_to_families or document.published is None:
        return latest_of(document)
    return document.published


def comments_for(document: Document, person: User, keeps: bool) -> list[DocumentComment]:
    """The comments that somebody reads, newest first, each with its latest answer as `answer`: 2 queries."""
    rows = DocumentComment.objects.filter(document_version__document=document)
    if not keeps:
        rows = rows.filter(by=person)
    rows = rows.select_related("by", "document_version").prefetch_related(
        Prefetch("replies", DocumentReply.objects.select_related("by"))
    )
    found: list[Any] = list(rows)
    for row in found:
        row.answer = next(iter(row.replies.all()), None)
    return found


def you_said(document: Document) -> list[DocumentReply]:
    """What stands beneath a document for all its readers: the latest answer to each comment, where it is shown: 1 query."""
    return you_said_each([document]).get(document.pk, [])


def you_said_each(rows: Iterable[Document]) -> dict[UUID, list[DocumentReply]]:
    """`you_said` of several documents, by id, in one query."""
    later = DocumentReply.objects.filter(comment=OuterRef("comment")).order_by("-at", "-pk").values("pk")[:1]
    shown = DocumentReply.objects.filter(comment__document_version__document__in=list(rows), shown=True)
    found: dict[UUID, list[DocumentReply]] = {}
    latest = shown.filter(pk=Subquery(later)).select_related("comment__document_version").order_by("-at")
    for row in latest:
        found.setdefault(row.comment.document_version.document_id, []).append(row)
    return found


def published(setting_id: UUID) -> tuple[Setting, list[Document]]:
    """What anybody reads of a setting. Raises Http404 where that is nothing: then nothing is said of the setting."""
    rows = list(
        Document.objects.filter(setting=setting_id, published__isnull=False)
        .select_related("setting", "published")
        .order_by("kind", "published__title")
    )
    if not rows:
        raise Http404
    return rows[0].setting, rows


def published_one(setting_id: UUID, document_id: UUID) -> Document:
    """One of them. Raises Http404."""
    __, rows = published(setting_id)
    for row in rows:
        if row.pk == document_id:
            return row
    raise Http404
