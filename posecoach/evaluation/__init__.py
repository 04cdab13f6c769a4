"""How often posecoach is right: label files and posecoach's own verdicts become counts, figures and `docs/accuracy.md`.

Nothing here changes a verdict or a threshold of a rule.
"""
