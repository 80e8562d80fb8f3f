"""件的转换表：哪一步从哪里到哪里。流程图、按钮、接口都从这里取。"""
from lianluo.statemachine import Transition, transition

from .models import SuggestionStatus as S

OPEN_COSIGNING = transition("suggestion.cosigning_opened", [S.DRAFT, S.RETURNED], S.COSIGNING, "送联名代表确认")
BACK_TO_DRAFT = transition("suggestion.taken_back", [S.COSIGNING], S.DRAFT, "收回修改")
SUBMIT = transition("suggestion.submitted", [S.DRAFT, S.COSIGNING, S.RETURNED], S.SUBMITTED, "提交")
RETURN = transition("suggestion.returned", [S.SUBMITTED], S.RETURNED, "退回代表修改")
RECALL_RETURN = transition("suggestion.return_recalled", [S.RETURNED], S.SUBMITTED, "收回退回")
DECLINE = transition("suggestion.declined", [S.SUBMITTED], S.DECLINED, "不作为建议处理")
REVIEW_AGAIN = transition("suggestion.review_reopened", [S.DECLINED], S.SUBMITTED, "复核")
REGISTER = transition("suggestion.registered", [S.SUBMITTED], S.REGISTERED, "登记")
MERGE = transition("suggestion.merged", [S.REGISTERED], S.MERGED, "并案")
UNMERGE = transition("suggestion.unmerged", [S.MERGED], S.REGISTERED, "解除并案")
ASSIGN = transition("suggestion.assigned", [S.REGISTERED], S.ASSIGNED, "交办")
UNASSIGN = transition("suggestion.unassigned", [S.ASSIGNED], S.REGISTERED, "撤销交办")
START_HANDLING = transition("suggestion.handling_started", [S.ASSIGNED], S.HANDLING, "开始办理")
ALL_REPLIED = transition("suggestion.replied", [S.HANDLING, S.REHANDLING], S.REPLIED, "全部答复")
START_ROUND = transition("suggestion.rehandling_started", [S.REPLIED], S.REHANDLING, "启动再办理")
ESCALATE = transition("suggestion.escalated", [S.REPLIED], S.ESCALATED, "转协调评估")
HANDLE_AGAIN = transition("suggestion.sent_back_to_units", [S.ESCALATED], S.REHANDLING, "交单位再办")
CONCLUDE = transition("suggestion.concluded", [S.REPLIED, S.ESCALATED], S.CONCLUDED, "办结")
REOPEN = transition("suggestion.reopened", [S.CONCLUDED], S.REPLIED, "恢复办理")
WITHDRAW = transition(
    "suggestion.withdrawn",
    [S.DRAFT, S.COSIGNING, S.SUBMITTED, S.RETURNED, S.REGISTERED, S.ASSIGNED, S.HANDLING, S.REPLIED, S.REHANDLING],
    S.WITHDRAWN, "撤回",
)

TABLE: list[Transition] = [value for value in list(globals().values()) if isinstance(value, Transition)]
