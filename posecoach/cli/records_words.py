"""What `posecoach records` says, in both languages."""

from __future__ import annotations

from posecoach.vocabulary import Text

RECORDS = Text(
    """练习记录：只记本人同意的人，不存画面。

\b
例子：
  posecoach records add 李娜 --group 窗口一组 --consent
  posecoach grade recordings/ --roster people.csv --record
  posecoach records import old-results/
  posecoach records show 李娜
  posecoach records forget 李娜

记录放在这台电脑上（--state-dir），或放进 PostgreSQL：--database postgresql://用户@地址/库名。
""",
    """Records of people who agreed to be remembered; no picture is kept.

\b
Examples:
  posecoach records add "Li Na" --group Window --consent
  posecoach grade recordings/ --roster people.csv --record
  posecoach records import old-results/
  posecoach records show "Li Na"
  posecoach records forget "Li Na"

They lie on this computer (--state-dir), or in PostgreSQL: --database postgresql://USER@HOST/NAME.
""",
)
ADD = Text("登记一个同意留下记录的人。", "Add somebody who agreed to be remembered.")
LIST = Text("列出所有人和检查次数。", "List everybody and how many checks they have.")
SHOW = Text("显示一个人的检查，和接下来要练的条款。", "Show somebody's checks, and the clauses to practise next.")
EXPORT = Text("把一个人的全部记录写成 JSON。", "Write everything recorded of somebody as JSON.")
FORGET = Text("删除一个人和其全部记录，无法恢复。", "Delete somebody and all their records, for good.")
IMPORT = Text(
    """把评分结果（grade 和 lineup 的结果文件夹）、保存的晨会检查单，或 records table 写的表格记入。

同一段视频、同一次晨会不会重复计数。人员表要有“姓名”和“同意日期”两列。
""",
    """Record gradings (output folders of grade and lineup), saved group sheets, or tables as records table writes them.

The same clip or meeting never counts twice. A table of people needs the columns name and consent (the day).
""",
)
TABLE = Text(
    """把所有人（people）或所有检查（checks）写成表格：CSV、XLSX 或 JSON，看文件名的结尾。

\b
例子：
  posecoach records table people staff.xlsx
  posecoach records table checks checks.csv
""",
    """Write everybody (people) or all checks (checks) as a table: CSV, XLSX or JSON, as the file's name ends.

\b
Examples:
  posecoach records table people staff.xlsx
  posecoach records table checks checks.csv
""",
)
RULES = Text("列出每一版规则判断过多少次检查、从哪天到哪天。", "Show which version of the rules judged how many checks, and when.")
WRITTEN = Text("已写入 {file}", "written: {file}")
TAKEN_IN = Text("新增 {new} 人，已有 {known} 人", "people added: {new}, there already: {known}")
RULES_FILE = Text("规则文件", "Rules")
VERSION = Text("版本", "Version")
FROM = Text("最早", "First")
TO = Text("最近", "Last")
CHECK = Text("检查记录是否完好。", "Check whether the records are sound.")
BACKUP = Text("把全部记录备份成一个文件。", "Copy all records into one file.")
RESTORE = Text("把备份恢复到空的记录库（也可以换一种数据库）。", "Put a backup into an empty database, of either kind.")
PURGE = Text("删除超过保存期限的检查。", "Delete checks that were kept long enough.")

DATABASE = Text("数据库地址，或 SQLite 文件；默认放在这台电脑上。", "Address of a database, or a file of SQLite; else on this computer.")
STATE = Text("记录所在的文件夹；默认为系统的常用位置。", "Folder of the records; else the usual place of the system.")
GROUP = Text("小组，同名的人靠它区分。", "Group; it tells people of one name apart.")
CONSENT = Text("本人同意留下检查结果。", "This person agreed that results are kept.")
NOTE = Text("同意的凭据，例如签字表的编号。", "How consent was given, such as the number of a signed sheet.")
YES = Text("不再询问。", "Do not ask.")
KEEP = Text("从现在起保存多少天。", "From now on keep checks for so many days.")
TO_FILE = Text("写到这个文件；默认打印出来。", "Write into this file; else print it.")
RECORD = Text("把结果记入同意的人的练习记录。", "Record the results of those who agreed; see records.")

RECORD_ROW = Text("把名单上同意的人的结果记入练习记录。", "Record the results of those in the roster who agreed; see records.")
DATABASE_TO_RECORD = Text("--database 要和 --record 一起用。", "--database goes with --record.")
NEEDS_CONSENT = Text("先取得本人同意，再加上 --consent", "ask this person first, then add --consent")
ADDED = Text("已登记 {name}（{number} 号）", "added {name} (number {number})")
NOBODY_CALLED = Text("记录库里没有 {name}；用 records list 查看", "nobody is called {name}; see records list")
NOBODY_YET = Text("还没有人；同意的人用 records add 姓名 --consent 登记", "nobody yet; add who agreed with records add NAME --consent")
REALLY = Text("删除 {name} 和 {count} 次检查？", "Delete {name} and all checks ({count})?")
FORGOTTEN = Text("已删除 {name} 和 {count} 次检查", "deleted {name} and all checks ({count})")
RECORDED = Text(
    "练习记录：新增 {new} 次检查，按新规则重新判断 {anew} 次，已有 {known} 次",
    "records: {new} new, {anew} judged anew by other rules, {known} there already",
)
NOT_RECORDED = Text(
    "没有记入（未登记同意）：{names}；请用 records add … --consent 登记",
    "not recorded, no consent: {names}; add them with records add ... --consent",
)
OTHER_GROUP = Text(
    "没有记入（记录库里的小组和名单上的不同）：{names}；请用 records list 查看，把名单里的小组改成一样的",
    "not recorded, in another group here than in the roster: {names}; see records list, and write the same group in the roster",
)
AMBIGUOUS = Text(
    "没有记入：不止一人叫 {names}；请在名单里写明小组，或一人一个名字",
    "not recorded, several people have this name: {names}; give their groups in the roster, or each a name of their own",
)
NAMELESS = Text("没有记入：{count} 人没有姓名；请在名单里写上", "not recorded for want of a name: {count}; give names in a roster")
STOCK = Text(
    "{people} 人，{checks} 次检查，{results} 条判定；保存 {days} 天，超期 {overdue} 次",
    "people: {people}, checks: {checks}, verdicts: {results}; kept for {days} days, overdue: {overdue}",
)
SOUND = Text("记录完好", "the records are sound")
BACKED_UP = Text("已备份到 {file}", "backed up into {file}")
RESTORED = Text("已恢复 {rows} 行", "restored {rows} rows")
PURGED = Text("已删除 {count} 次超期的检查", "checks deleted that were kept long enough: {count}")
NAME = Text("姓名", "Name")
GROUP_OF = Text("小组", "Group")
CHECKS = Text("检查", "Checks")
LAST = Text("最近", "Last")
DAY = Text("日期", "Day")
TOPIC = Text("项目", "Topic")
SCORE = Text("得分", "Score")
OUTCOME = Text("结论", "Outcome")
PRACTISE = Text("先练：{clauses}", "practise first: {clauses}")
REVIEW = Text(
    """对一次检查写下培训师的意见（编号见 records show），与机器的判定并列，不替换它。

\b
例子：
  posecoach records review 17 --met stand.head_up --reason "帽檐低" --agree
  posecoach records review 17 --comment "下次请从正面拍"
""",
    """Say what a trainer makes of a check (its number: records show); it stands beside the machine's verdicts, never in their place.

\b
Examples:
  posecoach records review 17 --met stand.head_up --reason "a cap" --agree
  posecoach records review 17 --comment "film from the front next time"
""",
)
WITHDRAW = Text(
    "收回一名评估人对一次检查的全部意见和评语。",
    "Take back all that a rater said of a check, comments too.",
)
WITHDRAWN = Text("已收回 {rater} 对第 {number} 次检查的意见", "taken back: what {rater} said of check {number}")
MET = Text("这条其实达标（可多次）", "this clause is met after all (may be given several times)")
CLOSE = Text("这条其实是接近", "this clause is close to being met")
NOT_MET = Text("这条其实没有达标", "this clause is not met after all")
UNCLEAR = Text("这条其实看不出来", "this clause cannot be told from the film")
REASON = Text("为什么机器判错了；与机器不同时必须写", "why the machine is wrong; needed where you say otherwise")
AGREE = Text("我看过了，其余条款同意机器的判定", "I saw it, and agree with all other verdicts")
COMMENT = Text("对这次检查的评语", "a comment on the whole check")
RATER = Text("评估人姓名；默认是这台电脑的用户", "who says so; otherwise the user of this computer")
REVIEWED = Text("已记下 {rater} 对 {count} 条的意见", "kept what {rater} says; clauses: {count}")
RATINGS = Text(
    "显示培训师和机器的一致程度（kappa），并写成 posecoach evaluate 能读的标注表。",
    "Show how far trainers and posecoach agree (kappa), and write a sheet that posecoach evaluate reads.",
)
SHEET_FILE = Text("标注表（CSV），放在视频所在的文件夹里用", "the sheet (CSV), to be put beside the clips")
CLAUSE = Text("条款", "Clause")
JUDGED_BY_BOTH = Text("双方都判断的", "Judged by both")
KAPPA = Text("kappa（95% 范围）", "Kappa (95 % interval)")
ALL = Text("全部", "all")
RATERS = Text("{first} 与 {second}：共同标注 {count} 条，kappa {kappa}", "{first} and {second}: {count} labels of both, kappa {kappa}")
NUMBER = Text("编号", "No.")
