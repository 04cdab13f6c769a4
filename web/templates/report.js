(function () {
  "use strict";
  var root = document.documentElement, button = document.getElementById("language");
  function each(css, act) { Array.prototype.forEach.call(document.querySelectorAll(css), act); }
  function show(english) {
    root.classList.toggle("english", english);
    root.lang = english ? "en" : "zh-CN";
    button.textContent = english ? "中文" : "English";
    button.lang = english ? "zh-CN" : "en";
    each("option[data-en]", function (option) {
      option.dataset.zh = option.dataset.zh || option.textContent;
      option.textContent = english ? option.dataset.en : option.dataset.zh;
    });
    each("a[href*='.html']:not(#print-all)", function (link) {
      var parts = link.getAttribute("href").split("#"), page = parts[0].split("?")[0];
      link.setAttribute("href", page + (english ? "?lang=en" : "") + (parts[1] ? "#" + parts[1] : ""));
    });
    dress();
  }
  // --- paper: the name on every page, the unit that was typed, pages counted for each person
  var unit = document.getElementById("unit"), paper = document.createElement("style");
  function quoted(text) {
    return '"' + text.replace(/[\\"<\n\r]/g, function (sign) { return "\\" + sign.charCodeAt(0).toString(16) + " "; }) + '"';
  }
  function dress() {
    var english = root.classList.contains("english"), typed = unit.value.trim();
    each(".unit-line", function (line) { line.textContent = typed; });
    var rules = Array.prototype.map.call(document.querySelectorAll(".sheet"), function (sheet, i) {
      sheet.style.page = "sheet-" + i;
      return "@page sheet-" + i + " { @top-left { content: " + quoted(sheet.dataset.name) + "; } @top-right { content: " +
        quoted((typed ? typed + "  " : "") + sheet.dataset.made) + "; } }";
    });
    paper.textContent = rules.join("\n") + "\n@page { @bottom-right { content: " +
      (english ? '"Page " counter(page) " of " counter(pages)' : '"第 " counter(page) " 页，共 " counter(pages) " 页"') + "; } }";
  }
  document.head.appendChild(paper);
  try { unit.value = localStorage.getItem("posecoach.unit") || ""; } catch (error) { /* this browser keeps nothing for files */ }
  unit.addEventListener("input", function () {
    try { localStorage.setItem("posecoach.unit", unit.value); } catch (error) { /* typed anew on the next page */ }
    dress();
  });
  var print = document.getElementById("print");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", function () { window.print(); });
  }
  var only = /[?&]only=([\d,]*)/.exec(location.search);
  if (only) {
    var wanted = only[1].split(",");
    each("main > .sheet", function (sheet, i) { if (wanted.indexOf(String(i)) < 0) { sheet.remove(); } });
  }
  if (/[?&]print\b/.test(location.search)) { window.addEventListener("load", function () { window.print(); }); }
  button.hidden = false;
  button.addEventListener("click", function () { show(!root.classList.contains("english")); });
  show(/[?&]lang=en\b/.test(location.search));
  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-seek]");
    var video = link && link.closest(".card").querySelector("video");
    if (!video) { return; }
    event.preventDefault();
    video.currentTime = Number(link.dataset.seek);
    video.pause();
    video.scrollIntoView({block: "nearest"});
  });
  each("video", function (video) {
    video.addEventListener("play", function () {
      if (Math.abs(video.currentTime - Number(video.dataset.still)) < 0.2) { video.currentTime = 0; }
    }, {once: true});
  });
  if ("IntersectionObserver" in window) {
    var watch = new IntersectionObserver(function (seen) {
      seen.forEach(function (entry) {
        if (entry.isIntersecting) { entry.target.preload = "metadata"; watch.unobserve(entry.target); }
      });
    }, {rootMargin: "600px"});
    each("video[preload=none]", function (video) { watch.observe(video); });
  }
  var opened = [];
  window.addEventListener("beforeprint", function () {
    each("details:not([open]):not(.screen)", function (part) { part.open = true; opened.push(part); });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (part) { part.open = false; });
    opened = [];
  });
}());
