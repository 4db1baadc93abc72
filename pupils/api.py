"""`/api/v1/`: who I am, the pupils I may see, and who looked at their records."""

from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.files_out import jpeg
from accounts.models import Membership, User
from accounts.policy import live

from . import access, policy, profile_pictures, selectors_looks, services
from .enums import Section, Way
from .models import AccessLog, Profile, ProfilePicture, Pupil
from .rest import Keyset, PolicyFilter, PolicyPermission, PupilView, at_of, documented
from .rest_fields import UUID_TEXT, Exact, FileContent, Text, Whole, YesNo


class RoleSerializer(serializers.ModelSerializer[Membership]):
    setting = serializers.CharField(source="setting.name")
    setting_id = serializers.UUIDField()

    class Meta:
        model = Membership
        fields = ["setting_id", "setting", "role"]


class MeSerializer(serializers.ModelSerializer[User]):
    roles = RoleSerializer(many=True)

    class Meta:
        model = User
        fields = ["id", "email", "name", "known_as", "roles"]


class Me(APIView):
    """The person whose key or session this is."""

    @documented(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        person: Any = request.user
        held = person.memberships.filter(live(at_of(request))).select_related("setting")
        return Response(
            MeSerializer(
                {  # type: ignore[arg-type]
                    "id": person.pk,
                    "email": person.email,
                    "name": person.name,
                    "known_as": person.known_as,
                    "roles": list(held),
                }
            ).data
        )


class PupilSerializer(serializers.ModelSerializer[Pupil]):
    """A pupil in whose circle the person stands, which sections are open to them, and why.

    The date of birth is part of the profile. The UPN is never given.
    """

    date_of_birth = serializers.SerializerMethodField()
    sections = serializers.SerializerMethodField()
    why = serializers.SerializerMethodField()

    class Meta:
        model = Pupil
        fields = ["id", "given_name", "family_name", "known_as", "date_of_birth", "sections", "why"]

    def _sight(self, pupil: Pupil) -> policy.Sight:
        sight: policy.Sight = self.context["sights"][pupil.pk]
        return sight

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_date_of_birth(self, pupil: Pupil) -> str | None:
        return pupil.date_of_birth.isoformat() if self._sight(pupil).sees(Section.PROFILE) else None

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=Section.choices)))
    def get_sections(self, pupil: Pupil) -> list[str]:
        return [section.value for section in self._sight(pupil).sections]

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_why(self, pupil: Pupil) -> dict[str, str]:
        sight = self._sight(pupil)
        return {
            section.value: f"You can see this because {sight.because(section)}." for section in sight.sections
        }


class IdField(forms.UUIDField):
    """A UUID with its hyphens, as everywhere in the API."""

    def to_python(self, value: Any) -> Any:
        if value is not None and not UUID_TEXT.fullmatch(value):
            raise forms.ValidationError("Give the id.")
        return super().to_python(value)


class IdFilter(django_filters.UUIDFilter):
    field_class = IdField


class PupilFilters(django_filters.FilterSet):
    q = django_filters.CharFilter(method="by_name", label="The beginning of a name", max_length=80)
    setting = IdFilter(field_name="enrolments__setting", distinct=True)

    def by_name(self, pupils: QuerySet[Pupil], name: str, words: str) -> QuerySet[Pupil]:
        for word in words.split():
            starts = Q(family_name__istartswith=word) | Q(given_name__istartswith=word)
            pupils = pupils.filter(starts | Q(known_as__istartswith=word))
        return pupils


class PupilPages(Keyset):
    ordering = ("family_name", "given_name", "id")  # type: ignore[assignment]
    by_instant = False


class Pupils(ListAPIView[Pupil]):
    """The pupils in whose circle this person stands, by family name. Somebody may stand there and see no section."""

    queryset = Pupil.objects.all()
    serializer_class = PupilSerializer
    pagination_class = PupilPages
    filter_backends = [PolicyFilter, DjangoFilterBackend]
    filterset_class = PupilFilters

    @documented(responses=PupilSerializer(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        assert page is not None
        sights = policy.sights(request.user, page, at_of(request))
        return self.get_paginated_response(PupilSerializer(page, many=True, context={"sights": sights}).data)


class OnePupil(APIView):
    permission_classes = [PolicyPermission]

    @documented(responses=PupilSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """One pupil, which sections are open to this person, and why."""
        sight = access.find(request.user, pk, at_of(request))
        return Response(PupilSerializer(sight.pupil, context={"sights": {sight.pupil.pk: sight}}).data)


class ProfilePictureOut(serializers.ModelSerializer[ProfilePicture]):
    """`href` answers with a JPEG, to whoever may read the profile when they ask."""

    href = serializers.SerializerMethodField()

    class Meta:
        model = ProfilePicture
        fields = ["id", "href", "alt", "width", "height"]

    def get_href(self, row: ProfilePicture) -> str:
        return reverse("api_profile_picture", args=[row.pk])


class ProfilePictureIn(serializers.Serializer[Any]):
    """A photo or drawing as base64, what can be seen in it, and that the child chose it."""

    content = FileContent(help_text="JPEG, PNG or WebP, in base64")
    alt = Text(max_length=300)
    chosen = YesNo(required=False, default=False)


class ProfileSerializer(Exact, serializers.ModelSerializer[Profile]):
    number = Whole(min_value=0, max_value=2**31 - 1, help_text="When writing: the version it is written over")
    written_by = serializers.CharField(source="written_by.called", read_only=True)
    picture = ProfilePictureOut(read_only=True, allow_null=True)
    new_picture = ProfilePictureIn(
        write_only=True, required=False, allow_null=True, default=None, help_text="Else the one before stays"
    )
    no_picture = YesNo(write_only=True, required=False, default=False)

    class Meta:
        model = Profile
        fields = [
            "id",
            "number",
            "people_like",
            "important",
            "helps",
            "talk",
            "how_made",
            "helped",
            "picture",
            "new_picture",
            "no_picture",
            "written_by",
            "written_at",
        ]
        read_only_fields = ["id", "written_at"]


class Profiles(PupilView):
    """The versions of a one-page profile, newest first."""

    section = Section.PROFILE
    actions = {"POST": "write_profile"}

    @documented(responses=ProfileSerializer(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        kept = self.sight.pupil.profiles.select_related("written_by", "picture")[:50]
        return Response(ProfileSerializer(kept, many=True).data)

    @documented(request=ProfileSerializer, responses={201: ProfileSerializer})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        """Write the next version over version `number` (0 for none); 409 when somebody wrote one meanwhile."""
        asked = ProfileSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        sent = given.pop("new_picture", None)
        if sent:
            given |= {"picture": sent["content"], "picture_alt": sent["alt"], "chosen": sent["chosen"]}
        made = services.write_profile(pupil=self.sight.pupil, by=self.sight.person, at=self.sight.at, **given)
        return Response(ProfileSerializer(made).data, status=201)


class OneProfilePicture(APIView):
    permission_classes = [IsAuthenticated]

    @documented(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, picture_id: UUID) -> HttpResponse:
        """The picture itself, as a JPEG."""
        found = profile_pictures.picture(picture_id)
        profile_pictures.look_at(request.user, found, at_of(request), Way.API)
        return jpeg(profile_pictures.content_of(found), "profile")


class LookSerializer(serializers.ModelSerializer[AccessLog]):
    """One look: who, what they were then, which sections and why. A `preview` says through whose eyes."""

    who = serializers.CharField(source="person.called")
    who_id = serializers.UUIDField(source="person_id")
    role = serializers.SerializerMethodField()
    why = serializers.SerializerMethodField()
    seen_as = serializers.SerializerMethodField()

    class Meta:
        model = AccessLog
        fields = ["at", "who", "who_id", "role", "sections", "grounds", "why", "way", "seen_as"]

    def get_role(self, row: AccessLog) -> str:
        return selectors_looks.role(row)

    def get_why(self, row: AccessLog) -> str:
        return selectors_looks.why(row, self.context["pupil"].called)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_seen_as(self, row: AccessLog) -> str | None:
        return row.seen_as.called if row.seen_as else None


class LookFilters(django_filters.FilterSet):
    who = IdFilter(field_name="person", label="Looks of one person, by `who_id`")
    section = django_filters.ChoiceFilter(
        field_name="sections", method="of_section", choices=Section.choices, label="Looks at one section"
    )
    way = django_filters.ChoiceFilter(choices=Way.choices)

    def of_section(self, rows: QuerySet[AccessLog], name: str, section: str) -> QuerySet[AccessLog]:
        return rows.filter(sections__contains=[section])


class WhoLooked(PupilView, ListAPIView[AccessLog]):
    """Who looked at which sections, when and on what ground. A family never sees another household's looks."""

    section = Section.PROFILE
    actions = {"GET": "read_who_looked"}
    serializer_class = LookSerializer
    pagination_class = Keyset
    filter_backends = [DjangoFilterBackend]
    filterset_class = LookFilters
    queryset = AccessLog.objects.none()

    @documented(responses=LookSerializer(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        found = policy.looks_shown(self.sight).select_related("person", "seen_as")
        page = self.paginate_queryset(self.filter_queryset(found))
        assert page is not None
        page = selectors_looks.as_told(self.sight, list(page))
        context = {"pupil": self.sight.pupil}
        return self.get_paginated_response(LookSerializer(page, many=True, context=context).data)
