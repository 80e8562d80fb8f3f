/* 快捷键。正在打字、正在用输入法时一概不管；单个字母可以关掉（WCAG 2.1.4）。 */
(function () {
  "use strict";

  var OFF = "lianluo-keys-off";
  var GO_WAIT = 1500;
  var waitingGo = false;
  var goTimer = null;

  function isOff() { return window.localStorage.getItem(OFF) === "yes"; }

  /* 输入法正在组字：isComposing 为真，或老内核给的 229。 */
  function isComposing(event) { return event.isComposing || event.keyCode === 229; }

  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !isTick(target);
  }

  function isTick(target) { return target.type === "checkbox" || target.type === "radio"; }

  /* ── 行 ── */
  function rows() { return window.lianluo.all("table[data-rows] tbody tr, .split-list .split-item"); }

  function current() { return document.querySelector("tr.is-current, .split-item.is-current"); }

  function moveRow(step) {
    var list = rows();
    if (!list.length) { return; }
    var index = list.indexOf(current());
    var next = list[Math.min(Math.max(index + step, 0), list.length - 1)];
    list.forEach(function (row) { row.classList.remove("is-current"); });
    next.classList.add("is-current");
    var link = next.matches("a") ? next : next.querySelector(".row-link");
    if (link) { link.focus({ preventScroll: true }); }
    next.scrollIntoView({ block: "nearest" });
  }

  function openRow() {
    var row = current();
    var link = row && (row.matches("a") ? row : row.querySelector(".row-link"));
    if (link) { link.click(); }
    return Boolean(link);
  }

  function tickRow() {
    var box = current() && current().querySelector("input[type=checkbox]");
    if (box) { box.click(); }
  }

  /* ── 去别的页面：g 之后再按一个键 ── */
  function startGo() {
    waitingGo = true;
    showHint();
    goTimer = window.setTimeout(endGo, GO_WAIT);
  }

  function endGo() {
    waitingGo = false;
    window.clearTimeout(goTimer);
    var hint = document.querySelector(".go-hint");
    if (hint) { hint.remove(); }
  }

  function showHint() {
    var names = window.lianluo.all("[data-go]").map(function (link) {
      return link.dataset.go + " " + link.firstChild.textContent.trim();
    });
    var hint = document.createElement("p");
    hint.className = "go-hint";
    hint.setAttribute("role", "status");
    hint.textContent = "去：" + names.join("　");
    document.body.appendChild(hint);
  }

  function go(key) {
    endGo();
    var link = document.querySelector('[data-go="' + key + '"]');
    if (link) { link.click(); }
  }

  /* ── 说明 ── */
  function showHelp() {
    var link = document.querySelector("[data-keys-help]");
    if (!link) { return; }
    fetch(link.href, { headers: { "HX-Request": "true" }, credentials: "same-origin" })
      .then(function (answer) { return answer.text(); })
      .then(function (html) {
        var dialog = document.createElement("dialog");
        dialog.className = "keys-dialog";
        dialog.setAttribute("aria-labelledby", "keys-title");
        dialog.innerHTML = html;
        dialog.addEventListener("close", function () { dialog.remove(); });
        document.body.appendChild(dialog);
        dialog.querySelector("[data-keys-off]").checked = isOff();
        dialog.showModal();
      });
  }

  /* ── 提交与保存 ── */
  function submit() {
    var form = document.activeElement.closest("form[method=post]:not([data-batch])")
      || document.querySelector("form[data-primary]")
      || document.querySelector("#main form[method=post]");
    var button = form && form.querySelector("button[type=submit]:not(.button-secondary), button:not([type])");
    if (button) { button.click(); }
  }

  function save() { document.dispatchEvent(new CustomEvent("lianluo:save")); }

  function leave(event) {
    endGo();
    var menu = document.querySelector("details[open].topbar-menu");
    if (menu) { menu.open = false; }
    if (isTyping(event.target)) { event.target.blur(); }
  }

  function press(selector) {
    var thing = document.querySelector(selector);
    if (!thing) { return false; }
    var box = thing.hidden && document.getElementById(thing.id + "_search") || thing;
    if (isTyping(box)) { box.focus(); return true; }
    if (thing.tagName === "SUMMARY" || thing.matches("details")) { (thing.querySelector("summary") || thing).click(); } else { thing.click(); }
    return true;
  }

  var SINGLE = {
    "/": function () { var box = document.querySelector("[data-search]"); if (box) { box.focus(); box.select(); } },
    "?": showHelp,
    g: startGo,
    j: function () { moveRow(1); },
    k: function () { moveRow(-1); },
    x: tickRow,
    a: function () { press("[data-key-menu]"); },
  };

  function single(event) {
    if (waitingGo) { go(event.key); return true; }
    if (event.key === "Enter") { return event.target === document.body && openRow(); }
    if (SINGLE[event.key]) { SINGLE[event.key](); return true; }
    var key = /^Digit\d$/.test(event.code) ? event.code.slice(5) : event.key.toLowerCase();
    if (!/^([a-z0-9]|arrowright|arrowleft)$/.test(key)) { return false; }
    return press('[data-key="' + (event.shiftKey ? "shift+" : "") + key + '"]');
  }

  document.addEventListener("keydown", function (event) {
    if (isComposing(event)) { return; }
    var command = event.ctrlKey || event.metaKey;
    if (event.key === "Escape") { leave(event); return; }
    if (command && event.key === "Enter") { event.preventDefault(); submit(); return; }
    if (command && event.key.toLowerCase() === "s") { event.preventDefault(); save(); return; }
    if (command || event.altKey || isTyping(event.target) || isOff()) { return; }
    if (document.querySelector("dialog[open]")) { return; }
    if (single(event)) { event.preventDefault(); }
  });

  window.lianluo.on("click", "[data-keys-help]", function (event) {
    event.preventDefault();
    showHelp();
  });
  window.lianluo.on("change", "[data-keys-off]", function (event, box) {
    window.localStorage.setItem(OFF, box.checked ? "yes" : "no");
  });
  window.lianluo.all("[data-keys-off]").forEach(function (box) { box.checked = isOff(); });
})();
