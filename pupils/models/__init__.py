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
from .imports import Import, ImportRow, InvitedToClass
from .log import AccessLog, AuditEvent
from .pupil import Enrolment, Profile, Pupil, PupilNeedType
from .sharing import Capacity, Choice, ChoiceSheet, Competence, HandOverTalk, Override, SharingRequest

__all__ = [
    "SharingRequest",
    "Override",
    "HandOverTalk",
    "Competence",
    "ChoiceSheet",
    "Choice",
    "Capacity",
    "AccessLog",
    "AuditEvent",
    "ClassGroup",
    "ClassStaff",
    "Enrolment",
    "Household",
    "Import",
    "ImportRow",
    "InvitedTo",
    "InvitedToClass",
    "ParentCarer",
    "Profile",
    "Pupil",
    "PupilGroupPermission",
    "PupilNeedType",
    "PupilUserPermission",
    "Restriction",
]
