from .activity import (
    CONCLUSIONS,
    CONTACT_KINDS,
    CONTACTS,
    FACE_TO_FACE,
    SERVICES,
    Activity,
    ActivityCase,
    ActivityDeputy,
    ActivityKind,
    ActivityMember,
    Agreement,
    Answer,
    Conclusion,
    Expert,
    Matter,
    Organ,
    Stage,
)
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
from .outcome import Outcome, OutcomeKind, OutcomeStage
from .plan import Plan, PlanKind, PlanRecord, PlanStatus, PlanStep, RecordKind, StepStatus
from .policy import CampaignTag, PolicyScope, Regulation, UnitPolicy, Waiver, WorkStage
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
from .serving import Column, ColumnArticle, DeputyMessage, PostArea
from .sheet import HandlingSheet, Nature, PolicyMaking, Way
from .unit import Division, Duty, Post, Rank, Unit, UnitKind

__all__ = [
    "Activity", "ActivityCase", "ActivityDeputy", "ActivityKind", "ActivityMember", "Adoption", "Agreement",
    "Allotment", "AllotmentRole", "Answer", "Approval", "ApprovalStep", "Assignment", "AssignmentDue",
    "AssignmentMeeting", "AssignmentRole", "AssignmentStatus", "AssistOpinion", "CONCLUSIONS", "CONTACTS",
    "CONTACT_KINDS", "CampaignTag", "Column", "ColumnArticle", "Conclusion", "ContactMeans", "Deferral", "Delivery",
    "DeputyMessage", "Dissatisfaction", "Division", "Duty", "Escalation", "Evaluation", "Expert", "Extension",
    "FACE_TO_FACE", "HandlingSheet", "Matter", "MeetingStatus", "Nature", "OnPoint", "OpinionStatus", "Organ",
    "Outcome", "OutcomeKind", "OutcomeStage", "Plan", "PlanKind", "PlanRecord", "PlanStatus", "PlanStep",
    "PolicyMaking", "PolicyScope", "Post", "PostArea", "ProposedAssignment", "Publication", "Rank", "RecordKind",
    "Regulation", "Reply", "ReplyItem", "ReplyPromise", "ReplyStatus", "ReplyVersion", "ResultClass",
    "ReturnGround", "ReturnRequest", "SERVICES", "Satisfaction", "Stage", "StepStatus", "Unit", "UnitKind",
    "UnitPolicy", "Waiver", "Way", "WorkStage",
]
