/* 查找框：按名称、简称、拼音首字母找。没有它时是普通的下拉框或文本框。 */
(function () {
  "use strict";

  var MOST = 30;
  var WAIT = 200;
  var SEPARATOR = /[、，,;；\n]/;
  var serial = 0;

  function plain(text) { return (text || "").normalize("NFKC").toLowerCase().replace(/\s+/g, ""); }

  /* 数越小越靠前；不合返回 -1。 */
  function score(item, query) {
    var names = [item.label, item.short, item.full, item.initials, item.pinyin, item.code].map(plain);
    var begins = names.findIndex(function (name) { return name && name.indexOf(query) === 0; });
    if (begins >= 0) { return begins; }
    var inside = names.slice(0, 5).findIndex(function (name) { return name && name.indexOf(query) > 0; });
    if (inside >= 0) { return 10 + inside; }
    return query.length > 1 && names.slice(0, 3).some(function (name) { return inOrder(name, query); }) ? 20 : -1;
  }

  /* 简写：各字依次都有，如“发改委”之于“省发展改革委”。 */
  function inOrder(name, query) {
    var from = 0;
    return Array.from(query).every(function (letter) { from = name.indexOf(letter, from) + 1; return from > 0; });
  }

  function matching(items, query) {
    var wanted = plain(query);
    if (!wanted) { return items.slice(0, MOST); }
    return items
      .map(function (item, index) { return { item: item, order: score(item, wanted), index: index }; })
      .filter(function (found) { return found.order >= 0; })
      .sort(function (one, other) { return one.order - other.order || one.index - other.index; })
      .slice(0, MOST)
      .map(function (found) { return found.item; });
  }

  /* ── 列表：按 WAI-ARIA combobox 的写法 ── */
  function Combobox(input, source, pick) {
    this.input = input;
    this.source = source;
    this.pick = pick;
    this.items = [];
    this.active = -1;
    this.list = document.createElement("ul");
    this.list.className = "typeahead-list";
    this.list.id = "typeahead-" + (serial += 1);
    this.list.setAttribute("role", "listbox");
    this.list.hidden = true;
    input.insertAdjacentElement("afterend", this.list);
    this.dress();
    this.listen();
  }

  Combobox.prototype.dress = function () {
    var input = this.input;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("autocomplete", "off");
  };

  Combobox.prototype.listen = function () {
    var self = this;
    this.input.addEventListener("input", function () { self.search(); });
    this.input.addEventListener("focus", function () { if (self.openOnFocus) { self.search(); } });
    this.input.addEventListener("keydown", function (event) { self.key(event); });
    this.input.addEventListener("blur", function () { window.setTimeout(function () { self.leave(); }, 150); });
    this.list.addEventListener("mousedown", function (event) {
      var option = event.target.closest("[role=option]");
      event.preventDefault();
      if (option) { self.choose(Number(option.dataset.index)); }
    });
  };

  /* 手快的已经回到这一格，不收。 */
  Combobox.prototype.leave = function () {
    if (document.activeElement !== this.input) { this.close(); }
  };

  Combobox.prototype.search = function () {
    var self = this;
    this.source(this.input.value, function (items) { self.show(items); });
  };

  Combobox.prototype.show = function (items) {
    var list = this.list;
    this.items = items;
    list.textContent = "";
    items.forEach(function (item, index) { list.appendChild(row(list.id, item, index)); });
    if (!items.length) { list.appendChild(none()); }
    list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark(items.length && this.input.value ? 0 : -1);
  };

  function row(id, item, index) {
    var option = document.createElement("li");
    option.id = id + "-" + index;
    option.className = "typeahead-option";
    option.setAttribute("role", "option");
    option.dataset.index = index;
    option.appendChild(document.createElement("span")).textContent = item.label;
    if (item.note) {
      var note = option.appendChild(document.createElement("span"));
      note.className = "typeahead-note";
      note.textContent = item.note;
    }
    return option;
  }

  function none() {
    var line = document.createElement("li");
    line.className = "typeahead-none";
    line.textContent = "没有合得上的，换名称、简称或拼音首字母再找";
    return line;
  }

  Combobox.prototype.mark = function (index) {
    var options = this.list.querySelectorAll("[role=option]");
    this.active = index;
    Array.from(options).forEach(function (option, place) {
      option.setAttribute("aria-selected", place === index ? "true" : "false");
    });
    if (options[index]) {
      this.input.setAttribute("aria-activedescendant", options[index].id);
      options[index].scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  };

  Combobox.prototype.key = function (event) {
    if (event.isComposing || event.keyCode === 229) { return; }
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (this.list.hidden) { this.search(); } else { this.mark(Math.min(Math.max(this.active + step, 0), this.items.length - 1)); }
    } else if (event.key === "Enter" && !this.list.hidden && this.active >= 0 && !event.ctrlKey) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Tab" && !this.list.hidden && this.active >= 0 && this.input.value) {
      this.choose(this.active);
    }
  };

  Combobox.prototype.choose = function (index) {
    if (!this.items[index]) { return; }
    this.pick(this.items[index]);
    this.close();
  };

  Combobox.prototype.close = function () {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  };

  /* ── 下拉框变查找框 ── */
  function fromOption(option) {
    var data = option.dataset;
    return { value: option.value, label: option.text, short: data.short, full: data.full, initials: data.initials, pinyin: data.pinyin, note: data.note, code: data.code, option: option };
  }

  function enhanceSelect(select) {
    var items = Array.from(select.options).filter(function (option) { return option.value; }).map(fromOption);
    var box = document.createElement("div");
    var input = document.createElement("input");
    box.className = "typeahead";
    input.type = "text";
    input.className = "input";
    input.id = select.id + "_search";
    ["aria-describedby", "aria-invalid"].forEach(function (name) {
      if (select.hasAttribute(name)) { input.setAttribute(name, select.getAttribute(name)); }
    });
    window.lianluo.all('label[for="' + select.id + '"]').forEach(function (label) { label.htmlFor = input.id; });
    select.insertAdjacentElement("beforebegin", box);
    box.appendChild(input);
    select.hidden = true;
    var setUp = select.multiple ? several : one;
    setUp(select, items, input, box);
  }

  function announce(select) {
    select.dispatchEvent(new Event("input", { bubbles: true }));
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function one(select, items, input) {
    function show() {
      var option = select.selectedOptions[0];
      input.value = option && option.value ? option.text : "";
    }
    var box = new Combobox(input, function (query, done) {
      done(matching(items, query === shown() ? "" : query));
    }, function (item) { select.value = item.value; show(); announce(select); });
    function shown() { return select.selectedOptions[0] ? select.selectedOptions[0].text : ""; }
    box.openOnFocus = true;
    input.addEventListener("focus", function () { input.select(); });
    input.addEventListener("blur", function () { window.setTimeout(keepOrDrop, 200); });
    function keepOrDrop() {
      if (document.activeElement === input) { return; }
      if (!input.value.trim() && select.value) { select.value = ""; announce(select); }
      show();
    }
    select.addEventListener("lianluo:filled", show);
    show();
  }

  function several(select, items, input, box) {
    var picked = document.createElement("div");
    picked.className = "picked";
    box.insertAdjacentElement("beforebegin", picked);
    function draw() {
      picked.textContent = "";
      items.filter(function (item) { return item.option.selected; }).forEach(function (item) {
        picked.appendChild(chip(item, function () { item.option.selected = false; draw(); announce(select); input.focus(); }));
      });
    }
    var combobox = new Combobox(input, function (query, done) {
      done(matching(items.filter(function (item) { return !item.option.selected; }), query));
    }, function (item) { item.option.selected = true; input.value = ""; draw(); announce(select); });
    combobox.openOnFocus = true;
    select.addEventListener("lianluo:filled", draw);
    draw();
  }

  function chip(item, remove) {
    var box = document.createElement("span");
    var button = document.createElement("button");
    box.className = "picked-one";
    box.appendChild(document.createElement("span")).textContent = item.label;
    button.type = "button";
    button.textContent = "×";
    button.setAttribute("aria-label", "去掉" + item.label);
    button.addEventListener("click", remove);
    box.appendChild(button);
    return box;
  }

  /* ── 文本框：候选来自页内 JSON 或网址；可以写候选之外的字 ── */
  function wrap(input) {
    var box = document.createElement("div");
    box.className = "typeahead";
    input.insertAdjacentElement("beforebegin", box);
    box.appendChild(input);
    input.classList.add("input");
  }

  function lastPart(input) {
    return input.hasAttribute("data-several") ? input.value.split(SEPARATOR).pop() : input.value;
  }

  function put(input, item) {
    var text = item.text || item.label;
    if (input.hasAttribute("data-several")) {
      var parts = input.value.split(SEPARATOR).slice(0, -1).map(function (part) { return part.trim(); }).filter(Boolean);
      input.value = parts.concat(text).join("、") + "、";
    } else { input.value = text; }
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function enhanceInput(input) {
    wrap(input);
    var quiet = false;
    var source = input.dataset.typeaheadUrl ? remote(input) : local(input);
    var box = new Combobox(input, function (query, done) {
      if (quiet) { return; }
      source(lastPart(input), done);
    }, function (item) { quiet = true; put(input, item); quiet = false; });
    box.openOnFocus = false;
  }

  function local(input) {
    var items = JSON.parse(document.getElementById(input.dataset.typeahead).textContent);
    return function (query, done) { if (plain(query)) { done(matching(items, query)); } };
  }

  function remote(input) {
    var timer = null;
    var asked = 0;
    return function (query, done) {
      window.clearTimeout(timer);
      if (!plain(query)) { return; }
      timer = window.setTimeout(function () {
        var mine = (asked += 1);
        var url = input.dataset.typeaheadUrl;
        fetch(url + (url.indexOf("?") < 0 ? "?" : "&") + "q=" + encodeURIComponent(query.trim()), { credentials: "same-origin" })
          .then(function (answer) { return answer.ok ? answer.json() : []; })
          .then(function (found) { if (mine === asked) { done((found.results || found).slice(0, MOST)); } })
          .catch(function () { /* 取不到候选时照常手写 */ });
      }, WAIT);
    };
  }

  function prepare(scope) {
    window.lianluo.all("select[data-typeahead]:not([hidden])", scope).forEach(enhanceSelect);
    window.lianluo.all("input[data-typeahead]:not([role]), input[data-typeahead-url]:not([role])", scope).forEach(enhanceInput);
  }

  prepare(document);
  document.addEventListener("htmx:afterSwap", function (event) { prepare(event.detail.target); });
})();
