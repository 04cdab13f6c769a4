"""What click says itself, in Chinese: headings of the help, and complaints about arguments.

Click takes its words from gettext, which wants compiled catalogues on disk and a locale of the whole process. Here the same
call is answered from a table instead; a test goes through the complaints and finds no English left.
"""

from __future__ import annotations

import click

from posecoach.cli.language import language

CHINESE = {
    "Usage:": "用法:",
    "Options": "选项",
    "Commands": "命令",
    "default: {default}": "默认：{default}",
    "env var: {var}": "环境变量：{var}",
    "required": "必填",
    "Show this message and exit.": "显示本说明。",
    "Show the version and exit.": "显示版本。",
    "Aborted!": "已取消。",
    "Error: {message}": "用法错误：{message}",
    "Try '{command} {option}' for help.": "请看 {command} {option}",
    "Missing command.": "没有写命令。",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "No such option {name!r}.": "没有选项 {name!r}。",
    "No such command {name!r}.": "没有命令 {name!r}。",
    "Did you mean {possibility}?": "是不是 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "（是不是其中之一：{possibilities}？）",
    "Invalid value: {message}": "值不对：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值不对：{message}",
    "{value!r} is not {choice}.": "{value!r} 不是 {choice}。",
    "{value!r} is not one of {choices}.": "{value!r} 不在 {choices} 之中。",
    "{value!r} is not a valid {number_type}.": "{value!r} 不是数。",
    "{value} is not in the range {range}.": "{value} 不在范围 {range} 内。",
    "Option {name!r} requires an argument.": "选项 {name!r} 后面要写一个值。",
    "Option {name!r} does not take a value.": "选项 {name!r} 后面不能写值。",
    "Got unexpected extra argument ({args})": "多出来的参数（{args}）",
    "Got unexpected extra arguments ({args})": "多出来的参数（{args}）",
    "Choose from:\n\t{choices}": "请选其一：\n\t{choices}",
    "file": "文件",
    "directory": "文件夹",
    "path": "路径",
    "{name} {filename!r} does not exist.": "{name} {filename!r} 不存在。",
    "{name} {filename!r} is a file.": "{filename!r} 是文件，这里要文件夹。",
    "{name} {filename!r} is a directory.": "{filename!r} 是文件夹，这里要文件。",
    "{name} {filename!r} is not readable.": "{name} {filename!r} 读不了。",
    "Error: {error}": "错误：{error}",
    "Error: The two entered values do not match.": "两次输入的不一样。",
    "Repeat for confirmation": "再输入一次",
}


def _worded(message: str) -> str:
    return CHINESE.get(message, message) if language() == "zh" else message


def _counted(one: str, many: str, count: int) -> str:
    return _worded(one if count == 1 else many)


def answer_click() -> None:
    """Have click ask here for its words."""
    for module in (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.termui, click.types):
        for name, answer in (("_", _worded), ("ngettext", _counted)):
            if hasattr(module, name):
                setattr(module, name, answer)
