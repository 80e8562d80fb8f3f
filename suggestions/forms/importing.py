"""导入的表单：选文件、怎样导入。"""
from __future__ import annotations

from django import forms as django_forms

from lianluo.congresses.models import current_session
from lianluo.documents.archives import IMPORT, MB
from lianluo.web import forms
from lianluo.web.forms import RadioField

from .intake import SessionField

ALL, GOOD = "all", "good"


class UploadForm(forms.Form):
    """第 1 步：哪次会议、哪份表。文件本身由门卫查，各有各的话。"""

    session = SessionField()
    file = django_forms.FileField(
        label="建议表", allow_empty_file=True, error_messages={"required": "选择要上传的文件"},
        help_text=f".xlsx 或 .csv，{IMPORT.sent // MB} MB、两万行以内；旧版 .xls 和 WPS 的 .et 先另存为 .xlsx",
        widget=django_forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    create_deputies = django_forms.BooleanField(
        label="名册里没有的代表，导入时新建", required=False,
        help_text="不选的，名册里没有的代表按问题列出；代表团从不新建",
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].initial = current_session()


class StartForm(forms.Form):
    """第 3 步末尾：全部正确才导入，还是只导入正确的行。"""

    mode = RadioField(label="怎样导入", choices=[(ALL, "全部正确才导入"), (GOOD, "只导入正确的行")])

    def __init__(self, *args, good: int = 0, left: int = 0, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mode"].choices = [
            (ALL, "全部正确才导入"), (GOOD, f"只导入正确的 {good:,} 行，其余 {left:,} 行改好再传")
        ]
