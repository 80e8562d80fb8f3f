"""办理层的转换表：承办关系、会办意见、答复、交办会。"""
from lianluo.statemachine import Transition, transition

from .models import AssignmentStatus as A
from .models import MeetingStatus, OpinionStatus
from .models import ReplyStatus as R

# 承办关系
ACCEPT = transition("assignment.accepted", [A.PENDING], A.ACCEPTED, "签收")
ALLOT = transition("assignment.allotted", [A.ACCEPTED], A.HANDLING, "分派处室")
ASK_RETURN = transition(
    "assignment.return_requested", [A.PENDING, A.ACCEPTED, A.HANDLING], A.RETURN_REQUESTED, "申请退回"
)
REFUSE_RETURN = transition("assignment.return_refused", [A.RETURN_REQUESTED], A.ACCEPTED, "不同意退回")
RESUME = transition("assignment.resumed", [A.ACCEPTED], A.HANDLING, "恢复原分派")
REASSIGN = transition(
    "assignment.reassigned", [A.PENDING, A.ACCEPTED, A.RETURN_REQUESTED, A.HANDLING], A.REASSIGNED, "改办"
)
ANSWER = transition("assignment.answered", [A.HANDLING], A.ANSWERED, "答复")
NEW_ROUND = transition("assignment.round_started", [A.ANSWERED, A.CONCLUDED], A.HANDLING, "再办理")
RESUBMIT_OPINION = transition("assignment.opinion_asked_again", [A.ANSWERED], A.HANDLING, "重提会办意见")
CONCLUDE = transition("assignment.concluded", [A.ANSWERED], A.CONCLUDED, "办结")
REOPEN = transition("assignment.reopened", [A.CONCLUDED], A.ANSWERED, "恢复办理")
STOP = transition(
    "assignment.stopped",
    [A.PENDING, A.ACCEPTED, A.RETURN_REQUESTED, A.HANDLING, A.ANSWERED], A.CONCLUDED, "终止办理",
)

# 会办意见
SEND_OPINION = transition(
    "opinion.sent", [OpinionStatus.DRAFT, OpinionStatus.RESUBMIT], OpinionStatus.SENT, "送主办单位"
)
ASK_OPINION_AGAIN = transition(
    "opinion.asked_again", [OpinionStatus.SENT, OpinionStatus.ADOPTED], OpinionStatus.RESUBMIT, "要求重提"
)
ADOPT_OPINION = transition("opinion.adopted", [OpinionStatus.SENT], OpinionStatus.ADOPTED, "处理会办意见")

# 答复
SUBMIT_REPLY = transition("reply.submitted", [R.DRAFT], R.CHECKING, "送审")
PASS_CHECK = transition("reply.checked", [R.CHECKING], R.REVIEWING, "核稿通过")
SEND_BACK = transition(
    "reply.sent_back", [R.CHECKING, R.REVIEWING, R.SPONSOR_REVIEW], R.DRAFT, "退回修改"
)
TO_SPONSOR = transition("reply.sponsor_asked", [R.REVIEWING], R.SPONSOR_REVIEW, "送领办领导审核")
SIGN = transition("reply.signed", [R.REVIEWING, R.SPONSOR_REVIEW], R.SIGNED, "签发")
DELIVER = transition("reply.delivered", [R.SIGNED], R.DELIVERED, "送达")
VOID = transition("reply.voided", [R.SIGNED], R.VOID, "作废")

# 交办会
HOLD = transition("meeting.held", [MeetingStatus.PREPARING], MeetingStatus.HELD, "交办")

TABLES: dict[str, list[Transition]] = {
    "assignment": [
        ACCEPT, ALLOT, ASK_RETURN, REFUSE_RETURN, RESUME, REASSIGN, ANSWER, NEW_ROUND, RESUBMIT_OPINION, CONCLUDE,
        REOPEN, STOP,
    ],
    "opinion": [SEND_OPINION, ASK_OPINION_AGAIN, ADOPT_OPINION],
    "reply": [SUBMIT_REPLY, PASS_CHECK, SEND_BACK, TO_SPONSOR, SIGN, DELIVER, VOID],
    "meeting": [HOLD],
}
