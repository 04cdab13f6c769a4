// Every word of the trainer's page in Chinese and English.

import { wordsOf } from "../shared/language.js";

const WORDS = {
  title: ["视频评分", "Grading"],
  skip: ["跳到主要内容", "Skip to the main part"],
  to_live: ["镜前练习", "Live practice"],
  to_records: ["练习记录", "Records"],
  other_language: ["English", "中文"],
  form_title: ["给一个文件夹评分", "Grade a folder"],
  form_lead: ["选好文件夹，里面的视频和照片会逐个评分，最后得到一份可以打印的报告。", "Choose a folder: its videos and photos are graded one by one, and you get a report to print."],
  step_clips: ["1. 视频放在哪里", "1. Where are the videos?"],
  step_what: ["2. 练的是什么", "2. What do they show?"],
  step_out: ["3. 结果放在哪里", "3. Where do the results go?"],
  folder: ["视频文件夹", "Folder with the videos"],
  folder_hint: ["按“浏览”选择，或把路径粘贴到这里", "Browse, or paste a path here"],
  browse: ["浏览…", "Browse…"],
  counting: ["正在数…", "Counting…"],
  clips: ["找到 {n}（子文件夹里的也算）", "Found {n} (folders inside it included)"],
  no_clips: ["这个文件夹里没有视频或照片", "There is no video or photo in this folder"],
  videos: ["{n} 个视频", "{n} videos"], video: ["1 个视频", "1 video"],
  pictures: ["{n} 张照片", "{n} photos"], picture: ["1 张照片", "1 photo"],
  none_here: ["没有视频和照片", "no videos or photos"],
  has_results: ["这个文件夹评分过：已完成且没有变化的会跳过", "Graded before: what is finished and unchanged is skipped"],
  drill: ["项目", "Topic"],
  profile: ["性别", "Profile"],
  roster: ["名单（可选）", "Roster (optional)"],
  roster_hint: ["每个人的姓名、性别或项目不同时，把名单 CSV 拖到这里。名单没写的按上面选的评。", "When names, profiles or topics differ, drop a CSV here. What it leaves out is as chosen above."],
  roster_pick: ["选择名单…", "Choose a roster…"],
  roster_template: ["下载空白名单", "Download an empty roster"],
  roster_none: ["不用名单", "Without a roster"],
  roster_reading: ["正在检查名单…", "Checking the roster…"],
  roster_good: ["名单 {rows} 行，对上 {clips} 个文件", "Rows in the roster: {rows}. Files with a row: {clips}"],
  roster_no_row: ["{n} 个文件不在名单里（按上面选的评）：{names}", "Files not in the roster, graded as chosen above: {n} ({names})"],
  roster_no_clip: ["名单里 {n} 行没有对应的文件：{names}", "Rows of the roster without a file: {n} ({names})"],
  roster_wrong: ["名单有 {n} 处要改，改好后重新选一次：", "To mend in the roster ({n}), then choose it again:"],
  roster_line: ["第 {n} 行", "Line {n}"], roster_column: ["{name} 列", "column {name}"],
  roster_workbook: ["这是 Excel 工作簿，请在 Excel 里另存为“CSV UTF-8”再选", "This is an Excel workbook: save it as CSV UTF-8 in Excel, then choose it again"],
  roster_unreadable: ["读不出文字，请在 Excel 里另存为“CSV UTF-8”", "This cannot be read as text: save it as CSV UTF-8 in Excel"],
  roster_large: ["名单太大，最多 1 MB", "The roster is too large: 1 MB at most"],
  roster_mend: ["请先改好名单，或不用名单", "Mend the roster first, or leave it out"],
  and_more: ["等", "and more"],
  comma: ["、", ", "], colon: ["：", ": "],
  out: ["结果文件夹", "Folder for the results"],
  annotate: ["画出带标注的视频和照片", "Draw annotated videos and photos"],
  blur: ["标注里的脸打码", "Blur the faces in them"],
  more: ["更多设置", "More settings"],
  jobs: ["同时评几个", "How many at a time"],
  jobs_auto: ["自动（{n}）", "Automatic ({n})"],
  rules: ["规则文件夹", "Rules folder"],
  rules_hint: ["不填就用自带的规则", "Empty: the rules that come with posecoach"],
  begin: ["开始评分", "Start"],
  to_job: ["看上次的评分", "Show the last grading"],
  privacy: ["只在这台电脑上处理，不上网。", "Everything stays on this computer."],
  need_folder: ["请先选择视频文件夹", "Choose the folder with the videos first"],
  need_out: ["请选择结果文件夹", "Choose the folder for the results"],
  progress: ["进度", "Progress"],
  running: ["正在评分", "Grading"], stopping: ["正在停止…", "Stopping…"], done: ["评分完成", "Finished"], stopped: ["已停止", "Stopped"],
  failed: ["没有评成", "It did not work"], interrupted: ["上次没有做完", "Not finished last time"], regrading: ["正在重新评分", "Judging again"],
  counted: ["完成 {done} / {total}", "{done} of {total} done"], preparing: ["正在准备…", "Getting ready…"],
  failed_count: ["，其中 {n} 个没有成", ", {n} of them failed"],
  left: ["大约还要 {time}", "About {time} left"], took: ["用时 {time}", "Took {time}"], estimating: ["正在估计时间…", "Estimating the time…"],
  seconds: ["{n} 秒", "{n} s"], minutes: ["{n} 分钟", "{n} min"], hours: ["{h} 小时 {m} 分", "{h} h {m} min"],
  frames: ["{done} / {total} 帧", "{done} of {total} frames"], frames_only: ["{done} 帧", "{done} frames"], opening: ["正在打开…", "Opening…"],
  meets: ["符合要求 {n}", "Meet the standard: {n}"], improve: ["有待改进 {n}", "To be improved: {n}"], not_met: ["未达要求 {n}", "Do not meet it: {n}"], not_enough: ["依据不足 {n}", "Too little was seen: {n}"], not_judged: ["无法判断 {n}", "Could not be judged: {n}"],
  open_report: ["打开报告", "Open the report"], open_partial: ["打开已完成部分的报告", "Open the report so far"],
  stop: ["停止", "Stop"], resume: ["继续", "Go on"], retry: ["重试没成的", "Try the failed ones again"],
  again: ["给另一个文件夹评分", "Grade another folder"], regrade: ["换一套规则重新评分…", "Judge again by other rules…"],
  running_hint: ["可以关掉这个网页，评分会继续；电脑不要睡眠，posecoach 窗口不要关。", "You may close this page, the grading goes on. Keep the computer awake and the posecoach window open."],
  stopped_hint: ["做完的都保留着，继续时从没做的开始。", "What is finished is kept; going on starts with the rest."],
  done_hint: ["报告也在结果文件夹里，双击 index.html 就能打开。", "The report lies in the results folder too: open index.html."],
  failed_title: ["没有评成的文件（{n}）", "Files that could not be graded ({n})"],
  failed_hint: ["其他文件不受影响。换成能播放的文件后可以重试。", "The other files are not affected. Replace them by files that play, then try again."],
  failed_more: ["其余 {n} 个见报告", "{n} more are in the report"],
  browse_folder: ["选择视频文件夹", "Choose the folder with the videos"], browse_out: ["结果放到哪个文件夹里", "Where to put the results"],
  browse_rules: ["选择规则文件夹", "Choose a rules folder"], browse_regrade: ["用哪套规则重新评分", "Judge again by which rules"],
  choose_folder: ["选这个文件夹", "Choose this folder"], choose_out: ["放在这里", "Put them here"],
  home: ["主文件夹", "Home"], path: ["路径", "Path"], go_to: ["前往", "Go"], where: ["当前位置", "Where you are"], up: ["上一级", "Up"],
  no_folders: ["这里没有别的文件夹", "There are no folders in here"], cut: ["文件夹太多，只列出一部分；可以直接输入路径", "Too many folders to list all: type the path instead"],
  results_folder: ["评分结果", "results"], loading: ["正在读取…", "Reading…"],
  cancel: ["取消", "Cancel"],
  lost: ["连不上 posecoach，正在重试…（评分不受影响，除非 posecoach 窗口被关掉）", "posecoach does not answer, trying again… (the grading goes on unless the posecoach window was closed)"],
  went_wrong: ["没有成功，请再试一次", "That did not work, please try again"],
};

export const { t, translate, switchLanguage } = wordsOf(WORDS);

/** `2 个视频、1 张照片`; null where there is neither. */
export function amount(videos, pictures) {
  const parts = [
    videos && t(videos === 1 ? "video" : "videos", { n: videos }),
    pictures && t(pictures === 1 ? "picture" : "pictures", { n: pictures }),
  ].filter(Boolean);
  return parts.length ? parts.join(t("comma")) : null;
}

/** A time a person can plan with: up to a minute and a half in steps of so many seconds, then minutes, then hours and minutes. */
export function duration(seconds, step = 10) {
  if (seconds < 90) return t("seconds", { n: Math.max(step, Math.ceil(seconds / step) * step) });
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? t("minutes", { n: minutes }) : t("hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
}
