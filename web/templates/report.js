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
    each("a[href*='.html']", function (link) {
      var parts = link.getAttribute("href").split("#"), page = parts[0].split("?")[0];
      link.setAttribute("href", page + (english ? "?lang=en" : "") + (parts[1] ? "#" + parts[1] : ""));
    });
    each("video", function (video) {
      Array.prototype.forEach.call(video.textTracks, function (track) {
        track.mode = (track.language === "en") === english ? "showing" : "disabled";
      });
    });
  }
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
