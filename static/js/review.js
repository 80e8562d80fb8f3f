/* 审查：只显示选中意见要填的项；没有脚本时各项都在。 */
(function () {
  "use strict";

  window.lianluo.all("form[data-review]").forEach(function (form) {
    function show() {
      var chosen = form.querySelector("input[name=decision]:checked");
      window.lianluo.all("[data-for]", form).forEach(function (part) {
        part.hidden = !chosen || part.dataset.for.split(" ").indexOf(chosen.value) < 0;
      });
    }

    function focusFirst(event) {
      if (event.target.name !== "decision") { return; }
      show();
      if (event.target.value === "register") { return; }
      var part = window.lianluo.all("[data-for]:not([hidden]) textarea, [data-for]:not([hidden]) input, [data-for]:not([hidden]) select", form)
        .filter(function (one) { return !one.value; })[0];
      if (part) { part.focus(); }
    }

    form.addEventListener("change", focusFirst);
    form.addEventListener("click", function (event) {
      var button = event.target.closest("[data-fill]");
      if (button) { document.getElementById(button.dataset.fill).value = button.dataset.value; }
    });
    show();
  });
})();
