/* 接口说明页：界面上的英文换成中文。整段文字与表里相同才换，接口自己的名称与内容不动。 */
(function () {
  "use strict";
  var words = {
    "Authorize": "填写令牌", "Available authorizations": "怎样认证", "Close": "关闭", "Logout": "清除",
    "Authorized": "已填写", "Value:": "令牌：", "Name: Authorization": "请求头：Authorization", "In: header": "位置：请求头",
    "Name:": "名称：", "In:": "位置：", "Parameters": "参数", "No parameters": "没有参数", "Name": "名称",
    "Description": "说明", "Responses": "应答", "Response": "应答", "Code": "状态", "Links": "链接", "No links": "没有",
    "Request body": "内容", "Try it out": "试一试", "Try it out ": "试一试", "Cancel": "取消", "Cancel ": "取消",
    "Execute": "发出", "Clear": "清空", "Reset": "还原", "Schemas": "数据的样子", "Schema": "样子", "Example Value": "举例",
    "Media type": "格式", "Controls ": "决定 ", "Controls": "决定", "Curl": "命令行", "Request URL": "请求地址",
    "Server response": "实际应答", "Response body": "应答内容", "Response headers": "应答头", "Details": "详情",
    "Download": "下载", "Loading": "正在打开", "LOADING": "正在打开", "Filter by tag": "按类别找", "required": "必填",
    "Send empty value": "发送空值", "Enum": "可选值", "Available values": "可选值", "Default value": "默认值",
    "Undocumented": "没有说明", "Error": "没有成功", "Failed to fetch.": "没有连上", "Edit Value": "填写", "Model": "样子",
    "Choose File": "选择文件", "Add string item": "再加一项", "Add integer item": "再加一项", "Add item": "再加一项",
    "header.": "请求头", "Expand all": "全部展开", "Collapse all": "全部收起",
    "Expand operation": "展开", "Collapse operation": "收起", "Warning: Deprecated": "不再使用", "Copied!": "已复制"
  };
  var attributes = ["title", "aria-label", "placeholder"];

  function shown(text) {
    var core = text.trim();
    return Object.prototype.hasOwnProperty.call(words, core) ? text.replace(core, words[core].trim()) : null;
  }

  function isContent(node) {
    var up = node.parentElement;
    return !up || up.closest("pre, code, textarea, .opblock-summary-path, .prop-name, .example");
  }

  function turn(root) {
    var walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    var node;
    while ((node = walker.nextNode())) {
      var text = isContent(node) ? null : shown(node.nodeValue);
      if (text !== null && text !== node.nodeValue) { node.nodeValue = text; }
    }
    if (root.nodeType === Node.ELEMENT_NODE) { turnAttributes(root); }
  }

  function turnAttributes(root) {
    var found = root.querySelectorAll("[title], [aria-label], [placeholder]");
    Array.prototype.forEach.call(found, function (element) {
      attributes.forEach(function (name) {
        var value = element.getAttribute(name);
        var text = value && shown(value);
        if (text) { element.setAttribute(name, text); }
      });
    });
  }

  var page = document.getElementById("swagger-ui");
  var waiting = false;
  new MutationObserver(function () {
    if (waiting) { return; }
    waiting = true;
    window.requestAnimationFrame(function () { waiting = false; turn(page); });
  }).observe(page, { childList: true, subtree: true });
  turn(page);
})();
