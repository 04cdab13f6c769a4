"""Landmarks from pictures: the only place that imports MediaPipe, and the geometry of where to look for a body or a face.

What a posture is, and whether it is right, is not known here.
"""
