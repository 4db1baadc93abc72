"""`/api/v1/`: a setting's documents, what families say of them, and what anybody reads."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from . import documents, policy
from .enums import DocumentKind
from .models import Document, DocumentComment, DocumentReply
from .rest import SettingView, documented
from .rest_fields import Choice, Id, Text, Whole, YesNo
from .views_documents import too_fast

Shape = serializers.Serializer[Any]


class DocumentIn(Shape):
    sent_key = Id(required=False, source="key", help_text="Of your making; the same key sent twice is one")
    title = Text(max_length=150)
    kind = Choice(choices=DocumentKind.choices)
    text = Text(max_length=40_000)
    open_to_families = YesNo(default=False)


class DocumentChange(DocumentIn):
    """`publish`: let anybody read what this makes of it; false: nobody any more. Left out, that stays as it is."""

    sent_key = None  # type: ignore[assignment]
    version = Whole(min_value=1)
    open_to_families = YesNo()
    publish = YesNo(required=False)


class DocumentOut(serializers.ModelSerializer[Document]):
    """`published_version` is the number of the version that anybody reads, or null."""

    published_version = serializers.IntegerField(source="published.number", default=None, allow_null=True)

    class Meta:
        model = Document
        fields = ["id", "version", "kind", "title", "open_to_families", "published_version", "published_at"]


class DocumentWhole(DocumentOut):
    """With the text of the version that this person reads, and its number as `read_version`."""

    title = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()
    read_version = serializers.SerializerMethodField()

    class Meta(DocumentOut.Meta):
        fields = [*DocumentOut.Meta.fields, "text", "read_version"]

    def get_title(self, row: Document) -> str:
        return str(self.context["shown"].title)

    def get_text(self, row: Document) -> str:
        return str(self.context["shown"].text)

    def get_read_version(self, row: Document) -> int:
        return int(self.context["shown"].number)


class Documents(SettingView):
    """Its SENCO reads and writes all; families of the setting read what is open to them or published."""

    def reads(self, setting: Any) -> bool:
        return super().reads(setting) or policy.family_of(self.person, setting, self.at)

    @documented(responses=DocumentOut(many=True))
    def get(self, request: Request, setting_id: UUID) -> Response:
        rows = documents.readable(self.person, self.at).filter(setting=self.setting)
        return Response(DocumentOut(rows, many=True).data)

    @documented(request=DocumentIn, responses={201: DocumentOut})
    def post(self, request: Request, setting_id: UUID) -> Response:
        asked = DocumentIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = documents.write(setting=self.setting, by=self.person, at=self.at, **asked.validated_data)
        return Response(DocumentOut(made).data, status=201)


class OneDocument(SettingView):
    def _answer(self, pk: UUID) -> Response:
        row = documents.document_for(self.person, pk, self.at)
        shown = documents.shown_to(row, policy.coordinates(self.person, row.setting, self.at))
        return Response(DocumentWhole(row, context={"shown": shown}).data)

    @documented(responses=DocumentWhole)
    def get(self, request: Request, document_id: UUID) -> Response:
        return self._answer(document_id)

    @documented(request=DocumentChange, responses=DocumentWhole)
    def patch(self, request: Request, document_id: UUID) -> Response:
        """Keep another version, and publish it or stop publishing."""
        row = documents.document_for(self.person, document_id, self.at)
        asked = DocumentChange(data=request.data)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        publish = given.pop("publish", None)
        documents.save(document=row, publish_it=publish, by=self.person, at=self.at, **given)
        return self._answer(document_id)


class DocumentCommentIn(Shape):
    sent_key = Id(help_text="Of your making; the same key sent twice is one comment")
    words = Text(max_length=2000)


class DocumentReplyIn(Shape):
    """`shown`: it stands beneath the document for whoever reads that."""

    sent_key = Id(help_text="Of your making; the same key sent twice is one answer")
    you_said = Text(max_length=500)
    we_did = Text(max_length=2000)
    shown = YesNo(default=False)


class DocumentReplyOut(serializers.ModelSerializer[DocumentReply]):
    class Meta:
        model = DocumentReply
        fields = ["id", "at", "you_said", "we_did", "shown"]


class DocumentCommentOut(serializers.ModelSerializer[DocumentComment]):
    by = Text(source="by.called")
    about_version = serializers.IntegerField(source="document_version.number")
    answer = serializers.SerializerMethodField()

    class Meta:
        model = DocumentComment
        fields = ["id", "at", "by", "about_version", "words", "answer"]

    def get_answer(self, row: Any) -> dict[str, Any] | None:
        latest = next(iter(row.replies.all()), None)
        return dict(DocumentReplyOut(latest).data) if latest else None


class DocumentComments(SettingView):
    @documented(responses=DocumentCommentOut(many=True))
    def get(self, request: Request, document_id: UUID) -> Response:
        """What families said of it: all of it to its SENCO, to anybody else their own."""
        row = documents.document_for(self.person, document_id, self.at)
        keeps = policy.coordinates(self.person, row.setting, self.at)
        return Response(DocumentCommentOut(documents.comments_for(row, self.person, keeps), many=True).data)

    @documented(request=DocumentCommentIn, responses={201: DocumentCommentOut})
    def post(self, request: Request, document_id: UUID) -> Response:
        row = documents.document_for(self.person, document_id, self.at)
        asked = DocumentCommentIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = documents.comment(document=row, by=self.person, at=self.at, **asked.validated_data)
        return Response(DocumentCommentOut(made).data, status=201)


class AnswerComment(SettingView):
    @documented(request=DocumentReplyIn, responses={201: DocumentReplyOut})
    def post(self, request: Request, comment_id: UUID) -> Response:
        """You said, we did."""
        row = documents.comment_for(self.person, comment_id, self.at)
        asked = DocumentReplyIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = documents.reply(comment=row, by=self.person, at=self.at, **asked.validated_data)
        return Response(DocumentReplyOut(made).data, status=201)


class PublishedOut(Shape):
    """A document as anybody reads it; `you_said` are the answers that the setting shows beneath it."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    title = serializers.CharField(source="published.title")
    text = serializers.CharField(source="published.text")
    published_at = serializers.DateTimeField()
    you_said = serializers.SerializerMethodField()

    def get_you_said(self, row: Document) -> list[dict[str, str]]:
        return [
            {"you_said": one.you_said, "we_did": one.we_did} for one in self.context["said"].get(row.pk, [])
        ]


class Published(APIView):
    """What a setting shows to anybody, without a token: nothing of a pupil is in it."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []

    @documented(responses=PublishedOut(many=True), auth=[])
    def get(self, request: Request, setting_id: UUID) -> Response:
        if too_fast(request._request):
            raise Throttled(wait=60)
        __, rows = documents.published(setting_id)
        context = {"said": documents.you_said_each(rows)}
        return Response(PublishedOut(rows, many=True, context=context).data)
