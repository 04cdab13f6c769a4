"""Where pictures come from, one file a kind: video files, still pictures, cameras.

What is seen in them is not known here.
"""
