/* 批量：勾了才出现操作条；可以选中本页或按筛选选中全部；操作之后仍勾着。 */
(function () {
  "use strict";

  var all = window.lianluo.all;
  var lastTicked = null;

  function boxes(form) { return all("tbody input[type=checkbox][name=pk]", form); }

  /* 记在哪个名下：表单写了 data-batch="名字" 的按名字，换了选中的件也还在；没写的按地址。 */
  function place(form) { return "lianluo-ticks:" + (form.dataset.batch || window.location.pathname + window.location.search); }

  function allInput(form) { return form.querySelector("[data-batch-all-input]"); }

  function refresh(form) {
    var list = boxes(form);
    var ticked = list.filter(function (box) { return box.checked; });
    var everything = allInput(form) && allInput(form).value === "1";
    var number = everything ? Number(form.dataset.total) : ticked.length;
    list.forEach(function (box) { box.closest("tr").classList.toggle("is-selected", box.checked); });
    all("[data-batch-count]", form).forEach(function (text) { text.textContent = "已选 " + number + " 件"; });
    all("[data-batch-bar]", form).forEach(function (bar) { bar.hidden = number === 0; });
    all("[data-batch-all]", form).forEach(function (button) { button.setAttribute("aria-pressed", everything ? "true" : "false"); });
    all("[data-batch-head]", form).forEach(function (head) {
      head.checked = list.length > 0 && ticked.length === list.length;
      head.indeterminate = ticked.length > 0 && ticked.length < list.length;
    });
    remember(form, ticked);
  }

  function remember(form, ticked) {
    var values = ticked.map(function (box) { return box.value; });
    window.sessionStorage.setItem(place(form), JSON.stringify(values));
  }

  function restore(form) {
    var values = JSON.parse(window.sessionStorage.getItem(place(form)) || "[]");
    boxes(form).forEach(function (box) { if (values.indexOf(box.value) >= 0) { box.checked = true; } });
    refresh(form);
  }

  function everything(form, value) {
    if (allInput(form)) { allInput(form).value = value ? "1" : ""; }
  }

  function tickAll(form, value) {
    boxes(form).forEach(function (box) { box.checked = value; });
  }

  /* 按住 Shift 勾：从上次勾的到这一个都勾。 */
  function tickRange(form, box) {
    var list = boxes(form);
    var from = list.indexOf(lastTicked);
    var to = list.indexOf(box);
    if (from < 0 || to < 0) { return; }
    list.slice(Math.min(from, to), Math.max(from, to) + 1).forEach(function (other) { other.checked = box.checked; });
  }

  window.lianluo.on("click", "form[data-batch] tbody input[name=pk]", function (event, box) {
    var form = box.form;
    everything(form, false);
    if (event.shiftKey && lastTicked) { tickRange(form, box); }
    lastTicked = box;
    refresh(form);
  });
  window.lianluo.on("change", "[data-batch-head]", function (event, head) {
    everything(head.form, false);
    tickAll(head.form, head.checked);
    refresh(head.form);
  });
  window.lianluo.on("click", "[data-batch-page]", function (event, button) {
    everything(button.form, false);
    tickAll(button.form, true);
    refresh(button.form);
  });
  window.lianluo.on("click", "[data-batch-all]", function (event, button) {
    var wanted = allInput(button.form).value !== "1";
    everything(button.form, wanted);
    tickAll(button.form, wanted);
    refresh(button.form);
  });
  window.lianluo.on("click", "[data-batch-none]", function (event, button) {
    everything(button.form, false);
    tickAll(button.form, false);
    refresh(button.form);
  });

  all("form[data-batch]").forEach(restore);
  document.addEventListener("htmx:afterSwap", function () { all("form[data-batch]").forEach(restore); });
})();
