"""办理层的转换表：承办关系、会办意见、答复、交办会、方案。"""
from lianluo.statemachine import Transition, transition

from .models import AssignmentStatus as A
from .models import MeetingStatus, OpinionStatus, StepStatus
from .models import PlanStatus as P
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

# 方案：年度现场办理方案与一件的各种方案同一张表
SUBMIT_PLAN = transition("plan.submitted", [P.DRAFT], P.SUBMITTED, "送审定")
APPROVE_PLAN = transition("plan.approved", [P.SUBMITTED], P.APPROVED, "审定")
SEND_BACK_PLAN = transition("plan.sent_back", [P.SUBMITTED], P.DRAFT, "退回修改")
ISSUE_PLAN = transition("plan.issued", [P.APPROVED], P.ISSUED, "下发")
ASK_BUREAU = transition("plan.bureau_asked", [P.DRAFT], P.ISSUED, "请市州局协助")
VOID_PLAN = transition("plan.voided", [P.DRAFT, P.SUBMITTED, P.APPROVED, P.ISSUED], P.VOID, "作废")

# 一件的方案（民政厅）：解决方案、问题调查、整改清单
AGREE_SOLUTION = transition("solution.agreed", [P.DRAFT], P.APPROVED, "记代表同意")
REFUSE_SOLUTION = transition("solution.refused", [P.DRAFT, P.APPROVED], P.DRAFT, "记代表的意见")
CHANGE_SOLUTION = transition("solution.changed", [P.APPROVED], P.DRAFT, "改动方案")
START_SOLUTION = transition("solution.started", [P.DRAFT, P.APPROVED], P.ISSUED, "开始实施")
FINISH_SOLUTION = transition("solution.finished", [P.ISSUED], P.DONE, "问效")
START_INVESTIGATION = transition("investigation.started", [P.DRAFT], P.ISSUED, "设立问题调查")
CONCLUDE_INVESTIGATION = transition("investigation.concluded", [P.ISSUED], P.DONE, "办结问题调查")
START_RECTIFICATION = transition("rectification.started", [P.DRAFT], P.ISSUED, "开始整改")
FINISH_RECTIFICATION = transition("rectification.finished", [P.ISSUED], P.DONE, "办结整改")

# 方案的一项
FINISH_STEP = transition("step.finished", [StepStatus.OPEN], StepStatus.DONE, "报措施完成")
ANSWER_TASK = transition("step.answered", [StepStatus.OPEN], StepStatus.DONE, "登记回执")
REPORT_STEP = transition("step.reported", [StepStatus.OPEN], StepStatus.REPORTED, "报整改完成")
PASS_STEP = transition("step.passed", [StepStatus.REPORTED], StepStatus.DONE, "核验")
FAIL_STEP = transition("step.failed", [StepStatus.REPORTED], StepStatus.OPEN, "核验不通过")
RECEIVE_STEP = transition("step.receipt_entered", [StepStatus.OPEN], StepStatus.DONE, "登记回执")

TABLES: dict[str, list[Transition]] = {
    "assignment": [
        ACCEPT, ALLOT, ASK_RETURN, REFUSE_RETURN, RESUME, REASSIGN, ANSWER, NEW_ROUND, RESUBMIT_OPINION, CONCLUDE,
        REOPEN, STOP,
    ],
    "opinion": [SEND_OPINION, ASK_OPINION_AGAIN, ADOPT_OPINION],
    "reply": [SUBMIT_REPLY, PASS_CHECK, SEND_BACK, TO_SPONSOR, SIGN, DELIVER, VOID],
    "meeting": [HOLD],
    "plan": [SUBMIT_PLAN, APPROVE_PLAN, SEND_BACK_PLAN, ISSUE_PLAN, ASK_BUREAU, VOID_PLAN],
    "solution": [AGREE_SOLUTION, REFUSE_SOLUTION, CHANGE_SOLUTION, START_SOLUTION, FINISH_SOLUTION],
    "investigation": [START_INVESTIGATION, CONCLUDE_INVESTIGATION],
    "rectification": [START_RECTIFICATION, FINISH_RECTIFICATION],
    "step": [RECEIVE_STEP, FINISH_STEP, ANSWER_TASK, REPORT_STEP, PASS_STEP, FAIL_STEP],
}
