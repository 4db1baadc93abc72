from .circle import (
    ClassGroup,
    ClassStaff,
    Household,
    InvitedTo,
    ParentCarer,
    PupilGroupPermission,
    PupilUserPermission,
    Restriction,
)
from .documents import Document, DocumentComment, DocumentReply, DocumentVersion
from .imports import Import, ImportRow, InvitedToClass
from .log import AccessLog, AuditEvent
from .pupil import Enrolment, Profile, ProfilePicture, Pupil, PupilNeedType
from .sharing import Capacity, Choice, ChoiceSheet, Competence, HandOverTalk, Override, SharingRequest

__all__ = [
    "AccessLog",
    "AuditEvent",
    "Capacity",
    "Choice",
    "ChoiceSheet",
    "ClassGroup",
    "ClassStaff",
    "Competence",
    "Document",
    "DocumentComment",
    "DocumentReply",
    "DocumentVersion",
    "Enrolment",
    "HandOverTalk",
    "Household",
    "Import",
    "ImportRow",
    "InvitedTo",
    "InvitedToClass",
    "Override",
    "ParentCarer",
    "Profile",
    "ProfilePicture",
    "Pupil",
    "PupilGroupPermission",
    "PupilNeedType",
    "PupilUserPermission",
    "Restriction",
    "SharingRequest",
]
