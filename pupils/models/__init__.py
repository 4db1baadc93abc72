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
from .log import AccessLog, AuditEvent
from .pupil import Enrolment, Profile, Pupil, PupilNeedType

__all__ = [
    "AccessLog",
    "AuditEvent",
    "ClassGroup",
    "ClassStaff",
    "Enrolment",
    "Household",
    "InvitedTo",
    "ParentCarer",
    "Profile",
    "Pupil",
    "PupilGroupPermission",
    "PupilNeedType",
    "PupilUserPermission",
    "Restriction",
]
