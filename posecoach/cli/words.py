"""What the terminal says, in both languages: the help of commands and options, and the lines round the results."""

from __future__ import annotations

from posecoach.vocabulary import Text

# --- commands -----------------------------------------------------------------------------------------------------------------

MAIN = Text(
    """仪态教练 posecoach：看窗口和热线人员的仪态：给视频评分，对着镜头指导练习。

    任何内容都不离开这台电脑。先运行 `posecoach doctor`，再运行 `posecoach grade 路径`。
    """,
    """posecoach grades and coaches the posture and manners of people who serve the public.

    Nothing leaves this machine. Start with `posecoach doctor`, then `posecoach grade PATH`.
    """,
)
GRADE = Text(
    """给录好的练习评分：视频和照片。

PATH 是文件、文件夹或通配。结果写进结果文件夹：index.html（报告）、results.xlsx、results.csv、results.json、带标注的视频和骨架。
评完的都会留下；按 Ctrl-C 可以停止。

\b
例子：
  posecoach grade drill.mp4 --drill standing --profile female
  posecoach grade recordings/ --out results --no-annotate
  posecoach grade "monday/*.mp4" --roster people.csv
  posecoach grade smile.mp4 --drill smile --reference neutral.jpg
  posecoach grade recordings/ --out results --resume

退出码：0 全部评完，1 有文件没有评成，2 用法错误、规则读不了或文件夹不能写，130 用 Ctrl-C 停止。
""",
    """Grade recorded drills: videos and still pictures.

PATH is a file, a folder or a pattern. Results go to the output folder: index.html (the report), results.xlsx, results.csv, results.json,
annotated clips and the landmarks found. What is finished stays finished: Ctrl-C stops cleanly.

\b
Examples:
  posecoach grade drill.mp4 --drill standing --profile female
  posecoach grade recordings/ --out results --no-annotate
  posecoach grade "monday/*.mp4" --roster people.csv
  posecoach grade smile.mp4 --drill smile --reference neutral.jpg
  posecoach grade recordings/ --out results --resume

Exit status: 0 all graded, 1 some inputs failed, 2 wrong usage, rules that do not load or a folder that may not be written, 130 stopped
by Ctrl-C.
""",
)
SERVE = Text(
    """打开练习网页：对着镜头练，一次改正一处。

不写 --host 时只有这台电脑能打开；写了就要设口令，而且别人的浏览器只有在 TLS 下才开放摄像头。不写 --camera 时，各人用自己浏览器的摄像头。
不保存画面。按 Ctrl-C 结束。

\b
CAMERA 可以是
  0                          摄像头的编号
  "USB Camera"               摄像头的名称或其中一段（Linux）
  drill.mp4                  一段视频，循环播放
  rtsp://camera.local/live   网络摄像头（rtsp、rtsps、http、https）

\b
例子：
  posecoach serve --camera 0 --open
  posecoach serve --open
  posecoach serve --camera 0 --host 0.0.0.0 --tls
""",
    """Coach live before a camera: a page that shows one correction at a time.

The page is for this machine only unless --host says otherwise; then a pass phrase is needed, and browsers give a visitor's own camera only
with TLS. Without --camera visitors use the camera of their browser. No picture is stored. Ctrl-C ends it.

\b
CAMERA is one of
  0                          a camera by its number
  "USB Camera"               a camera by its name or a part of it (Linux)
  drill.mp4                  a video, played over and over
  rtsp://camera.local/live   a network camera (rtsp, rtsps, http, https)

\b
Examples:
  posecoach serve --camera 0 --open
  posecoach serve --open
  posecoach serve --camera 0 --host 0.0.0.0 --tls
""",
)
LINEUP = Text(
    """检查一整个队列：晨会。

3 到 12 人在一台摄像头前并排站，每人按晨会站姿的条款评；名单写了性别的按那一种站法，没写的两种都可以。编号按镜头看到的从左到右。结果文件夹里
有index.html（检查单，可打印）、lineup.csv、results.json、results.csv、每个人的骨架和带标注的视频。

\b
例子：
  posecoach lineup monday.mp4
  posecoach lineup monday.mp4 --roster row.csv --out monday

退出码：0 评完，1 文件读不了，2 用法错误、规则读不了或文件夹不能写，130 用 Ctrl-C 停止。
""",
    """Check a whole row of people at once: the morning meeting.

3 to 12 people stand side by side before one camera and are judged by the rules of the morning meeting, each by their own form of the
stance when the roster names it, else by either. Numbers run from left to right as the camera sees it. The output folder gets
index.html (the check sheet, to print), lineup.csv, results.json, results.csv, the landmarks of each person and an annotated copy.

\b
Examples:
  posecoach lineup monday.mp4
  posecoach lineup monday.mp4 --roster row.csv --out monday

Exit status: 0 graded, 1 the input could not be read, 2 wrong usage, rules that do not load or a folder that
may not be written, 130 stopped by Ctrl-C.
""",
)
COMPARE = Text(
    """对比两次评分：培训前后，或同一批视频用两套规则。

OUT1 和 OUT2 是 `posecoach grade` 的结果文件夹。名单里有姓名的人按姓名对应，其余按文件名对应。
每一条款是进步、退步、不变、新判断还是不再判断。

\b
例子：
  posecoach compare before-training after-training
  posecoach compare results results-strict --out comparison
""",
    """Show what changed between two gradings: before and after a training, or the same clips under two sets of rules.

OUT1 and OUT2 are output folders of `posecoach grade`. People with a name in the roster are matched by it, the rest by file name.
Each clause is improved, worse, the same, newly judged or no longer judged.

\b
Examples:
  posecoach compare before-training after-training
  posecoach compare results results-strict --out comparison
""",
)
REGRADE = Text(
    """用存下的骨架按另一套规则重新评分：几秒钟，不用重看视频。

FOLDER 是 `posecoach grade` 的结果文件夹，里面的报告会重写；带标注的视频保持原样。
骨架、规则和程序都没有变化的视频，沿用上次 regrade 的结果。

\b
例子：
  posecoach regrade posecoach-out --rules my-rules/
  posecoach regrade posecoach-out --rules my-rules/ --watch
""",
    """Judge an earlier grading again by other rules, from its stored landmarks: seconds instead of minutes.

FOLDER is the output folder of `posecoach grade`; its reports are written anew. Annotated clips stay as they were.
Clips of which landmarks, rules and program are as they were when they were last judged again keep their results.

\b
Examples:
  posecoach regrade posecoach-out --rules my-rules/
  posecoach regrade posecoach-out --rules my-rules/ --watch
""",
)
EVALUATE = Text(
    """用标注检验判定有多准。

MANIFEST 是标注表（CSV）、带真值的渲染视频文件夹，或列出几组的 YAML；见 docs/evaluate.md。

\b
例子：posecoach evaluate labels.csv --out measured
""",
    """Measure how often the verdicts are right, against labels.

MANIFEST is a sheet of labels (CSV), a folder of rendered clips with their truth, or a YAML list of such sets; see docs/evaluate.md.

\b
Example: posecoach evaluate labels.csv --out measured
""",
)
RULES = Text("列出或检查规则文件。", "Show or check rule files.")
RULES_LIST = Text("列出自带规则的条款，或 FOLDER 里的。", "List the clauses of the shipped rules, or of those in FOLDER.")
RULES_HTML = Text("写成网页：每条有对错图、标准值和出处。", "Write a page instead: right and wrong of each clause, thresholds, sources.")
RULES_POSTER = Text(
    """按规则文件做挂图，每个项目一页：每条一对图（对、错）和怎么改正。

不写 TOPIC 就做全部项目。用浏览器打开后打印，A3 或 A4。
""",
    """Make a poster of each topic from its rule file: right and wrong of each clause, and what to do.

Without TOPIC of all of them. Open it in a browser and print it, A3 or A4.
""",
)
POSTER_OUT = Text("写到哪个文件。", "The file to write.")
POSTER_WRITTEN = Text("写好了：{path}；用浏览器打开，再打印", "Written: {path}; open it in a browser and print it")
NO_TOPIC = Text("没有项目 {topic}；有：{known}", "there is no topic {topic}; there are {known}")
RULES_CHECK = Text(
    """检查自带的规则，或 FOLDER 里的；每处错误都指出文件、行和键。

\b
例子：posecoach rules check my-rules/
""",
    """Check the shipped rules, or those in FOLDER; names file, line and key of every mistake.

\b
Example: posecoach rules check my-rules/
""",
)
ROSTER_COMMANDS = Text("做一份名单：谁在哪段视频里。", "Make a roster: who is in which clip.")
ROSTER_TEMPLATE = Text(
    """写一份空白名单：Excel 工作簿，带下拉列表；写了 FOLDER 就给里面每段视频一行。

FOLDER 里原有名单写了的会填好。已有的文件不动。

\b
例子：posecoach roster template recordings --out recordings/roster.xlsx
""",
    """Write an empty roster as a workbook, with lists to pick from; with a row for each clip in FOLDER.

What a roster in FOLDER says already is filled in. A file that is there stays.

\b
Example: posecoach roster template recordings --out recordings/roster.xlsx
""",
)
DOCTOR = Text(
    "看这台电脑上哪些能用：Python、模型、字体、视频、规则、摄像头。",
    "Say what works on this machine: Python, models, font, video, rules, cameras.",
)

# --- options ------------------------------------------------------------------------------------------------------------------

LANG = Text("用哪种语言。  [默认：系统的语言]", "In which language.  [default: that of the system]")
VERSION = Text("显示版本。", "Show the version and exit.")
DRILL = Text(
    "练的是哪个项目或演练（见 `rules list`）；auto 按看到的姿势判断。",
    "What the clips show, a topic or a drill (`rules list`); auto finds it.",
)
PROFILE = Text("性别：按谁的站法、坐法评。", "Which form of a clause applies.")
RULES_FOLDER = Text("自己的规则文件夹，代替自带的规则。", "A folder of rule files instead of the shipped ones.")
STRICT = Text("只评培训材料里有的条款，不评一般礼仪。", "Leave out clauses of general manners that are not in the training material.")
OUT = Text("结果写到哪个文件夹。", "Folder for the results.")
FORCE = Text(
    "文件夹里有别的东西也写；挡路的改名留着。",
    "Write into a folder that holds other things too; what is in the way is kept under another name.",
)
FPS = Text("每秒分析多少帧。", "Frames analysed a second.")
MODEL = Text(
    "姿态模型：full，或更大、耗时两倍多而总体上并不更准的 heavy（由 make setup 安装）。",
    "The pose model: full, or heavy: larger, more than twice the time, on the whole no more exact (`make setup` installs it).",
)
ANNOTATE = Text("把判定画进每段视频的副本。", "Draw the verdicts into a copy of each clip.")
ANNOTATE_ROW = Text("在副本里给每个人画一张卡片。", "Draw a card for each person into a copy.")
BLUR_FACES = Text("模糊副本和报告图片里的所有人脸。", "Blur all faces in the annotated copies and the stills of the report.")
REFERENCE = Text("参考照片：本人自然表情的照片或视频。", "A picture or clip of the person's own neutral face.")
ROSTER = Text(
    "名单：Excel 工作簿或 CSV，列名 文件、姓名、性别、项目、小组、参考照片、rotate、mirrored；空白名单见 `roster template`。",
    "Who is in which clip: a workbook or CSV with the columns file, name, profile, drill, group, reference, rotate, mirrored; "
    "see `roster template`.",
)
ROSTER_ROW = Text(
    "名单：Excel 工作簿或 CSV，列名 姓名、性别，从左到右一人一行。",
    "Workbook or CSV with the columns name, profile: the people from left to right.",
)
ROTATE = Text("把画面顺时针转多少度。", "Turn the pictures clockwise by so many degrees.")
MIRRORED = Text("画面是镜像的（许多手机的自拍）：转回来。", "The pictures are mirrored, as many phones store selfies: turn them back.")
JOBS = Text("同时评几段视频。  [默认：每个处理器核心一段]", "Clips worked on at a time.  [default: one a core]")
RESUME = Text(
    "跳过上次写进这个文件夹、评完又没有变化的。", "Skip what an earlier run into the same folder finished and nothing has changed about."
)
TIME_LIMIT = Text(
    "一段视频最多算多少秒。  [默认：900，长视频更多]", "Seconds of work a clip may take.  [default: 900, more where it is long]"
)
CLUSTER = Text(
    "在这个 Dask 调度器的电脑上算，不在本机；见 docs/cluster.md。",
    "Work on the machines of this Dask scheduler instead of this one; see docs/cluster.md.",
)
OUT_COMPARE = Text("compare.html 和 compare.csv 写到哪个文件夹；不写就用 OUT2。", "Folder for compare.html and compare.csv; else OUT2.")
OUT_WORKBOOK = Text("写成哪个工作簿。", "The workbook to write.")
AGAIN_ALL = Text(
    "全部重新评分，没有变化的也评。", "Judge all clips again, also those of which neither landmarks, rules nor the program have changed."
)
WATCH = Text(
    "每次保存规则文件都重新评分并说出变化，直到 Ctrl-C。", "Judge again whenever a rule file is saved, and say what changed, until Ctrl-C."
)
MAPPING = Text("哪个标注对应哪条条款；不写就用自带的。", "Which label tells about which clause; else the shipped mapping.")
LANDMARKS = Text("存骨架的文件夹，下次再用。", "A folder that keeps landmarks from run to run.")
DOCS = Text("把数字写成一页（Markdown），带图。", "Write the figures as a page (Markdown) with plots.")
CAMERA = Text("摄像头的编号、名称、视频文件或网络地址。", "Number, name, video file or network address of the camera.")
HOST = Text("在哪个地址上开放。", "Address to listen on.")
PORT = Text("在哪个端口上开放。", "Port to listen on.")
TLS = Text("HTTPS，证书由办公室自己的证书机构签发（自动生成）。", "HTTPS by a certificate authority of the office's own, made here.")
TLS_CERT = Text("HTTPS 的证书链（PEM）。", "Certificate chain (PEM) for HTTPS.")
TLS_KEY = Text("它的私钥（PEM）。", "Its private key (PEM).")
PASSPHRASE_FILE = Text(
    "第一行是口令的文件；不写就看 POSECOACH_PASSPHRASE，再没有就问。",
    "Pass phrase in its first line; else POSECOACH_PASSPHRASE, else asked for.",
)
OPEN = Text("在浏览器里打开网页。", "Open the page in the browser.")
MAX_VISITORS = Text("同时最多几人用自己的摄像头练。", "Visitors with their own camera at a time.")
MAX_VIEWERS = Text("同时最多几人看这台电脑的摄像头。", "Viewers of the server's camera at a time.")
REMOTE_TRAINER = Text("管理员账号可以从别的电脑给这台电脑上的文件夹评分。", "Admins may grade folders of this machine from elsewhere.")
STATE_DIR = Text("校准存在哪里；不写就用系统通常的地方。", "Where calibrations are kept; else the usual place of the system.")

# --- complaints ---------------------------------------------------------------------------------------------------------------

STOPPED = Text("已停止", "stopped")
NOT_FINITE = Text("{value} 不是有限的数。", "{value} is not a finite number.")
RULES_DO_NOT_LOAD = Text("规则读不了：", "the rules do not load:")
CHECK_PATH = Text("请检查路径和权限", "check the path and the permissions")
UNFORESEEN = Text(
    "出了没有预料到的错：{what}；设 {variable}=1 可以看到出在哪里",
    "something went wrong that should not: {what}; set {variable}=1 to see where",
)
JOBS_OR_CLUSTER = Text(
    "--jobs 只用于这台电脑；用 --cluster 时有几个 worker 就同时评几段。",
    "--jobs is for this machine; with --cluster there are as many jobs as workers.",
)
IS_THERE = Text("{path} 已经有了；请用 --out 换一个文件名。", "{path} is there already; name another file with --out.")
ASK_PASSPHRASE = Text("网页的口令", "Pass phrase for the page")

# --- round the results --------------------------------------------------------------------------------------------------------

CLIPS = Text("视频", "clips")
PER_SECOND = Text("{n} 帧/秒", "{n} frames/s")
ROWS_WITHOUT = Text("名单里 {n} 行没有对应的文件：{names}", "{n} rows of the roster match no clip: {names}")
ROW_WITHOUT = Text("名单里 1 行没有对应的文件：{names}", "1 row of the roster matches no clip: {names}")
CLIPS_WITHOUT = Text("{n} 个文件不在名单里：{names}", "{n} clips have no row in the roster: {names}")
CLIP_WITHOUT = Text("1 个文件不在名单里：{names}", "1 clip has no row in the roster: {names}")
AND_MORE = Text("等，另有 {n} 个", " and {n} more")
SEE_RESULTS = Text("，见 results.json", ", see results.json")
GRADED = Text("评完 {path}：{said}", "graded {path}: {said}")
UNCHANGED = Text("{n} 段重新评分（共 {all} 段），{kept} 段没有变化。", "{n} of {all} clips judged again, {kept} unchanged.")
FAILED = Text("没有评成 {path}：{why}", "failed {path}: {why}")
SKIPPED = Text("跳过 {n} 个，{why}：{names}", "skipped {n}, {why}: {names}")
STOPPED_KEPT = Text("已停止，评完的留着：{n} 段。", "Stopped. What was finished is kept: {n} clips.")
STOPPED_KEPT_ONE = Text("已停止，评完的留着：1 段。", "Stopped. What was finished is kept: 1 clip.")
STOPPED_AS_IT_WAS = Text("已停止，结果没有改动。", "Stopped. No results were changed.")
NOTHING_GRADED = Text("什么都没有评；结果文件夹没有动。", "Nothing was graded; the output folder is as it was.")
REPORT = Text("报告：{report}    数据：{data}", "Report: {report}    data: {data}")
STATE = Text("判定", "Verdict")
VALUE = Text("数值", "Value")
CLAUSE = Text("条款", "Clause")
UNJUDGED = Text("未判断，{why}：{listed}", "Not judged. {why}: {listed}")
SOURCE = Text("出处", "Source")
SEEN_FROM = Text("从哪里看", "Seen from")
FOR_WHOM = Text("性别", "Profile")
NEVER_JUDGED = Text("看不出来，请自查", "never: check yourself")
ANYBODY = Text("都适用", "all")
RULES_LOAD = Text(
    "{files} 个规则文件、{clauses} 条条款、{drills} 个演练，没有错误",
    "{files} rule files with {clauses} clauses, and {drills} drills load without a mistake",
)
STEPS = Text("步骤", "Steps")
DRILL_NAME = Text("演练", "Drill")
DOCTOR_WORDS = {True: Text("正常", "ok"), False: Text("有问题", "FAIL")}
"""What a check of `posecoach doctor` found."""

TEMPLATE_ROWS = Text("{path}：{n} 段视频", "{path}: {n} clips")
PERSON = Text("姓名或文件", "Name or file")
NAME = Text("姓名", "Name")
OUTCOME = Text("结论", "Outcome")
SCORE = Text("得分", "Score")
CORRECTION = Text("改正", "Correction")
CHANGES = Text("变化", "Changes")
NOTHING_SHARED = Text(
    "两个文件夹没有同名的人，也没有同名的文件：没有可对比的。", "The two folders share no person by name and no file: nothing to compare."
)
NO_CHANGE = Text("判定没有变化", "no verdict changed")
SOME_CLIPS = Text("{n} 段", "{n} clips")
RULES_DIFFER = Text(
    "规则文件不同（{said}）：变化可能来自规则，而不是人。",
    "The rule files differ ({said}): a change may come from the rules and not from the person.",
)
RULES_CHANGED = Text("改过", "changed")
ONLY_BEFORE = Text("只在前一次", "only before")
ONLY_AFTER = Text("只在后一次", "only after")
ONLY_IN = Text("只在 {title} 里：{paths}", "only in {title}: {paths}")
NOT_GRADED_IN = Text("{title} 里没有评成：{paths}", "not graded in {title}: {paths}")
REPORT_COMPARED = Text("报告：{page}    数据：{table}", "Report: {page}    data: {table}")
PEOPLE = Text("{n} 人：{counts}", "{n} people: {counts}")
SHEET = Text("检查单：{sheet}、{table}    数据：{data}", "Check sheet: {sheet}, {table}    data: {data}")
JUDGED_AGAIN = Text("重新评了 {n} 段", "Judged again: {n}")
MORE_CHANGES = Text("另有 {n} 处变化", "and {n} more")
NOT_REGRADED = Text("没有重新评分，结果还是原来的：", "not judged again, the results are as before:")
NOT_WRITTEN = Text("没有全部写成：{why}；改好后再保存一次规则文件", "not all is written: {why}; then save the rule file again")
WATCHING = Text(
    "正在看着 {folder}；保存规则文件就重新评分，Ctrl-C 结束。", "Watching {folder}; save a rule file to judge again, Ctrl-C ends."
)
STOPPED_WATCHING = Text("不再看着。", "Stopped watching.")


def filled(text: Text, **values: object) -> Text:
    """The text with its places filled in; a value that is a `Text` gives each language its own."""
    zh = {name: value.zh if isinstance(value, Text) else value for name, value in values.items()}
    en = {name: value.en if isinstance(value, Text) else value for name, value in values.items()}
    return Text(text.zh.format(**zh), text.en.format(**en))
