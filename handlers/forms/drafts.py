"""草稿表：存的时候可以空着，办的时候要齐。"""
from __future__ import annotations

from lianluo.web.forms import Form


class DraftForm(Form):
    """NEEDED 里的各项存草稿时不强求，但页面上不标“选填”，免得人以为一直可以空着。"""

    NEEDED: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._mark_needed(True)

    def full_clean(self) -> None:
        self._mark_needed(False)
        super().full_clean()
        self._mark_needed(True)

    def _mark_needed(self, needed: bool) -> None:
        for name in self.NEEDED:
            self.fields[name].required = needed
