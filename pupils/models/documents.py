"""What a setting writes about itself: its SEN information report and policies, kept in versions, and what families say.

Nothing here is about a pupil. Whatever is published can be read by anybody.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.append_only import APPEND_ONLY
from accounts.models import Record, Setting, User
from accounts.words import Words

from ..enums import DocumentKind

#: characters
LONGEST = 40_000


class Document(Record):
    """`version` is the number of its latest version; `published` the one that anybody reads, if one is.

    `open_to_families`: parent carers of the setting, and its pupils, read the latest version and say what they think.
    """

    setting = models.ForeignKey(Setting, models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=12, choices=DocumentKind)
    title = models.CharField(max_length=150)
    open_to_families = models.BooleanField(default=False)
    published = models.ForeignKey(
        "pupils.DocumentVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["kind", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published=None, published_at=None)
                | Q(published__isnull=False, published_at__isnull=False),
                name="a published document says since when",
            )
        ]

    def __str__(self) -> str:
        return self.title


class DocumentVersion(Record):
    """A document as it stood. Append-only."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=150)
    text = Words(limit=LONGEST)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint("document", "number", name="versions of a document count up")]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return _("Version %(number)s") % {"number": self.number}


class DocumentComment(Record):
    """What somebody of a family says about a version: read by its SENCO and by themselves alone. Append-only."""

    document_version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="comments")
    words = Words()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    sent_key = models.UUIDField(
        unique=True, help_text=_lazy("The form this came from: a form posted twice is one comment")
    )

    class Meta:
        ordering = ["-at"]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return self.words[:60]


class DocumentReply(Record):
    """You said, we did: what the setting makes of a comment, in its own words. The latest counts. Append-only.

    `shown`: it stands beneath the document, for whoever reads that, and says nothing of who said it.
    """

    comment = models.ForeignKey(DocumentComment, models.PROTECT, related_name="replies")
    you_said = Words(_lazy("You said"), limit=500)
    we_did = Words(_lazy("We did"))
    shown = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    sent_key = models.UUIDField(
        unique=True, help_text=_lazy("The form this came from: a form posted twice is one reply")
    )

    class Meta:
        ordering = ["-at"]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return self.we_did[:60]
