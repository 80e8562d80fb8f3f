"""一年的形状：各种情形出现的比例，写在一处好改。"""

from __future__ import annotations

#: 审查：不作为建议、退回修改
DECLINED, SENT_BACK = 0.012, 0.02
#: 闭会期间提出的占比（大会期间占 94%～97%）；件数少的演示至少这么多，打开就有在办的事
BETWEEN, BETWEEN_LEAST = 0.05, 40
#: 闭会期间的件里，最近一百天、最近两周提出的占比
RECENT, LATEST = 0.4, 0.35
JOINT = 0.25
#: 承办方式：独办、分办，其余主办加会办（每件两三个承办关系）
SOLE, SEPARATE = 0.22, 0.06
#: 拟交办异议、签收偏晚、申请退回与同意
OBJECTED, LATE_ACCEPT, RETURNED, RETURN_GRANTED = 0.02, 0.05, 0.05, 0.7
MERGED, WITHDRAWN = 0.02, 0.004
#: 延期、逾期答复、会办意见偏晚
EXTENDED, LATE_REPLY, LATE_OPINION = 0.01, 0.025, 0.05
#: 结果类别
CLASSES = (("A", 0.46), ("B", 0.33), ("C", 0.21))
#: 反馈率与评价
RETURNS_FORM, BY_PAPER = 0.76, 0.15
BASICALLY, DISSATISFIED, AGAIN_DISSATISFIED = 0.08, 0.035, 0.15
COSIGNER_RATES = 0.3
#: 公开
WITHHELD = 0.04
#: 销号：办结后几个工作日内申请
APPLIES = 0.9
#: 最近几天的事，留到今天还没有办的占比；最近的件里申请退回、延期的多些，等着裁决
LEFT, RETURNED_LATELY, EXTENDED_LATELY = 0.45, 0.3, 0.12


def pick(rng, table) -> str:
    """按权重取一项。"""
    return rng.choices([name for name, _ in table], [weight for _, weight in table])[0]
