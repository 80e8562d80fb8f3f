from lianluo.web.forms import ModelForm

from .models import NoticePreference


class PreferenceForm(ModelForm):
    """本人的渠道选择。"""

    class Meta:
        model = NoticePreference
        fields = ["by_email", "by_sms"]
