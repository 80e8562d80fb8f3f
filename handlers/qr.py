"""二维码：一段内嵌的 SVG 路径，不产生图片文件。"""
from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

BORDER = 4


def svg(text: str, label: str, size: str = "9rem") -> SafeString:
    """一枚二维码；``label`` 给读屏的人，``size`` 如 35mm。"""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=BORDER)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return format_html(
        '<svg width="{3}" height="{3}" viewBox="0 0 {0} {0}" role="img" aria-label="{1}"'
        ' shape-rendering="crispEdges"><rect width="{0}" height="{0}" fill="#ffffff"/>'
        '<path d="{2}" fill="#000000"/></svg>',
        len(rows), label, mark_safe(path), size,
    )
