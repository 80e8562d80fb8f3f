/* 速录：单行框里回车到下一项；正在用输入法、查找框正开着候选时不管。 */
(function () {
  "use strict";

  function stops(form) {
    return window.lianluo.all("input:not([type=hidden]), select, textarea, button[type=submit]", form)
      .filter(function (one) { return one.tabIndex >= 0 && !one.disabled && one.offsetParent !== null; });
  }

  function next(form, from) {
    var list = stops(form);
    var target = list[list.indexOf(from) + 1];
    if (target) { target.focus(); }
  }

  window.lianluo.all("form[data-fast-entry]").forEach(function (form) {
    form.addEventListener("keydown", function (event) {
      if (event.isComposing || event.keyCode === 229 || event.key !== "Enter") { return; }
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) { return; }
      if (!/^(INPUT|SELECT)$/.test(event.target.tagName)) { return; }
      if (event.defaultPrevented) { window.setTimeout(function () { next(form, event.target); }, 0); return; }
      event.preventDefault();
      next(form, event.target);
    });
    var first = stops(form).filter(function (one) { return !one.value; })[0];
    if (first && !document.querySelector(".error-summary")) { first.focus(); }
  });
})();
