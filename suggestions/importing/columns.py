"""导入表的列：与导出同一组键（suggestions/exporting.py），这里再加别名、必需与否和模板里的说明。"""
from __future__ import annotations

from dataclasses import dataclass

from lianluo.documents.headings import Column
from lianluo.documents.workbooks import SheetColumn

from .. import columns as registry
from ..models import PublishWish, SuggestionKind

KINDS = {label: code for code, label in SuggestionKind.choices}
WISHES = {
    **{label: code for code, label in PublishWish.choices},
    "是": PublishWish.FULL, "同意": PublishWish.FULL, "同意公开": PublishWish.FULL, "全文公开": PublishWish.FULL,
    "仅公开标题": PublishWish.TITLE, "公开标题": PublishWish.TITLE, "同意公开标题": PublishWish.TITLE,
    "否": PublishWish.NONE, "不同意": PublishWish.NONE, "不公开": PublishWish.NONE,
}
#: 只出现在导出里、再导入时不读的列
VIEW_ONLY = ("分类", "状态", "最近时限")
#: 已有的件，这几格空着就沿用原来的
KEPT_WHEN_BLANK = ("number", "certificate", "phone", "submitted_on", "kind", "requests")
LINE, SORT = "line_no", "sort"


@dataclass(frozen=True)
class Field:
    """一列：键、列名、别名、是否必须有这一列、模板里的宽度、说明、代码表、类型。"""

    key: str
    heading: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    width: int = 14
    note: str = ""
    choices: str = ""
    kind: str = "text"


FIELDS = (
    Field("number", "编号", ("建议编号", "建议号"), width=8,
          note="已有编号的写 0486、闭0007、议转0012，导入后即为已登记；没有的留空，导入后待审查"),
    Field("title", "标题", ("建议标题", "题目", "案由"), True, 40, "关于……的建议，200 字以内"),
    Field("deputy", "领衔代表", ("代表姓名", "领衔代表姓名", "领衔人"), True, 12, "只写一人"),
    Field("certificate", "代表证号", ("领衔代表证号", "证号"), width=14,
          note="有证号的按证号认人，没有的按姓名和代表团"),
    Field("delegation", "代表团", ("所在代表团",), True, 14, "写全称，如 长沙代表团", "代表团"),
    Field("cosigners", "联名代表", ("附议代表", "附议人", "联名人"), width=24,
          note="用顿号分开；重名的写成 贺景（HN140002）或 贺景（长沙代表团）"),
    Field("phone", "联系电话", ("手机", "手机号", "手机号码", "电话"), width=16, note="留空时用名册里的电话"),
    Field("submitted_on", "提交日期", ("提出日期", "收到日期"), width=12, note="如 2026-01-25；留空按导入当天",
          kind="date"),
    Field("kind", "形式", (), width=8, note="留空按建议", choices="形式"),
    Field("body", "内容", ("正文", "建议内容"), True, 60, "情况和问题，可以连同具体建议"),
    Field("requests", "具体建议", (), width=40, note="一条一行，前面写 1. 2. 3.；留空时从内容的“建议：”以下分条"),
    Field("wished_units", "希望承办单位", ("建议承办单位",), width=24, note="至多三个，用顿号分开"),
    Field("publish_wish", "同意公开", ("是否公开", "是否同意公开", "公开意愿"), width=14, choices="同意公开"),
    Field("note", "备注", (), width=20),
    Field("_id", "_id"),
    Field("_rev", "_rev"),
)
LABELS = {field.key: field.heading for field in FIELDS}
#: 一行的内容由这些列组成（不含编号、序号与内部号），行摘要由它们算出
CONTENT = tuple(field.key for field in FIELDS if field.key not in ("number", "_id", "_rev"))


def wanted() -> list[Column]:
    """读表时要找的列；序号与只供查看的列认得，但不取。"""
    own = [Column(field.key, field.heading, field.aliases, field.required) for field in FIELDS]
    shown = [Column(f"view:{label}", label) for label in (*VIEW_ONLY, *(extra.label for extra in registry.extras()))]
    return [*own, Column(LINE, "序号"), Column(SORT, "类别"), *shown]


def template() -> list[SheetColumn]:
    """空白模板的列：次序同导出，不带内部号。"""
    return [
        SheetColumn(field.key, field.heading, field.width, field.kind, field.note, field.choices)
        for field in FIELDS if not field.key.startswith("_")
    ]
