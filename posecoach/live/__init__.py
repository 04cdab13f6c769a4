"""Judging while somebody stands before a camera: the threads, sessions and visitors, and what is told to whoever looks.

How it is judged is `posecoach.judging`'s, and how it travels to a browser `posecoach.webapp`'s.
"""
