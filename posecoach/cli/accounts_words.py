"""What `posecoach records account` says, in both languages."""

from __future__ import annotations

from posecoach.vocabulary import Text

ACCOUNT = Text(
    """账号：让人从别的电脑和手机看练习记录。

\b
  posecoach records account add 王主任 --role admin
  posecoach records account add 李教练 --role trainer --group 窗口一组
  posecoach records account add 李娜 --role staff

员工只看自己的记录，教练看自己小组的，管理员看全部并管理账号。
密码在提示时输入，或从标准输入读一行；不要写在命令里。
""",
    """Accounts, with which people see records from other computers and phones.

\b
  posecoach records account add boss --role admin
  posecoach records account add coach --role trainer --group Window
  posecoach records account add "Li Na" --role staff

Staff see their own record, trainers those of their groups, admins all of them and the accounts.
The password is asked for, or read as a line of standard input; it is never written in the command.
""",
)
ADD = Text("建立账号。", "Make an account.")
LIST = Text("列出所有账号。", "List all accounts.")
PASSWORD = Text("设新密码；这个账号的所有登录随即失效。", "Set a new password; all sessions of the account end.")
DISABLE = Text("停用账号；所有登录随即失效。", "Shut an account out; all its sessions end.")
ENABLE = Text("重新启用账号。", "Let an account in again.")
ROLE = Text("改变账号的权限，马上生效。", "Change what an account may see, at once.")

ROLE_OF = Text("staff 员工，trainer 教练，admin 管理员。", "staff, trainer or admin.")
PERSON = Text("对应记录库里的哪个人；员工默认与账号同名。", "Whose record is their own; for staff else the account's name.")
GROUP = Text("教练的小组，可写多次；员工：本人所在的小组。", "A trainer's group, once for each; for staff the group they are in.")
ASK = Text("密码", "Password")
NO_PASSWORD = Text(
    "没有读到密码：请在提示时输入，或从标准输入传一行", "no password: type it when asked, or hand it over as a line of standard input"
)

ADDED = Text("已建立账号 {name}（{role}）", "made the account {name} ({role})")
CHANGED = Text("已设新密码，{name} 的登录都已失效", "set a new password; sessions of {name} are over")
DISABLED = Text("已停用账号 {name}", "shut out {name}")
ENABLED = Text("已启用账号 {name}", "let {name} in again")
NOW = Text("{name} 现在是 {role}", "{name} is now {role}")

ACCOUNT_NAME = Text("账号", "Account")
ROLE_NAME = Text("权限", "Role")
PERSON_NAME = Text("本人", "Person")
GROUPS = Text("小组", "Groups")
STATE = Text("状态", "State")
IS_DISABLED = Text("已停用", "shut out")
ROLES = {"staff": Text("员工", "staff"), "trainer": Text("教练", "trainer"), "admin": Text("管理员", "admin")}
