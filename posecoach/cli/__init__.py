"""The command line: arguments are checked, parts wired, and what came of it is shown in the terminal.

No work is done here.
"""
