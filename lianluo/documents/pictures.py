"""图片：先看头里写的宽高，再重新编码。重编码去掉拍摄位置等附带信息，也切掉图片后面夹带的东西。"""
from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from .problems import FileRefused, damaged

MOST_PIXELS = 50_000_000
_FORMATS = {"png": "PNG", "jpg": "JPEG"}


def reencoded(content: bytes, kind: str) -> bytes:
    """同一种格式的干净图片；按拍摄方向摆正。``kind`` 是 png 或 jpg。"""
    wanted = _FORMATS[kind]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[wanted]) as image:
                _check_pixels(*image.size)
                return _encoded(image, wanted)
    except FileRefused:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except Exception as error:  # Pillow 对坏图片抛多种异常，都是同一件事
        raise damaged() from error


def _check_pixels(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> FileRefused:
    return FileRefused(f"图片超过 {MOST_PIXELS // 10_000:,} 万像素，缩小后再上传", code="size")


def _encoded(image: Image.Image, wanted: str) -> bytes:
    """只带像素、调色板和透明色，别的都不带。"""
    ImageOps.exif_transpose(image, in_place=True)
    transparency = image.info.get("transparency")
    image.info = {} if transparency is None else {"transparency": transparency}
    out = io.BytesIO()
    options = {"compress_level": 3} if wanted == "PNG" else {"quality": 92}
    image.save(out, wanted, **options)
    return out.getvalue()
