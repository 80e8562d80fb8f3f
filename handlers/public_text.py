"""公开页上的字：代表对建议本身是否公开的意愿，代表的个人信息，都在这里守住。

建议全文只在代表同意时公开；只同意公开标题的，答复里引的原话也去掉；不同意公开的，标题和姓名也不出现。
"""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from suggestions.models import PublishWish, Suggestion

from . import letters, privacy
from .letter_facts import Recipient, facts_of, recipients
from .letters import Letter, Section
from .models import Reply

HIDDEN = "（已隐去）"
#: 代替引的原话；太短的条目不替换，免得换掉寻常的词
PROPOSED, SHORTEST = "所提建议", 4


def shows_title(case: Suggestion) -> bool:
    """标题能不能公开：没有写意愿的按只公开标题。"""
    return case.publish_wish != PublishWish.NONE


def shows_text(case: Suggestion) -> bool:
    """建议全文能不能公开。"""
    return case.publish_wish == PublishWish.FULL


def shows_names(case: Suggestion) -> bool:
    """代表的姓名能不能公开：要求保密身份的、不同意公开的都不出现。"""
    return shows_title(case) and not case.hides_identity


def title_of(case: Suggestion) -> str:
    """公开页上的标题；不能公开的只说编号。"""
    return case.title if shows_title(case) else f"{case.spoken_number}{case.get_kind_display()}"


def private_values(case: Suggestion, people: Iterable[Recipient]) -> list[str]:
    """代表本人的电话、地址、证号、邮箱：一个字节也不公开。"""
    found = [case.contact_phone, case.contact_wish]
    for one in people:
        found += [one.deputy.phone, one.deputy.certificate_no, one.deputy.address, one.deputy.email]
    return [value for value in dict.fromkeys(found) if len(value) > 4]


def redacted(text: str, private: Iterable[str]) -> str:
    """建议原文里的个人信息隐去；没有审定人看过原文，像住址的也隐去。"""
    for one in privacy.findings(text, private=private):
        text = text.replace(one.excerpt, HIDDEN)
    return text


def letter_of(reply: Reply, people: list[Recipient]) -> Letter:
    """公开的答复：先成文，再按公开方式，再按代表对建议的意愿。"""
    letter = letters.public_version(letters.write(facts_of(reply), people), reply)
    return by_wish(letter, reply.assignment.suggestion, people)


def by_wish(letter: Letter, case: Suggestion, people: Iterable[Recipient] = ()) -> Letter:
    """成文的公开答复，再按代表的意愿去掉不能公开的；``people`` 没有带来的，要用时再取。"""
    if not shows_text(case):
        letter = _changed(letter, lambda line: without_requests(line, case), _without_quote)
    if not shows_title(case):
        letter = _changed(letter, lambda line: _without_title(line, case.title))
    if not shows_names(case):
        names = [one.deputy.name for one in people or recipients(case)]
        letter = _changed(replace(letter, addressee=letters.NAMELESS), lambda line: _without_names(line, names))
    return letter


def _changed(letter: Letter, change, change_heading=None) -> Letter:
    """正文各行、小标题逐一改写。"""
    heading = change_heading or change
    sections = tuple(
        Section(heading(part.heading), tuple(change(line) for line in part.paragraphs)) for part in letter.sections
    )
    return replace(letter, opening=change(letter.opening), closing=change(letter.closing), sections=sections)


def _without_quote(heading: str) -> str:
    """“一、关于您提出的第1条“加固大坝””去掉引的原话。"""
    before, mark, _ = heading.partition("“")
    if not mark or "、关于" not in before:
        return heading
    return f"{before}{PROPOSED}" if before.endswith("关于") else before


def without_requests(line: str, case: Suggestion) -> str:
    """逐字引的具体建议换成“所提建议”；长的先换，短的包含在长的里也不会漏。"""
    said = (request.text.strip().rstrip("；;。，,.") for request in case.requests.all())
    for text in sorted((one for one in said if len(one) >= SHORTEST), key=len, reverse=True):
        line = re.sub(rf"“{re.escape(text)}[；;。，,.]*”", PROPOSED, line).replace(text, PROPOSED)
    return line


def _without_title(line: str, title: str) -> str:
    return line.replace(f"《{title}》", "建议").replace(title, PROPOSED)


def _without_names(line: str, names: list[str]) -> str:
    for name in names:
        line = line.replace(f"{name}代表", "代表").replace(name, "代表")
    return line
