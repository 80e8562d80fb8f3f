from .activity import Activity, ActivityCase, ActivityDeputy, ActivityKind, ActivityMember, Stage
from .assignment import (
    Allotment,
    AllotmentRole,
    Assignment,
    AssignmentDue,
    AssignmentRole,
    AssignmentStatus,
    Extension,
    ReturnGround,
    ReturnRequest,
)
from .evaluation import ContactMeans, Dissatisfaction, Escalation, Evaluation, OnPoint, Satisfaction
from .meeting import AssignmentMeeting, Deferral, MeetingStatus, ProposedAssignment
from .opinion import Adoption, AssistOpinion, OpinionStatus
from .reply import (
    Approval,
    ApprovalStep,
    Delivery,
    Publication,
    Reply,
    ReplyItem,
    ReplyPromise,
    ReplyStatus,
    ReplyVersion,
)
from .rules import ResultClass
from .unit import Division, Duty, Post, Rank, Unit, UnitKind

__all__ = [
    "Activity", "ActivityCase", "ActivityDeputy", "ActivityKind", "ActivityMember", "Adoption", "Allotment",
    "AllotmentRole", "Approval", "ApprovalStep", "Assignment", "AssignmentDue", "AssignmentMeeting", "AssignmentRole",
    "AssignmentStatus", "AssistOpinion", "ContactMeans", "Deferral", "Delivery", "Dissatisfaction", "Division", "Duty",
    "Escalation", "Evaluation", "Extension", "MeetingStatus", "OnPoint", "OpinionStatus", "Post", "ProposedAssignment",
    "Publication", "Rank", "Reply", "ReplyItem", "ReplyPromise", "ReplyStatus", "ReplyVersion", "ResultClass",
    "ReturnGround", "ReturnRequest", "Satisfaction", "Stage", "Unit", "UnitKind",
]
