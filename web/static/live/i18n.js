// Every word of the page in Chinese and English, and numbers as the reports write them.

import { column, wordsOf } from "./words.js";

export { language, say } from "./words.js";

const WORDS = {
  title: ["姿态教练", "Posture coach"],
  skip: ["跳到主要内容", "Skip to the main part"],
  start_title: ["今天练什么？", "What will you practise today?"],
  start_lead: ["站到镜头前，跟着大字调整，全部变绿就对了。", "Step in front of the camera and follow the large words until everything is green."],
  topic: ["主题", "Topic"],
  profile: ["按谁的要求", "Whose standard"],
  profile_hint: ["由你选择，不会从画面猜测。", "You choose; it is never guessed from the picture."],
  camera: ["摄像头", "Camera"],
  camera_server: ["这台教练机的摄像头", "The coach's camera"],
  camera_server_hint: ["接在运行 posecoach 的电脑上", "Connected to the computer that runs posecoach"],
  camera_own: ["我自己的摄像头", "My own camera"],
  camera_own_hint: ["用这台设备的摄像头，画面只送到教练机，不保存", "This device's camera; pictures go to the coach only and are not kept"],
  camera_which: ["选用哪个摄像头", "Which camera"],
  begin: ["开始练习", "Start"],
  privacy: ["画面只在教练机上处理，不上网、不保存。", "Pictures are processed on the coach's machine only: nothing goes to the internet, nothing is kept."],
  standing: ["站姿", "Standing"], morning_meeting: ["晨会", "Meeting"], sitting: ["坐姿", "Sitting"],
  desk: ["工位", "Desk"], crouching: ["蹲姿", "Crouching"], smile: ["微笑", "Smile"],
  female: ["女", "Women"], male: ["男", "Men"], unspecified: ["不区分", "Either"],
  voice_on: ["语音：开", "Voice: on"], voice_off: ["语音：关", "Voice: off"], voice_none: ["没有语音", "No voice"],
  voice_key: ["按 M 键开关", "Key M switches it"],
  voice_why: ["这台设备没有本地的中文语音，为了不把文字发到网上，语音不可用。可在系统设置里安装中文语音。", "This device has no local English voice. Other voices would send the words over the network, so voice is off. You can install one in the system settings."],
  voice_unsupported: ["这个浏览器不支持语音。", "This browser cannot speak."],
  theme: ["明暗", "Theme"], theme_auto: ["跟随系统", "As the system"], theme_light: ["浅色", "Light"], theme_dark: ["深色", "Dark"],
  full: ["全屏", "Full screen"],
  other_language: ["English", "中文"], to_trainer: ["培训批改", "Grade a folder"], to_meeting: ["晨会", "Morning meeting"],
  check: ["检查 20 秒", "Check, 20 s"], check_cancel: ["取消检查", "Cancel check"], stills: ["留下最好和最差的画面", "Keep best and worst picture"],
  stills_hint: ["只留在这个网页里，关掉就没有了", "Only in this page, gone when it is closed"],
  calibrate: ["校准", "Calibrate"], leave: ["返回", "Back"], use_own: ["改用我自己的摄像头", "Use my own camera"], retry_now: ["现在重试", "Try again now"],
  view_start: ["请到镜头前", "Please come to the camera"],
  connecting: ["正在连接教练…", "Connecting to the coach…"],
  reconnecting: ["连接断开，正在重新连接…", "Connection lost, connecting again…"],
  opening: ["正在打开摄像头…", "Opening the camera…"],
  lost: ["摄像头断开了，请检查插头", "The camera is gone, please check its plug"],
  busy: ["摄像头被别的程序占用", "Another program uses the camera"],
  black: ["画面全黑，请打开镜头盖或开灯", "The picture is black, please open the shutter or turn on a light"],
  none: ["没有找到摄像头", "No camera was found"],
  refused: ["浏览器没有允许使用摄像头。请在地址栏旁允许，再按“现在重试”。", "The browser may not use the camera. Allow it beside the address, then try again."],
  insecure: ["浏览器只在 https 或本机地址上开放摄像头，请改用教练机的摄像头。", "Browsers open cameras only on https or localhost. Please use the coach's camera."],
  full_house: ["现在有 {n} 人在练，已满，请稍等", "All {n} places are taken, please wait"],
  full_house_viewers: ["同时观看的人已满，请稍等", "Too many viewers at once, please wait"],
  retry_in: ["{n} 秒后自动重试", "Trying again in {n} s"],
  camera_ok: ["摄像头正常", "Camera fine"], camera_not: ["摄像头未就绪", "Camera not ready"],
  fps: ["{n} 帧/秒", "{n} frames/s"], reconnected: ["重连 {n} 次", "reconnected: {n}"], places: ["{n}/{m} 人在练", "{n} of {m} places taken"],
  do_standing: ["请站好", "Please stand up straight"], do_sitting: ["请坐下", "Please sit down"], do_crouching: ["请蹲下", "Please crouch down"],
  later: ["姿势做好后开始判断", "Judged once you are in the posture"],
  get_ready: ["准备好，马上开始", "Get ready"], wait_ready: ["站好后自动开始检查", "The check starts once you are in place"],
  checking: ["检查中，请保持", "Checking, please hold"], left: ["还有 {n} 秒", "{n} s left"],
  all_good: ["很好，保持住", "Well done, hold it"], nearly: ["差不多了，保持住", "Nearly there, hold it"], looking: ["正在看，请稍等", "One moment, looking"], nothing_judged: ["这个角度还判断不了，请看右边提示", "This view cannot be judged yet, see the hints in the list"],
  hint_word: ["请", "Please"], fix_word: ["请改正", "To correct"], praise_word: ["改好了", "Mended"], good_word: ["达标", "Met"], wait_word: ["请稍候", "Please wait"], place_word: ["先站好位置", "First, your place"], check_word: ["检查", "Check"],
  place_title: ["先站好位置", "First, find your place"], place_lead: ["对准画面里的轮廓", "Fill the outline in the picture"],
  list_title: ["要求", "Requirements"], score_now: ["现在", "Now"], points: ["分", "points"],
  group_fix: ["要改正", "To correct"], group_warn: ["接近", "Close"], group_pass: ["达标", "Met"], group_unjudged: ["暂时看不到", "Cannot be judged now"], group_self: ["请自查", "Check yourself"],
  self_hint: ["摄像头判断不了，请自己打勾。只留在这个网页里。", "A camera cannot tell. Tick them yourself; it stays in this page."],
  pass: ["达标", "Met"], warn: ["接近", "Close"], fail: ["需改正", "To correct"], unjudged: ["未判断", "Not judged"],
  within: ["应为", "should be"],
  view: ["这个角度看不到", "This camera angle cannot show it"], not_visible: ["没有拍到", "Not in the picture"], too_small: ["在画面里太小", "Too small in the picture"],
  too_short: ["时间太短", "Seen too briefly"], occluded: ["被挡住了", "Hidden"], never: ["摄像头无法判断", "A camera cannot tell"], not_applicable: ["现在不用判断", "Not needed now"], unsure: ["身体没有看准", "Not seen for certain"],
  meets: ["符合要求", "Meets the standard"], improve: ["有待改进", "To be improved"], not_met: ["未达要求", "Does not meet the standard"], not_judged: ["无法判断", "Could not be judged"],
  result_title: ["检查结果", "Result of the check"], result_first: ["先练这些", "Practise these first"], result_all: ["全部要求", "All requirements"],
  result_none: ["没有要改正的，保持下去！", "Nothing to correct. Keep it up!"], result_best: ["最好的一刻", "Best moment"], result_worst: ["最需要改的一刻", "Moment to work on"], result_kept: ["画面只在这个网页里，关掉就没有了。", "The pictures are only in this page and go when it is closed."],
  result_share: ["达标时间 {n}%", "met {n}% of the time"], result_score: ["得分", "Score"],
  result_name: ["姓名", "Name"],
  print: ["打印", "Print"], again: ["再来一次", "Once more"], close: ["关闭", "Close"],
  cal_title: ["校准", "Calibrate"], cal_lead: ["让教练认识你平时的样子和摄像头的摆放。只存在教练机上，随时可以删除。", "Shows the coach how you look at rest and how the camera stands. Kept on the coach's machine only; delete it any time."],
  cal_tilt: ["1. 摄像头正不正", "1. Is the camera level?"], cal_tilt_how: ["在画面里找一条竖直的边（门框、墙角），点它的上端和下端；也可以用滑块转动线条对齐。", "Find an upright edge in the picture (a door frame, a corner) and click its top and its bottom, or turn the line with the slider."],
  cal_slider: ["倾斜角度", "Tilt"], cal_zero: ["归零", "Back to zero"], cal_click2: ["再点同一条边的另一端", "Now click the other end of the same edge"],
  cal_rest: ["2. 你平时的样子", "2. You at rest"], cal_rest_how: ["面向镜头，自然站好或坐好，放松不笑，按下后保持 3 秒。", "Face the camera, stand or sit naturally, relaxed and without smiling, press and hold still for 3 seconds."],
  cal_go: ["开始 3 秒校准", "Calibrate, 3 s"], cal_redo: ["重新校准", "Calibrate again"], cal_delete: ["删除校准", "Delete calibration"], cal_hold: ["请保持不动… {n}", "Hold still… {n}"],
  cal_none: ["还没有校准", "Not calibrated yet"], cal_have: ["已校准", "Calibrated"], cal_when: ["时间", "When"], cal_roll: ["摄像头倾斜", "Camera tilt"], cal_face: ["自然表情与头部", "Face and head at rest"], cal_yes: ["已记录", "recorded"], cal_no: ["没有", "none"], cal_deleted: ["校准已删除", "The calibration is deleted"], cal_failed: ["校准没有成功，请面向镜头再试一次", "Calibration failed, please face the camera and try again"],
  login_title: ["请输入口令", "Pass phrase, please"], login_label: ["口令", "Pass phrase"], login_go: ["进入", "Enter"], login_wrong: ["口令不对，请再试一次。", "That is not it, please try again."], login_slow: ["试得太多了，请过一会儿再试。", "Too many tries, please wait a while."],
  failed: ["没有成功，请再试一次", "That did not work, please try again"],
  mirror_label: ["镜中的你", "You in the mirror"],
};

const UNITS = { deg: ["°", "°"], sw: [" 肩宽", " SW"], tl: [" 躯干长", " trunk"], shin: [" 小腿长", " shin"], s: [" 秒", " s"], share: ["%", "%"] };

export const { t, translate, switchLanguage } = wordsOf(WORDS);

export const knows = (key) => key in WORDS;

function number(value, unit) {
  if (unit === "share") return (100 * value).toFixed(0);
  const decimals = unit === "deg" ? (Math.abs(value) < 100 ? 1 : 0) : unit === "s" ? 1 : 2;
  const shown = value.toFixed(decimals);
  return Number(shown) === 0 ? shown.replace("-", "") : shown;
}

/** `8.1°`, `0.45 肩宽`; empty without a value or where the number has no unit to read it by. */
export function formatValue(value, unit) {
  if (value === null || value === undefined || !unit) return "";
  return number(value, unit) + (unit in UNITS ? UNITS[unit][column()] : ` ${unit}`);
}

/** The band that passes: `≤3°`, `≥155°`, `-3~5°`, `±3°`; empty when both ends are open or without a unit. */
export function formatLimits(limits, unit) {
  const [low, high] = (limits || [null, null]).map((edge) => (edge === null || !Number.isFinite(edge) ? null : trimmed(number(edge, unit))));
  if ((low === null && high === null) || !unit) return "";
  const suffix = unit === "deg" || unit === "share" ? UNITS[unit][0] : "";
  if (low === null) return `≤${high}${suffix}`;
  if (high === null) return `≥${low}${suffix}`;
  return limits[0] === -limits[1] ? `±${high}${suffix}` : `${low}~${high}${suffix}`;
}

const trimmed = (shown) => (shown.includes(".") ? shown.replace(/0+$/, "").replace(/\.$/, "") : shown);
