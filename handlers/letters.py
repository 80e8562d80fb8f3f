"""答复函：一处成文，页面、打印、版本比对、公开都用它。

:func:`compose` 从库里取事实，:func:`write` 由值成文、不查库。
"""
from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from django.conf import settings

from lianluo.congresses.models import Tier
from lianluo.documents.numerals import chinese_number, date_in_letter
from suggestions.models import Deputy, Series, Suggestion

from .letter_facts import Answer, LetterFacts, Pledge, Recipient, assistants, facts_of, previous_number, recipients
from .models import Assignment, Publication, Reply

PUBLICATION_MARKS = {Publication.FULL: "同意公开", Publication.SUMMARY: "同意摘要公开", Publication.NONE: "不予公开"}
GENERAL_OFFICES = {
    Tier.PROVINCE: "省人民政府办公厅", Tier.CITY: "市人民政府办公室", Tier.COUNTY: "县人民政府办公室",
}
ENCLOSURE = "附件：代表建议办理意见表"
CLOSING = "感谢您对我们工作的关心和支持。"
HEADING_LENGTH = 60
#: 公开时不出现姓名的主送
NAMELESS = "提出建议的代表："


@dataclass(frozen=True)
class Section:
    """正文的一节。"""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Letter:
    """一封成文的答复函，全部是字。"""

    marks: tuple[str, ...]
    issuer: str
    number: str
    title: str
    addressee: str
    opening: str
    sections: tuple[Section, ...]
    closing: str
    enclosure: str
    signature: str
    dated: str
    contact: str
    copies: str

    def lines(self) -> list[str]:
        """逐段的纯文本，供版本比对与摘要。"""
        body = [line for part in self.sections for line in (part.heading, *part.paragraphs)]
        ends = [self.closing, self.enclosure, self.signature, self.dated, self.contact, self.copies]
        heads = [*self.marks, self.number, self.title, self.addressee]
        return [line for line in (*heads, *_paragraphs(self.opening), *body, *ends) if line]

    def text(self) -> str:
        return "\n".join(self.lines())

    def digest(self) -> str:
        return digest(self.text())


def digest(text: str) -> str:
    """文本摘要（SHA-256）。"""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def compose(reply: Reply, deputy: Deputy | None = None, suggestion: Suggestion | None = None) -> Letter:
    """成文。给了代表就是给他一人的信；``suggestion`` 是他为哪一件（并案件），不给取第一件。"""
    people = recipients(reply.assignment.suggestion)
    if deputy is not None:
        people = [
            one for one in people
            if one.deputy.pk == deputy.pk and (suggestion is None or one.suggestion.pk == suggestion.pk)
        ][:1]
        if not people:
            raise ValueError(f"{deputy} 不是这份答复要送的代表")
    return write(facts_of(reply), people)


def write(facts: LetterFacts, people: list[Recipient]) -> Letter:
    """由值成文：一人的信写一人，底稿写主件的全体代表。"""
    case = people[0].suggestion
    return Letter(
        marks=_marks(facts),
        issuer=facts.unit_name,
        number=facts.number,
        title=title_for(case, facts.round),
        addressee=_addressee([one for one in people if one.suggestion.pk == case.pk]),
        opening=facts.opening or default_opening(case, facts.consulted, facts.round, facts.previous_number),
        sections=tuple(_sections(facts)),
        closing=facts.closing or CLOSING,
        enclosure=ENCLOSURE,
        signature=facts.unit_name,
        dated=date_in_letter(facts.signed_on) if facts.signed_on else "",
        contact=_contact(facts),
        copies=f"抄送：{'，'.join(facts.copied_to)}。" if facts.copied_to else "",
    )


def _marks(facts: LetterFacts) -> tuple[str, ...]:
    first = f"{facts.result_class} 类" if facts.result_class else ""
    return tuple(mark for mark in (first, PUBLICATION_MARKS.get(facts.publication, "")) if mark)


def title_for(case: Suggestion, round: int = 1) -> str:
    """对湖南省第十四届人民代表大会第四次会议第0486号建议的答复；第二轮起写“再次答复”。"""
    between = "闭会期间" if case.series == Series.BETWEEN else ""
    again = "再次答复" if round > 1 else "答复"
    return f"对{case.session.name}{between}第{case.number or 0:04d}号{case.get_kind_display()}的{again}"


def default_opening(case: Suggestion, consulted: tuple[str, ...], round: int, previous: str) -> str:
    """开头的固定写法；再次答复引前文号。"""
    received = f"您提出的《{case.title}》（{case.spoken_number}）收悉。"
    together = f"经商{'、'.join(consulted)}研究" if consulted else "经研究"
    if round == 1:
        return f"{received}{together}，现答复如下："
    cited = f"我单位已于{previous}函答复。" if previous else ""
    return f"{received}{cited}根据您的意见，{together}，现再次答复如下："


def _addressee(people: list[Recipient]) -> str:
    """陈大明代表（联名：王兰、李湘）："""
    first, others = people[0], [one.deputy.name for one in people[1:]]
    joint = f"（联名：{'、'.join(others)}）" if others else ""
    return f"{first.deputy.name}代表{joint}："


def _sections(facts: LetterFacts) -> list[Section]:
    numbered = [(_heading_of(answer, len(facts.answers)), _answer_lines(answer)) for answer in facts.answers]
    numbered += [
        ("会办意见采纳情况", _paragraphs(facts.assist_note)),
        ("下一步计划和完成时限", _pledge_lines(facts.pledges)),
        ("暂不能解决的原因", _paragraphs(facts.explanation)),
    ]
    kept = [(heading, lines) for heading, lines in numbered if lines]
    return [
        Section(f"{chinese_number(place)}、{heading}", tuple(lines)) for place, (heading, lines) in enumerate(kept, 1)
    ]


def _heading_of(answer: Answer, count: int) -> str:
    if not answer.asked:
        return "办理情况"
    asked = answer.asked.strip().rstrip("。；;")
    short = asked if len(asked) <= HEADING_LENGTH else asked[:HEADING_LENGTH] + "……"
    return f"关于“{short}”" if count == 1 else f"关于您提出的第{answer.position}条“{short}”"


def _answer_lines(answer: Answer) -> list[str]:
    lines = _paragraphs(answer.text)
    if lines and answer.adoption:
        lines.insert(0, f"采纳情况：{answer.adoption}。")
    return lines


def _pledge_lines(pledges: tuple[Pledge, ...]) -> list[str]:
    return [
        f"{place}. {one.text.rstrip('。；;')}，{date_in_letter(one.due_on)}前完成，由{one.responsible}负责。"
        for place, one in enumerate(pledges, 1)
    ]


def _contact(facts: LetterFacts) -> str:
    if not (facts.contact_name or facts.contact_phone):
        return ""
    return f"（联系人：{facts.contact_name}，联系电话：{facts.contact_phone}）"


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def default_copies(assignment: Assignment) -> list[str]:
    """默认抄送：人大办事机构、政府办公厅（政府系统）、选举单位的代表工作机构、会办单位（浙江第二十五条）。"""
    case = assignment.suggestion
    office = GENERAL_OFFICES.get(case.congress.tier, "") if assignment.unit.is_government else ""
    places = dict.fromkeys(one.deputy.delegation.prefecture for one in recipients(case))
    electing = [f"{place}人大常委会代表工作机构" for place in places if place]
    return [name for name in (settings.ORGAN_NAME, office, *electing, *consulted_names(assignment)) if name]


def consulted_names(assignment: Assignment) -> tuple[str, ...]:
    """会办单位的名称。"""
    return tuple(assistants(assignment).values_list("unit_name", flat=True))


def opening_for(assignment: Assignment) -> str:
    """编辑页上预填的开头。"""
    previous = previous_number(assignment, assignment.round)
    return default_opening(assignment.suggestion, consulted_names(assignment), assignment.round, previous)


def public_letter(reply: Reply) -> Letter:
    """公开的文本。"""
    return public_version(compose(reply), reply)


def public_version(letter: Letter, reply: Reply) -> Letter:
    """信文的公开样子：摘要公开只留摘要；代表要求保密身份的不出现姓名；不带意见表。"""
    letter = replace(letter, enclosure="")
    if reply.assignment.suggestion.hides_identity:
        letter = replace(letter, addressee=NAMELESS)
    if (reply.published_as or reply.publication) != Publication.SUMMARY:
        return letter
    return replace(letter, opening="", sections=(Section("", tuple(_paragraphs(reply.summary))),), closing="")
