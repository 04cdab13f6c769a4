"""Many people by place, from left to right: who is who, who joins and leaves, and everybody judged as a single person is.

How one person is judged is `posecoach.judging`'s; how people are found in a picture is the estimators'.
"""
