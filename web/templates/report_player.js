// Buttons below the video instead of over it: what is drawn at its lower edge is what to correct.
(function () {
  "use strict";
  function words(zh, en) { return document.documentElement.classList.contains("english") ? en : zh; }
  function part(tag, given, parent) {
    var made = document.createElement(tag);
    Object.keys(given).forEach(function (name) { made.setAttribute(name, given[name]); });
    parent.appendChild(made);
    return made;
  }
  function time(seconds) { return (seconds || 0).toFixed(1); }
  function dress(video) {
    var figure = video.parentElement, bar = document.createElement("div");
    bar.className = "player";
    var play = part("button", {type: "button", "class": "icon"}, bar);
    var at = part("input", {type: "range", min: 0, max: 0, step: 0.1, value: 0}, bar);
    var clock = part("span", {"class": "clock"}, bar);
    var large = part("button", {type: "button", "class": "icon large"}, bar);
    large.innerHTML = '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5"/></svg>';
    function show() {
      play.innerHTML = video.paused ? '<svg viewBox="0 0 20 20" aria-hidden="true"><path class="full" d="M5 3l12 7-12 7z"/></svg>'
        : '<svg viewBox="0 0 20 20" aria-hidden="true"><path class="full" d="M4 3h4v14H4zM12 3h4v14h-4z"/></svg>';
      play.setAttribute("aria-label", video.paused ? words("播放", "Play") : words("暂停", "Pause"));
      large.setAttribute("aria-label", words("全屏", "Full screen"));
      at.setAttribute("aria-label", words("位置", "Position"));
      at.setAttribute("aria-valuetext", time(video.currentTime) + words(" 秒", " s"));
      if (isFinite(video.duration)) { at.max = video.duration; }
      at.value = video.currentTime;
      clock.textContent = time(video.currentTime) + " / " + time(video.duration) + words(" 秒", " s");
    }
    function turn() { if (video.paused) { video.play(); } else { video.pause(); } }
    video.removeAttribute("controls");
    play.addEventListener("click", turn);
    video.addEventListener("click", turn);
    at.addEventListener("input", function () { video.pause(); video.currentTime = Number(at.value); });
    large.addEventListener("click", function () {
      if (document.fullscreenElement) { document.exitFullscreen(); } else { figure.requestFullscreen(); }
    });
    ["play", "pause", "timeupdate", "seeked", "loadedmetadata", "ended"].forEach(function (kind) { video.addEventListener(kind, show); });
    document.getElementById("language").addEventListener("click", show);
    large.hidden = !document.fullscreenEnabled;
    video.insertAdjacentElement("afterend", bar);
    caption(video, bar);
    show();
  }
  // In English below the buttons; the Chinese words are in the picture.
  function caption(video, bar) {
    var track = video.textTracks[0];
    if (!track) { return; }
    var line = document.createElement("p");
    line.className = "en caption";
    line.lang = "en";
    bar.insertAdjacentElement("afterend", line);
    track.mode = "hidden";
    track.addEventListener("cuechange", function () {
      line.textContent = Array.prototype.map.call(track.activeCues || [], function (cue) { return cue.text; }).join(" ");
    });
  }
  Array.prototype.forEach.call(document.querySelectorAll("video"), dress);
}());
