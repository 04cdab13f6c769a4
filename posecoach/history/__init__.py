"""Records that belong to the people in them: who agreed to be remembered, their checks, and who looked at or deleted what.

It keeps no picture and no landmarks, and judges nothing: what it takes in was judged in `posecoach.judging`.
"""
