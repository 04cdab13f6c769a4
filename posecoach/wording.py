"""Words for everything the results hold as a code, in Chinese and English: used by the pictures, the reports, the table and the page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from posecoach.vocabulary import Change, Posture, Profile, Reason, State, Text, View

Language = Literal["zh", "en"]
Limits = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """Why a clause is not judged, and what the person can do about it before the next recording.

    ``now``: what helps at once before a running camera, short enough for a card; None where nothing does.
    """

    why: Text
    advice: Text
    now: Text | None = None


STATES: dict[State, Text] = {
    State.PASS: Text("达标", "Met"),
    State.WARN: Text("接近", "Close"),
    State.FAIL: Text("需改正", "To correct"),
    State.UNJUDGED: Text("未判断", "Not judged"),
}

STATE_SIGNS: dict[State, str] = {State.PASS: "✓", State.WARN: "!", State.FAIL: "✗", State.UNJUDGED: "–"}

CHANGES: dict[Change, Text] = {
    Change.IMPROVED: Text("进步", "Improved"),
    Change.WORSE: Text("退步", "Worse"),
    Change.BY_RULES: Text("只是规则变了", "Only the rules changed"),
    Change.SAME: Text("不变", "Same"),
    Change.NEWLY_JUDGED: Text("新判断", "Newly judged"),
    Change.NO_LONGER_JUDGED: Text("不再判断", "No longer judged"),
    Change.NOT_JUDGED: Text("两次都未判断", "Not judged either time"),
}

REASONS: dict[Reason, ReasonWords] = {
    Reason.VIEW: ReasonWords(
        Text("这个角度看不到", "This camera angle cannot show it"),
        Text("换个方向再录：前后倾斜要侧身，左右对称要正对镜头", "Record from the side to show lean, from the front to show symmetry"),
        Text("请正对镜头", "Face the camera"),
    ),
    Reason.NOT_VISIBLE: ReasonWords(
        Text("相关部位没有拍到", "That part of the body is not in the picture"),
        Text("后退一步，或调整镜头，让相关部位都进入画面", "Step back or move the camera until that part is in the picture"),
        Text("请让相关部位都进入画面", "Let that part of you be in the picture"),
    ),
    Reason.TOO_SMALL: ReasonWords(
        Text("人或脸在画面里太小", "The person or face is too small in the picture"),
        Text("走近镜头，或调高画面清晰度", "Come closer, or record at a higher resolution"),
        Text("请走近镜头一点", "Come a little closer"),
    ),
    Reason.TOO_SHORT: ReasonWords(
        Text("时间太短", "Seen for too short a time"),
        Text("保持姿势几秒钟，录得长一些", "Hold the posture for a few seconds and record longer"),
        Text("请保持姿势几秒钟", "Hold the posture for a few seconds"),
    ),
    Reason.OCCLUDED: ReasonWords(
        Text("被身体或物品挡住", "Hidden by the body or by something in front"),
        Text("转身，或移开遮挡物", "Turn round, or clear what is in the way"),
        Text("请露出被挡住的部位", "Show the part that is hidden"),
    ),
    Reason.NEVER: ReasonWords(
        Text("摄像头无法判断", "A camera cannot tell"),
        Text("请自查，或请同事帮忙看", "Check it yourself, or ask a colleague to look"),
    ),
    Reason.NOT_APPLICABLE: ReasonWords(
        Text("没有做这个动作，或已按另一种规范做法评", "The movement was not made, or another permitted form was judged"),
        Text("不用处理；想评这一项，请录下这个动作", "Nothing to do; to have it judged, record the movement"),
    ),
    Reason.UNSURE: ReasonWords(
        Text("身体没有看准", "The body was not seen for certain"),
        Text(
            "画面要正，全身入镜，光线充足，衣服和背景分得清",
            "Keep the picture upright, the whole body in it, in good light, apart from the background",
        ),
    ),
}

EVENTS = {
    "bow": Text("鞠躬", "bow"),
    "step": Text("迈步", "step"),
    "nod": Text("点头", "nod"),
    "handshake": Text("握手", "handshake"),
    "gesture": Text("引导手势", "guiding gesture"),
    "stand_up": Text("起立", "standing up"),
    "sit_down": Text("坐下", "sitting down"),
}
"""What a person did, by the kind of event."""

POSTURES: dict[Posture, Text] = {
    Posture.ABSENT: Text("无人", "Nobody"),
    Posture.UNKNOWN: Text("姿势不明", "Posture unclear"),
    Posture.STANDING: Text("站姿", "Standing"),
    Posture.SITTING: Text("坐姿", "Sitting"),
    Posture.CROUCHING: Text("蹲姿", "Crouching"),
    Posture.TRANSITION: Text("变换姿势", "Changing posture"),
}

VIEWS: dict[View, Text] = {
    View.UNKNOWN: Text("方向不明", "Direction unclear"),
    View.FRONT: Text("正面", "Front"),
    View.THREE_QUARTER: Text("斜侧面", "Three-quarter"),
    View.SIDE_LEFT: Text("左侧面", "Left side"),
    View.SIDE_RIGHT: Text("右侧面", "Right side"),
    View.BACK: Text("背面", "Back"),
}

VIEW_WORDS: dict[str, Text] = {
    "front": Text("正面", "the front"),
    "three_quarter": Text("斜侧面", "three quarters"),
    "side": Text("侧面", "the side"),
    "side_left": Text("左侧面", "the left side"),
    "side_right": Text("右侧面", "the right side"),
    "back": Text("背面", "behind"),
}
"""From where to film, by the words for views in rule files."""

OUTCOMES: dict[str, Text] = {
    "meets": Text("符合要求", "Meets the standard"),
    "improve": Text("有待改进", "To be improved"),
    "not_met": Text("未达要求", "Does not meet the standard"),
    "not_enough": Text("依据不足", "Too little was seen"),
    "not_judged": Text("无法判断", "Could not be judged"),
}

OUTCOME_STATES: dict[str, State] = {
    "meets": State.PASS,
    "improve": State.WARN,
    "not_met": State.FAIL,
    "not_enough": State.UNJUDGED,
    "not_judged": State.UNJUDGED,
}

WARNINGS: dict[str, Text] = {
    "damaged": Text("文件有损坏，只评了能读的部分", "The file is damaged; only the readable part was graded"),
    "time_jump": Text(
        "文件里的时间跳了，跳过的空白没有算进去", "The clock of the file jumps; the gap, in which nothing was recorded, was left out"
    ),
    "size_changed": Text(
        "录制中画面大小变了（例如转了手机），后面的画面已等比例放进原来的大小",
        "The size of the picture changed while recording, as when a phone is turned; later pictures were fitted into the first size",
    ),
    "sideways": Text(
        "画面横着或倒着，这些时间没有评：请把视频转正（--rotate 90、180 或 270，或名单的“旋转”列）再评",
        "The picture lies on its side or upside down and was not judged then: turn it upright (--rotate 90, 180 or 270, or the roster)",
    ),
    "astray": Text(
        "有些时候身体没有看准，没有评：请正面或侧面对着镜头，头和全身入镜，光线充足，衣服和背景分得清",
        "At times the body was not seen for certain and not judged: face the camera or stand sideways to it, head and body in the picture, "
        "in good light, apart from the background",
    ),
    "neutral_wanted": Text(
        "分不清是淡淡的微笑还是天生的嘴角：给出本人自然表情的照片（--reference、名单的 reference 列，或在网页上校准）就能分清",
        "From this face alone a faint smile cannot be told from a mouth that looks so at rest: a picture of the person's own neutral face "
        "(--reference, the roster, or a calibration) would settle it",
    ),
    "step_not_seen": Text("有步骤没有看到", "A step was not seen"),
    "posture_not_seen": Text("没有看到所选的动作", "The chosen drill was not seen"),
    "no_person": Text("画面里没有看到人", "Nobody was seen in the picture"),
    "people_hidden": Text(
        "有人和旁边的人重叠，没有评，请站开一点", "People overlap in the picture and were not judged; stand further apart"
    ),
    "people_cut": Text("有人站在画面边缘，没有评", "Somebody is cut by the edge of the picture and was not judged"),
    "people_small": Text(
        "人在画面里太小（不到 200 像素高），请走近或换更清晰的镜头", "People are less than 200 pixels tall; move the camera closer"
    ),
    "several_people": Text(
        "画面里不止一人，只评了一人：请只让一个人入镜", "More than one person was seen and one was graded; keep others out of the picture"
    ),
    "person_unsure": Text(
        "有人挡住或走过被评的人，这段时间没有评", "Somebody stood before the person or walked by; that time was not judged"
    ),
    "bystanders": Text("队列外还有人，没有评", "People outside the row were seen and not judged"),
    "roster_mismatch": Text("名单人数与队列人数不同，没有对应姓名", "The roster and the row count different people, so nobody was named"),
}

SKIPPED: dict[str, Text] = {
    "hidden": Text("隐藏文件", "hidden"),
    "office_lock": Text("办公软件打开文档时的临时文件", "a lock file of an office program"),
    "not_media": Text(
        "不是视频或照片的后缀；如果是视频，请单独写出这个文件", "not the ending of a video or picture; if it is one, name the file itself"
    ),
    "own_results": Text("posecoach 自己的结果", "results of posecoach"),
    "same_file": Text("和另一个路径是同一个文件", "the same file as another path"),
    "same_folder": Text("和另一个路径是同一个文件夹", "the same folder as another path"),
    "no_access": Text("文件夹打不开：请检查权限", "the folder cannot be opened; check the permissions"),
    "broken_link": Text("链接指向的东西不存在", "a link that leads nowhere"),
    "not_a_file": Text("不是文件（设备或管道）", "a device or pipe, not a file"),
}
"""Why something under a PATH was passed over."""

ROW_STATUSES: dict[str, Text] = {
    "judged": Text("已评", "Judged"),
    "hidden": Text("看不清：被旁边的人挡住", "Cannot see: hidden by others"),
    "edge": Text("看不清：请往画面里站", "Cannot see: step inwards"),
    "bent": Text("看不清：请站直", "Cannot see: stand up straight"),
    "turned": Text("背对镜头：请转过来", "Back to the camera: turn round"),
    "sideways": Text("画面横着或倒着：请转正", "The picture lies on its side: turn it"),
    "moving": Text("还没有站定：请站稳", "Not still yet: stand still"),
    "away": Text("不在位", "Not here"),
}
"""What can be done with somebody in a row, by the code of `row.Status`."""

AUTO_DRILL = Text("自动", "Automatic")
"""What a clip was judged by where no topic was asked for."""

PROFILES: dict[Profile, Text] = {
    Profile.FEMALE: Text("女", "Women"),
    Profile.MALE: Text("男", "Men"),
    Profile.UNSPECIFIED: Text("不区分", "Either"),
}

KINDS: dict[str, Text] = {"video": Text("视频", "Video"), "picture": Text("照片", "Picture")}

UNITS: dict[str, Text] = {
    "deg": Text("°", "°"),
    "sw": Text(" 肩宽", " SW"),
    "tl": Text(" 躯干长", " trunk"),
    "shin": Text(" 小腿长", " shin"),
    "s": Text(" 秒", " s"),
    "per_min": Text(" 次/分", " a minute"),
    "share": Text("%", "%"),
    "": Text("", ""),
}
"""What follows a number. ``sw``: shoulder widths, ``tl``: trunk lengths, ``share``: 0..1 in results, shown in per cent."""


SOURCES: dict[str, Text] = {
    "T1": Text("窗口人员服务意识培训讲稿", "training script on service awareness for window staff"),
    "T2": Text("12345 热线工作文章", "article on work at the 12345 hotline"),
    "T3": Text("六合 400 人礼仪培训报道", "report on an etiquette training for 400 staff in Luhe"),
    "T4": Text("整治冷硬作风会议纪要", "minutes of a meeting on cold and rude service"),
    "T5": Text("服务随笔", "personal essay on service"),
}
"""What the documents are that clauses cite."""


def words_for(table: Mapping[str, Text], code: str) -> Text:
    """The words for ``code``, or the code itself in both languages where the table does not know it."""
    return table.get(code, Text(code, code))


def film_from(views: Sequence[str]) -> Text:
    """What to do so that a clause is seen: film from one of ``views``, words of rule files."""
    words = [words_for(VIEW_WORDS, view) for view in views]
    return Text(
        "请从" + "或".join(word.zh for word in words) + "再拍一段", "Film from " + " or ".join(word.en for word in words) + " as well"
    )


def say(text: Text, language: Language) -> str:
    """The text in one language."""
    return text.zh if language == "zh" else text.en


def led_by(lead: Text, said: Text | None) -> Text:
    """One sentence of two: ``lead``, and then what is said; without that ``lead`` alone."""
    if said is None:
        return lead
    return Text(f"{lead.zh}：{said.zh}", f"{lead.en}: {said.en[:1].lower()}{said.en[1:]}")


_ASIDE = re.compile(r"\s*[（(][^）)]*[）)]")


def without_aside(text: str) -> str:
    """The text without what it says in brackets."""
    return _ASIDE.sub("", text)


def number(value: float, unit: str) -> str:
    """A number as precise as its unit deserves, without the unit: ``8.1`` deg, ``0.45`` sw, ``98`` for a share of 0.98."""
    if unit == "share":
        return f"{100 * value:.0f}"
    decimals = {"deg": 1 if abs(value) < 100 else 0, "s": 1}.get(unit, 2)
    shown = f"{value:.{decimals}f}"
    return shown.lstrip("-") if float(shown) == 0 else shown


def format_value(value: float | None, unit: str, language: Language = "zh", error_95: float | None = None) -> str:
    """A value with its unit, such as ``8.1°``, ``6.2 ± 1.5°`` or ``0.45 肩宽``.

    Empty without a value or where the number has no unit to read it by. ``error_95``: half the width of its interval, if it is known.
    """
    if value is None or unit == "":
        return ""
    doubt = "" if error_95 is None else f" ± {number(error_95, unit)}"
    return number(value, unit) + doubt + say(UNITS.get(unit, Text(f" {unit}", f" {unit}")), language)


def format_limits(limits: Limits | None, unit: str) -> str:
    """The band that passes: ``≤3°``, ``≥155°``, ``±3°``, ``-3~5°`` or, without the long units, ``0.45~1``; empty when there is none."""
    if limits is None or limits == (None, None) or unit == "":
        return ""
    low, high = (None if edge is None else _trimmed(number(edge, unit)) for edge in limits)
    suffix = UNITS[unit].zh if unit in ("deg", "share") else ""
    if low is None:
        return f"≤{high}{suffix}"
    if low == f"-{high}":
        return f"±{high}{suffix}"
    return f"≥{low}{suffix}" if high is None else f"{low}~{high}{suffix}"


def _trimmed(shown: str) -> str:
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
