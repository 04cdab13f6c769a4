(function () {
  "use strict";
  var table = document.getElementById("rows"), body = table.tBodies[0], form = document.getElementById("filters");
  var all = document.getElementById("print-all");
  var rows = Array.prototype.slice.call(body.rows), shown = document.getElementById("count");
  var words = rows.map(function (row) { return row.textContent.toLowerCase(); });
  var order = new Intl.Collator("zh-CN", {numeric: true, sensitivity: "base"});
  function value(name) { var field = document.getElementById("f-" + name); return field ? field.value : ""; }
  function span(zh, en) {
    return '<span class="zh" lang="zh-CN">' + zh + '</span><span class="en" lang="en">' + en + "</span>";
  }
  function filter() {
    var parts = value("text").toLowerCase().split(/\s+/).filter(Boolean), count = 0;
    var group = value("group"), drill = value("drill"), outcome = value("outcome"), clause = value("clause"), state = value("state");
    rows.forEach(function (row, i) {
      var data = row.dataset;
      var fits = (!group || data.group === group) && (!drill || data.drill === drill) && (!outcome || data.outcome === outcome) &&
        (clause === "" || data.s.charAt(Number(clause)) === state) &&
        parts.every(function (part) { return words[i].indexOf(part) >= 0; });
      row.hidden = !fits;
      count += fits ? 1 : 0;
    });
    offer(count < rows.length);
    shown.innerHTML = count === rows.length ? span("共 " + count + " 行", count + " rows")
      : span("显示 " + count + " 行，共 " + rows.length + " 行", count + " of " + rows.length + " rows");
  }
  // What is printed is who is listed.
  function offer(some) {
    var people = {};
    rows.forEach(function (row) { if (!row.hidden) { people[row.dataset.p] = true; } });
    var listed = Object.keys(people), english = document.documentElement.classList.contains("english");
    if (!all) { return; }
    all.setAttribute("href", "people.html?print" + (english ? "&lang=en" : "") + (some ? "&only=" + listed.join(",") : ""));
    all.hidden = !listed.length;
    all.innerHTML = some ? span("打印所列 " + listed.length + " 人", "Print these " + listed.length) : span("打印全部", "Print all");
  }
  function key(row, column) {
    var cell = row.cells[column];
    return cell.dataset.v === undefined ? cell.textContent : Number(cell.dataset.v);
  }
  function sort(column, down) {
    var keyed = rows.map(function (row, i) { return {row: row, key: key(row, column), at: i}; });
    keyed.sort(function (a, b) {
      var by = typeof a.key === "number" ? a.key - b.key : order.compare(a.key, b.key);
      return (down ? -by : by) || a.at - b.at;
    });
    var all = document.createDocumentFragment();
    keyed.forEach(function (item) { all.appendChild(item.row); });
    body.appendChild(all);
  }
  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, column) {
    var button = document.createElement("span");  // Chromium repeats no header with form controls on the next printed page
    button.setAttribute("role", "button");
    button.tabIndex = 0;
    while (head.firstChild) { button.appendChild(head.firstChild); }
    head.appendChild(button);
    button.addEventListener("keydown", function (event) {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); button.click(); }
    });
    button.addEventListener("click", function () {
      var first = head.classList.contains("number") || column === table.tHead.rows[0].cells.length - 1 ? "descending" : "ascending";
      var before = head.getAttribute("aria-sort");
      var now = before ? (before === "ascending" ? "descending" : "ascending") : first;
      Array.prototype.forEach.call(table.tHead.rows[0].cells, function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", now);
      sort(column, now === "descending");
    });
  });
  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("input", filter);
  form.addEventListener("change", filter);
  document.getElementById("language").addEventListener("click", filter);
  form.addEventListener("reset", function () { setTimeout(filter, 0); });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-clause]");
    if (!button) { return; }
    form.reset();
    document.getElementById("f-clause").value = button.dataset.clause;
    document.getElementById("f-state").value = button.dataset.state;
    filter();
    document.getElementById("rows-title").scrollIntoView();
  });
  filter();
}());
