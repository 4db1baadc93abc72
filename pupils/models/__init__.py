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
    "AccessLog",
    "AuditEvent",
    "Capacity",
    "Choice",
    "ChoiceSheet",
    "ClassGroup",
    "ClassStaff",
    "Competence",
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
    "Pupil",
    "PupilGroupPermission",
    "PupilNeedType",
    "PupilUserPermission",
    "Restriction",
    "SharingRequest",
]
