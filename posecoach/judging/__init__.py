"""Measures, rules and time become verdicts, the one correction, curves, and a description of what is drawn of them.

Nothing here reads a file, a clock or a picture; sources and estimators are known by their protocols only.
"""
