/* 页面的小动作：防重复提交、字数、页签、打印、整行点击、弹窗、轮询。没有它页面照常能用。 */
(function () {
  "use strict";

  var root = document.documentElement;
  root.classList.add("js");

  function all(selector, scope) {
    return Array.prototype.slice.call((scope || document).querySelectorAll(selector));
  }

  function on(type, selector, handler) {
    document.addEventListener(type, function (event) {
      var target = event.target.closest ? event.target.closest(selector) : null;
      if (target) { handler(event, target); }
    });
  }

  /* ── 提交：第二下不再发出；按钮变灰但不真的禁用，读屏仍能读到 ── */
  function guard(event) {
    var form = event.target;
    if (form.method.toLowerCase() !== "post") { return; }
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "yes";
    all("button[type=submit], button:not([type])", form).forEach(function (button) {
      button.setAttribute("aria-disabled", "true");
    });
    window.setTimeout(function () { release(form); }, 20000);
  }

  function release(form) {
    delete form.dataset.sent;
    all("button[aria-disabled]", form).forEach(function (button) { button.removeAttribute("aria-disabled"); });
  }

  document.addEventListener("submit", guard, true);
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.target.closest ? event.target.closest("form") : null;
    if (form) { release(form); }
  });
  window.addEventListener("pageshow", function () { all("form").forEach(release); });

  /* ── 字数：数汉字，可以超，超了就说 ── */
  function count(area) {
    var limit = Number(area.dataset.counter);
    var left = limit - Array.from(area.value).length;
    var line = area.parentNode.querySelector(".counter");
    if (!line) {
      line = document.createElement("p");
      line.className = "counter";
      line.setAttribute("aria-live", "polite");
      area.insertAdjacentElement("afterend", line);
    }
    line.textContent = left >= 0 ? "还可以写 " + left + " 字" : "超出 " + -left + " 字";
    line.classList.toggle("counter-over", left < 0);
  }

  on("input", "textarea[data-counter]", function (event, area) { count(area); });

  /* ── 页签（同一页里的几段） ── */
  function showTab(box, link) {
    all(".tabs-list a", box).forEach(function (other) {
      var here = other === link;
      other.setAttribute("aria-selected", here ? "true" : "false");
      other.tabIndex = here ? 0 : -1;
      var panel = document.getElementById(other.hash.slice(1));
      if (panel) { panel.hidden = !here; }
    });
  }

  function setUpTabs(box) {
    var links = all(".tabs-list a", box);
    box.querySelector(".tabs-list").setAttribute("role", "tablist");
    links.forEach(function (link) {
      link.setAttribute("role", "tab");
      link.parentNode.setAttribute("role", "presentation");
      var panel = document.getElementById(link.hash.slice(1));
      if (panel) { panel.setAttribute("role", "tabpanel"); }
    });
    var wanted = links.filter(function (link) { return link.hash === window.location.hash; })[0];
    showTab(box, wanted || links[0]);
  }

  on("click", "[data-tabs] .tabs-list a", function (event, link) {
    event.preventDefault();
    showTab(link.closest("[data-tabs]"), link);
  });
  on("keydown", "[data-tabs] .tabs-list a", function (event, link) {
    var step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) { return; }
    var box = link.closest("[data-tabs]");
    var links = all(".tabs-list a", box);
    var next = links[(links.indexOf(link) + step + links.length) % links.length];
    event.preventDefault();
    showTab(box, next);
    next.focus();
  });

  /* ── 整行可点：点空白处等于点行里的标题 ── */
  on("click", "table[data-rows] tbody tr", function (event, row) {
    if (event.target.closest("a, button, input, select, textarea, label, summary, [tabindex]")) { return; }
    if (String(window.getSelection())) { return; }
    var link = row.querySelector(".row-link");
    if (!link) { return; }
    if (event.ctrlKey || event.metaKey) { window.open(link.href); } else { link.click(); }
  });

  /* ── 打印、菜单、弹窗 ── */
  on("click", "[data-print]", function () { window.print(); });
  on("click", "[data-menu-open]", function (event) {
    event.preventDefault();
    document.getElementById("menu").classList.toggle("is-open");
  });
  on("click", "[data-menu-close]", function (event) {
    event.preventDefault();
    document.getElementById("menu").classList.remove("is-open");
  });
  on("click", "[data-dialog-close]", function (event, button) {
    var dialog = button.closest("dialog");
    if (dialog) { dialog.close(); }
  });
  document.addEventListener("click", function (event) {
    all("details.topbar-menu[open], details.dropdown[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) { menu.open = false; }
    });
  });

  /* ── 点错误汇总里的一条：跳到那一项并聚焦 ── */
  on("click", ".error-summary a[href^='#']", function (event, link) {
    var field = document.getElementById(link.hash.slice(1));
    if (!field) { return; }
    event.preventDefault();
    (field.closest(".field") || field).scrollIntoView({ block: "center" });
    var shown = field.offsetParent ? field : document.getElementById(field.id + "_search");
    (shown || field).focus();
  });

  /* ── 轮询进度：服务器给片段，给 286 就停 ── */
  function poll(box) {
    var wait = Number(box.dataset.pollEvery || 2) * 1000;
    window.setTimeout(function () {
      fetch(box.dataset.poll, { headers: { "HX-Request": "true" }, credentials: "same-origin" })
        .then(function (answer) {
          return answer.text().then(function (html) {
            if (answer.ok || answer.status === 286) { box.innerHTML = html; }
            if (answer.status !== 286 && answer.headers.get("X-Poll") !== "done") { poll(box); } else { prepare(box); }
          });
        })
        .catch(function () { poll(box); });
    }, wait);
  }

  function prepare(scope) {
    all("textarea[data-counter]", scope).forEach(count);
    all("[data-tabs]", scope).forEach(setUpTabs);
    all("[data-poll]", scope).forEach(poll);
    var focus = scope.querySelector("[data-focus]");
    if (focus) { focus.focus(); }
  }

  /* 提交时登录已过期、被带到登录页：本机那份文字要留着。 */
  if (document.body.classList.contains("entry")) { window.sessionStorage.clear(); }

  /* 局部翻页之后，标题里的页码跟着变。 */
  function retitle() {
    var pager = document.querySelector("[data-title]");
    if (!pager) { return; }
    document.title = document.title.replace(/（第 \d+ 页[^）]*）/, "").replace(" - ", pager.dataset.title + " - ");
  }

  prepare(document);
  document.addEventListener("htmx:afterSwap", function (event) { prepare(event.detail.target); retitle(); });
  window.lianluo = { all: all, on: on, release: release };
})();
