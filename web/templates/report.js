(function () {
  "use strict";
  var root = document.documentElement, button = document.getElementById("language");
  function show(english) {
    root.classList.toggle("english", english);
    root.lang = english ? "en" : "zh-CN";
    button.textContent = english ? "中文" : "English";
    button.lang = english ? "zh-CN" : "en";
  }
  button.hidden = false;
  button.addEventListener("click", function () { show(!root.classList.contains("english")); });
  show(location.hash === "#en");
  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-seek]");
    var video = link && link.closest(".card").querySelector("video");
    if (!video) { return; }
    event.preventDefault();
    video.currentTime = Number(link.dataset.seek);
    video.pause();
    video.scrollIntoView({block: "nearest"});
  });
  document.querySelectorAll("video").forEach(function (video) {
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
    document.querySelectorAll("video[preload=none]").forEach(function (video) { watch.observe(video); });
  }
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (part) { part.open = true; });
    document.querySelectorAll("video").forEach(function (video) {
      video.controls = false;
      video.classList.toggle("unseen", video.readyState < 2);
    });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("video").forEach(function (video) { video.controls = true; });
  });
}());
