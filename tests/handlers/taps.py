"""一部没有脚本的手机：只会点页面上的按钮和链接、往框里写字，数一共点了几下。"""
from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser


class Page(HTMLParser):
    """页面上能点的：各表单的字段与按钮。"""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict] = []
        self.links: list[tuple[str, str]] = []
        self._form: dict | None = None
        self._button: dict | None = None
        self._link: list | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "form":
            self._form = {"action": values.get("action", ""), "method": values.get("method", "get").lower(),
                          "fields": [], "buttons": []}
            self.forms.append(self._form)
        elif tag == "a":
            self._link = [values.get("href", ""), ""]
        elif self._form is not None and tag == "input" and values.get("type") not in ("checkbox", "radio"):
            self._form["fields"].append((values.get("name", ""), values.get("value", "")))
        elif self._form is not None and tag == "input" and "checked" in values:
            self._form["fields"].append((values.get("name", ""), values.get("value", "on")))
        elif self._form is not None and tag == "textarea":
            self._form["fields"].append((values.get("name", ""), ""))
        elif self._form is not None and tag == "button":
            self._button = {"name": values.get("name", ""), "value": values.get("value", ""), "text": ""}
            self._form["buttons"].append(self._button)

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "button":
            self._button = None
        elif tag == "a" and self._link:
            self.links.append((self._link[0], self._link[1].strip()))
            self._link = None

    def handle_data(self, data):
        if self._button is not None:
            self._button["text"] += data.strip()
        if self._link is not None:
            self._link[1] += data


class Phone:
    """打开一页，一下一下地点。"""

    def __init__(self, client, path: str) -> None:
        self.client, self.path, self.taps = client, path, 0
        self._show(client.get(path, follow=True))

    def _show(self, response) -> None:
        self.status, self.text = response.status_code, unescape(response.content.decode())
        self.page = Page(response.content.decode())
        if response.redirect_chain:
            self.path = response.redirect_chain[-1][0]

    def _button(self, words: str) -> tuple[dict, dict]:
        for form in self.page.forms:
            for button in form["buttons"]:
                if button["text"] == words:
                    return form, button
        raise AssertionError(f"页面上没有“{words}”：{[b['text'] for f in self.page.forms for b in f['buttons']]}")

    def data(self, words: str, **typed) -> dict:
        """点这个按钮会交上去的东西。"""
        form, button = self._button(words)
        data: dict = {}
        for name, value in form["fields"]:
            data.setdefault(name, []).append(value)
        for name, value in typed.items():
            data[name] = value if isinstance(value, list) else [value]
        if button["name"]:
            data[button["name"]] = [button["value"]]
        return {name: values if len(values) > 1 else values[0] for name, values in data.items()}

    def tap(self, words: str, **typed) -> Phone:
        """点一个按钮；``typed`` 是先写进框里的字、先勾上的项（勾一项也算一下）。"""
        form, _ = self._button(words)
        self.taps += 1 + sum(len(value) for value in typed.values() if isinstance(value, list))
        self._show(self.client.post(form["action"] or self.path, self.data(words, **typed), follow=True))
        return self

    def follow(self, words: str) -> Phone:
        """点一个链接。"""
        href = next(href for href, text in self.page.links if text == words)
        self.taps, self.path = self.taps + 1, href
        self._show(self.client.get(href, follow=True))
        return self

    def rate(self, *marks: str) -> Phone:
        """答三问。"""
        labels = {"satisfied": "满意", "basically": "基本满意", "dissatisfied": "不满意"}
        for mark in marks:
            self.tap(labels[mark])
        return self

    @property
    def heading(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.text, re.S)
        return re.sub(r"<[^>]+>", "", found.group(1)).strip() if found else ""
