"""What the rule files say: YAML text becomes immutable rule sets, and every mistake in a file is told with file, line and key.

Nothing here looks at a body; the judge does, in `posecoach.judging`.
"""
