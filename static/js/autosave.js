/* 自动保存：每 15 秒和离开输入框时存到服务器，同时在本机留一份；登录过期时字还在。 */
(function () {
  "use strict";

  var EVERY = 15000;
  var AFTER_BLUR = 2000;
  var SENT = "lianluo-sent";
  var NOT_KEPT = /^(csrfmiddlewaretoken|form_token|draft_rev|draft_url|draft_title)$|password/;

  function start(status) {
    var form = status.closest("form");
    var key = form.elements.draft_key.value;
    var local = "lianluo-draft:" + key;
    var state = { changed: 0, saved: 0, busy: false, signedOut: false };

    function entries() { return typed(form); }

    function say(text, problem) {
      status.textContent = text;
      status.classList.toggle("is-problem", Boolean(problem));
    }

    function keepLocally() {
      try {
        window.localStorage.setItem(local, JSON.stringify({ at: Date.now(), entries: entries() }));
      } catch (error) { /* 本机存储满了或被禁用：服务器上那份照存 */ }
    }

    function save() {
      if (state.busy || state.changed === state.saved) { return; }
      var mark = state.changed;
      state.busy = true;
      fetch(status.dataset.autosave, {
        method: "POST", body: body(), credentials: "same-origin", redirect: "manual",
        headers: { "X-Requested-With": "fetch" },
      }).then(function (answer) { return settle(answer, mark); })
        .catch(function () { say("没有连上服务器，文字已留在本机，连上后自动保存", true); })
        .then(function () { state.busy = false; });
    }

    function body() {
      var data = new URLSearchParams();
      Array.from(new FormData(form)).forEach(function (pair) {
        if (typeof pair[1] === "string" && pair[0] !== "form_token" && !/password/.test(pair[0])) { data.append(pair[0], pair[1]); }
      });
      return data;
    }

    function settle(answer, mark) {
      if (answer.ok) {
        return answer.json().then(function (saved) {
          form.elements.draft_rev.value = saved.rev;
          state.saved = mark;
          state.signedOut = false;
          say("草稿已自动保存 " + saved.saved_at);
        });
      }
      if (answer.status === 401 || answer.type === "opaqueredirect" || answer.status === 403) { return askLogin(); }
      return answer.json().then(function (problem) {
        if (answer.status === 409) { offerOverwrite(problem); } else { say(problem.detail, true); }
      });
    }

    function askLogin() {
      state.signedOut = true;
      say("登录已过期，文字已留在本机。", true);
      var link = document.createElement("a");
      link.href = status.dataset.login;
      link.target = "_blank";
      link.rel = "opener";
      link.textContent = "在新窗口登录，回来接着写";
      status.appendChild(link);
    }

    function offerOverwrite(problem) {
      say(problem.detail + "。", true);
      var button = document.createElement("button");
      button.type = "button";
      button.className = "button button-quiet button-small";
      button.textContent = "以这里的为准";
      button.addEventListener("click", function () {
        form.elements.draft_rev.value = problem.rev;
        state.changed += 1;
        save();
      });
      status.appendChild(button);
    }

    /* 重新登录之后：换上新的校验令牌，接着存。 */
    function comeBack() {
      if (!state.signedOut) { return; }
      fetch(status.dataset.session, { credentials: "same-origin" })
        .then(function (answer) { return answer.json(); })
        .then(function (session) {
          if (!session.signed_in) { return; }
          window.lianluo.all("input[name=csrfmiddlewaretoken]").forEach(function (input) { input.value = session.csrf; });
          state.changed += 1;
          save();
        });
    }

    function restoreOffer() {
      var kept = readLocal();
      if (!kept || same(kept.entries, entries()) || !hasText(kept.entries)) { return; }
      var box = document.createElement("div");
      box.className = "banner banner-warning";
      box.innerHTML = '<p class="banner-title"></p><p class="button-row"><button type="button" class="button button-small">取回这份文字</button><button type="button" class="button button-secondary button-small">不用，丢弃</button></p>';
      box.querySelector(".banner-title").textContent = "本机留有 " + clock(kept.at) + " 没有提交的文字";
      var buttons = box.querySelectorAll("button");
      buttons[0].addEventListener("click", function () { fill(form, kept.entries); box.remove(); changed(); });
      buttons[1].addEventListener("click", function () { window.localStorage.removeItem(local); box.remove(); });
      form.insertAdjacentElement("beforebegin", box);
    }

    function readLocal() {
      try { return JSON.parse(window.localStorage.getItem(local)); } catch (error) { return null; }
    }

    function changed() { state.changed += 1; keepLocally(); }

    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("focusout", function () { window.setTimeout(save, AFTER_BLUR); });
    document.addEventListener("lianluo:save", save);
    window.addEventListener("focus", comeBack);
    window.setInterval(save, EVERY);
    form.addEventListener("submit", function () {
      keepLocally();
      window.sessionStorage.setItem(SENT, local);
    });
    restoreOffer();
    /* 没有通过核对又回到这一页：页面上的字比服务器上那份新，也存一次。 */
    if (document.querySelector(".error-summary")) { state.changed = 1; save(); }
  }

  /* 表单里打的字：不含口令、令牌与文件。 */
  function typed(form) {
    return Array.from(new FormData(form)).filter(function (pair) {
      return typeof pair[1] === "string" && !NOT_KEPT.test(pair[0]);
    });
  }

  function fill(form, list) {
    var names = list.map(function (pair) { return pair[0]; });
    Array.from(form.elements).forEach(function (input) {
      if (!input.name || NOT_KEPT.test(input.name) || input.type === "file" || input.name === "draft_key") { return; }
      var values = list.filter(function (pair) { return pair[0] === input.name; }).map(function (pair) { return pair[1]; });
      if (input.type === "checkbox" || input.type === "radio") { input.checked = values.indexOf(input.value) >= 0; }
      else if (input.multiple) { Array.from(input.options).forEach(function (option) { option.selected = values.indexOf(option.value) >= 0; }); }
      else if (names.indexOf(input.name) >= 0 && input.type !== "submit") { input.value = values[0]; }
      input.dispatchEvent(new Event("lianluo:filled", { bubbles: true }));
    });
  }

  /* 私人页面不许浏览器留存，后退时表单会空；提交时在本窗口记一份，后退回来填上。 */
  function rescueKey(form) {
    return "lianluo-form:" + window.location.pathname + "#" + window.lianluo.all("form").indexOf(form);
  }

  function rescue() {
    var visit = window.performance.getEntriesByType("navigation")[0];
    if (!visit || visit.type !== "back_forward") { return; }
    window.lianluo.all("#main form[method=post]").forEach(function (form) {
      var kept = window.sessionStorage.getItem(rescueKey(form));
      if (kept) { fill(form, JSON.parse(kept)); }
    });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || !form.closest("#main")) { return; }
    try { window.sessionStorage.setItem(rescueKey(form), JSON.stringify(typed(form))); } catch (error) { /* 存不下就算了 */ }
  });

  /* 字一样就算一样：版本号不是打进去的字，有人先存过一版时它会变。 */
  function same(one, other) { return JSON.stringify(one.filter(isTyped)) === JSON.stringify(other.filter(isTyped)); }

  function isTyped(pair) { return pair[0] !== "version"; }

  function hasText(list) {
    return list.some(function (pair) { return pair[0] !== "draft_key" && pair[1].trim(); });
  }

  function clock(at) {
    var time = new Date(at);
    return (time.getMonth() + 1) + "月" + time.getDate() + "日 " + ("0" + time.getHours()).slice(-2) + ":" + ("0" + time.getMinutes()).slice(-2);
  }

  /* 上一页提交成功了（这一页既没有错误汇总，也不是被拒的页面）：丢掉本机那份。 */
  function forgetSent() {
    var local = window.sessionStorage.getItem(SENT);
    window.sessionStorage.removeItem(SENT);
    if (local && !document.querySelector(".error-summary, [data-refused]")) { window.localStorage.removeItem(local); }
  }

  forgetSent();
  rescue();
  window.lianluo.all("[data-autosave]").forEach(start);
})();
