"""Whole pieces of work from file to files: grading a clip or a folder, judging again, a row, watching rules, the doctor.

How they are asked for is the doors' business, `posecoach.cli` and `posecoach.webapp`.
"""
