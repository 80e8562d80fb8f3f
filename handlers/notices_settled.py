"""办理层请人办的通知各由什么事办掉。"""
from __future__ import annotations

from lianluo.notices.settling import settled_by


def _assignment(target) -> str:
    """承办关系，或挂在它上面的答复、会办意见、延期申请。"""
    return f"assignment:{getattr(target, 'assignment_id', target.pk)}"


settled_by("assignment.accepted", "assignment.reassigned", "assignment.stopped",
           kinds=("assignment.made",), about=_assignment)
settled_by("assignment.answered", "assignment.reassigned", "assignment.stopped",
           kinds=("assignment.allotted", "assignment.round_started"), about=_assignment)
settled_by("assignment.return_refused", "assignment.reassigned", "assignment.stopped",
           kinds=("assignment.return_requested",), about=_assignment)
settled_by("extension.granted", "extension.refused", kinds=("extension.requested",), about=_assignment)
settled_by("opinion.handed_in", "opinion.sent", kinds=("opinion.asked_again", "opinion.urged"), about=_assignment)
settled_by("opinion.sent", kinds=("opinion.handed_in",), about=_assignment)
settled_by("reply.submitted", kinds=("reply.sent_back", "opinion.sent"), about=_assignment)
settled_by("reply.step_agreed", "reply.signed", "reply.sent_back", "reply.approval_delegated",
           kinds=("reply.to_approve",), about=lambda reply: f"reply:{reply.pk}")
settled_by("reply.delivered", "reply.voided", kinds=("reply.signed",), about=_assignment)
settled_by("reply.published", "reply.withheld", kinds=("reply.delivered",), about=_assignment)
settled_by("evaluation.submitted", kinds=("reply.delivered_to_deputy", "evaluation.urged"),
           about=lambda evaluation: f"delivery:{evaluation.delivery_id}")
settled_by("proposal.upheld", "proposal.changed", kinds=("proposal.objected",),
           about=lambda proposal: f"proposal:{proposal.pk}")
settled_by("escalation.settled", kinds=("suggestion.escalated",),
           about=lambda escalation: f"suggestion:{escalation.suggestion_id}")
