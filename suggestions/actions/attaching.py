"""附件：收下、移除。内容由门卫查过，库里存随机文件名与摘要。"""
from __future__ import annotations

from django.core.files.base import ContentFile
from django.db import transaction

from lianluo.audit import record
from lianluo.documents.filenames import clean_name
from lianluo.documents.problems import FileRefused
from lianluo.documents.uploads import CleanUpload, check_attachment
from lianluo.statemachine import DomainError, NotAllowed, Stale

from ..locking import lock_case
from ..models import Attachment, Purpose, Suggestion, SuggestionStatus

#: 附件材料至多几份
MOST_MATERIALS = 5
#: 代表、录入人自己的附件，登记之前可以移除
OWN = (Purpose.MATERIAL, Purpose.ORIGINAL)
BEFORE_REGISTRATION = (
    SuggestionStatus.DRAFT, SuggestionStatus.COSIGNING, SuggestionStatus.RETURNED, SuggestionStatus.SUBMITTED,
)


@transaction.atomic
def add_attachment(suggestion: Suggestion, upload, *, purpose: str, about: str = "", actor) -> Attachment:
    """收下一个文件：查过类型、大小、内容再存。``about`` 指所属记录，如 ``activity:12``。"""
    clean = _checked(upload)
    suggestion = lock_case(suggestion.pk)
    if purpose == Purpose.MATERIAL and suggestion.attachments.filter(purpose=purpose).count() >= MOST_MATERIALS:
        raise DomainError(f"附件材料至多 {MOST_MATERIALS} 份，先移除一份再上传", field="file")
    attachment = Attachment(
        suggestion=suggestion, purpose=purpose, about=about, shown_name=clean.shown_name,
        content_type=clean.content_type, size=clean.size, sha256=clean.sha256, added_by=actor,
    )
    attachment.content.save(clean.storage_name, ContentFile(clean.content), save=False)
    attachment.save()
    record(
        "attachment.added", actor=actor, target=attachment, purpose=purpose, about=about, sha256=clean.sha256,
        size=attachment.size,
    )
    return attachment


def _checked(upload) -> CleanUpload:
    """查一份文件；不收的说出是哪一份，一次传几份也找得到。"""
    try:
        return check_attachment(upload)
    except FileRefused as refused:
        name = clean_name(getattr(upload, "name", "") or "")
        raise FileRefused(f"{name}：{refused.sentence}" if name else refused.sentence, code=refused.code) from refused


@transaction.atomic
def remove_attachment(attachment: Attachment, *, actor) -> None:
    """移除一份附件；登记之后件上的附件不再动。文件在事务成功之后才删。"""
    suggestion = lock_case(attachment.suggestion_id)
    attachment = Attachment.objects.filter(pk=attachment.pk).first()
    if attachment is None:
        raise Stale("这份附件已被移除")
    if attachment.purpose in OWN and suggestion.status not in BEFORE_REGISTRATION:
        raise NotAllowed(f"这件{suggestion.get_status_display()}，附件不能再移除")
    record("attachment.removed", actor=actor, target=attachment, sha256=attachment.sha256)
    content = attachment.content
    attachment.delete()
    transaction.on_commit(lambda: content.storage.delete(content.name))
