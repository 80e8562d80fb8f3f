"""拆开一页：表单、它的字段，和不该出现在我们页面里的标签。"""
from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

#: 测试客户端与演示的站点地址
OURS = {"testserver", "127.0.0.1:8000"}


@dataclass
class PageForm:
    """页面上的一张表。``values`` 是原来填着的，``texts`` 是可以打字的。"""

    method: str
    action: str
    values: list[tuple[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def filled(self, text: str) -> list[tuple[str, str]]:
        """每个打字的地方都填上这一句，其余照页面上的。"""
        return [pair for pair in self.values if pair[0] not in self.texts] + [(name, text) for name in self.texts]


class Forms(HTMLParser):
    """页面上的全部表单。"""

    TYPED = {"text", "search", "email", "tel", "url", "password", "number", "date", ""}

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[PageForm] = []
        self._open: PageForm | None = None
        self._select: str | None = None
        self._area: str | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = PageForm(given.get("method", "get").lower(), given.get("action", ""))
            self.forms.append(self._open)
        elif self._open is not None and given.get("name"):
            self._field(tag, given)
        elif self._open is not None and tag == "option" and self._select and "selected" in given:
            self._open.values.append((self._select, given.get("value", "")))

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name, kind = given["name"], given.get("type", "")
        if tag == "textarea" or (tag == "input" and kind in self.TYPED):
            self._open.texts.append(name)
        elif tag == "select":
            self._select = name
        elif tag == "input" and kind == "hidden" or kind in {"radio", "checkbox"} and "checked" in given:
            self._open.values.append((name, given.get("value", "")))

    def handle_endtag(self, tag):
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None


class Strangers(HTMLParser):
    """注进来的东西：我们自己的页面从来没有的标签与属性。"""

    NEVER = {"iframe", "base", "object", "embed", "math", "mglyph"}

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        script = tag == "script" and "src" not in given and "json" not in given.get("type", "")
        handlers = [name for name in given if name.startswith("on")]
        refresh = tag == "meta" and given.get("http-equiv", "").lower() == "refresh"
        if tag in self.NEVER or script or handlers or refresh or "style" in given or tag == "style":
            self.found.append(self.get_starttag_text() or tag)
        self.found += [f"{tag} {name}={given[name]}" for name in ("href", "src", "action", "formaction")
                       if not self._ours(given.get(name, ""))]

    def _ours(self, address: str) -> bool:
        """本站的地址、电话、邮箱、页内跳转、内嵌图片；浏览器会去掉地址里的空白，所以先去掉再看。"""
        bare = "".join(address.split()).lower()
        parts = urlsplit(bare)
        if bare.startswith("data:image/") or parts.netloc in OURS and parts.scheme in {"http", "https", ""}:
            return True
        return parts.scheme in {"", "tel", "mailto"} and not parts.netloc and not bare.startswith("/\\")
