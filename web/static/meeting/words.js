// Every word of the morning meeting's page in Chinese and English.

import { choices, remember } from "../live/store.js";

const WORDS = {
  title: ["晨会", "Morning meeting"],
  skip: ["跳到操作按钮", "Skip to the buttons"],
  to_live: ["镜前练习", "Live practice"],
  other_language: ["English", "中文"],
  full: ["全屏", "Full screen"],
  mirror: ["镜像", "Mirror"],
  recount: ["重新编号", "Count anew"],
  recount_hint: ["忘掉现在的队列，重新从左到右编号", "Forget the row and number it anew from left to right"],
  stage: ["队列", "The row"],
  tally: ["统计", "Tally"],
  number: ["{n} 号", "No. {n}"],
  pass: ["达标", "Met"],
  fail: ["需改正", "To correct"],
  unjudged: ["看不清", "Cannot see"],
  partly: ["部分看不清", "partly unseen"],
  start: ["开始检查", "Start the check"],
  hold: ["保持", "Hold"],
  seconds: ["秒", "s"],
  auto: ["站好自动开始", "Start when all stand"],
  with_picture: ["检查单带照片", "Picture on the sheet"],
  cancel_check: ["停止", "Stop"],
  again: ["再来一次", "Once more"],
  sheet: ["检查单（打印）", "Sheet (print)"],
  save_page: ["存网页", "Save page"],
  save_table: ["存表格", "Save table"],
  ready: ["站好后按“开始检查”", "Stand, then start the check"],
  auto_ready: ["站好不动，自动开始", "Stand still, it starts by itself"],
  get_ready: ["准备，马上开始", "Get ready"],
  hold_on: ["保持站姿，还有 {n} 秒", "Hold the posture: {n} s left"],
  judging: ["正在汇总…", "Adding up…"],
  result: ["检查完成", "The check is done"],
  all_met: ["检查完成，全部达标", "Done: everybody meets it"],
  loading: ["正在准备，请稍候…", "Getting ready…"],
  connecting: ["正在连接…", "Connecting…"],
  lost: ["连接断开，正在重新连接…", "Connection lost, connecting again…"],
  full_house: ["同时观看的人已满，请稍等", "Too many viewers at once, please wait"],
  no_camera: ["没有接摄像头：请用 posecoach serve --camera 0 启动", "There is no camera: start with posecoach serve --camera 0"],
  went_wrong: ["出错了，请再试一次", "Something went wrong: try again"],
  name: ["姓名", "Name"],
  profile: ["按谁的要求", "Whose standard"],
  female: ["女", "Women"],
  male: ["男", "Men"],
  unspecified: ["不区分", "Either"],
  kept: ["只记在内存里，关掉就没有了。", "Kept in memory only, gone when it is closed."],
  save: ["确定", "Save"],
  cancel: ["取消", "Cancel"],
  close: ["关闭", "Close"],
  edit: ["改姓名或要求", "change name or standard"],
  roster: ["名单", "Roster"],
  roster_of: ["名单 {n} 人", "Roster: {n}"],
  roster_hint: ["CSV，列名 name、profile（female、male 或 unspecified），按镜头看到的从左到右，一人一行。拖到这里也可以。", "A CSV with the columns name, profile (female, male or unspecified), a row a person from left to right as the camera sees them. You can drop it here."],
  roster_pick: ["选择名单…", "Choose a roster…"],
  roster_drop: ["不用名单", "Without a roster"],
  roster_none: ["还没有名单", "No roster yet"],
};

const column = () => (choices.language === "en" ? 1 : 0);

export const language = () => (column() ? "en" : "zh");

/** The words for a key, with `{name}` filled in. */
export function t(key, values = {}) {
  return WORDS[key][column()].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** One of the server's texts in the language of the page. */
export function say(text) {
  return text ? text[language()] || text.zh : "";
}

export function switchLanguage() {
  remember({ language: column() ? "zh" : "en" });
  translate();
}

/** Puts words into everything marked with data-i18n (its text), data-i18n-label (aria-label) or data-i18n-title. */
export function translate() {
  document.documentElement.lang = column() ? "en" : "zh-CN";
  document.title = `${t("title")} · posecoach`;
  for (const node of document.querySelectorAll("[data-i18n]")) node.textContent = t(node.dataset.i18n);
  for (const node of document.querySelectorAll("[data-i18n-label]")) node.setAttribute("aria-label", t(node.dataset.i18nLabel));
  for (const node of document.querySelectorAll("[data-i18n-title]")) node.title = t(node.dataset.i18nTitle);
}
