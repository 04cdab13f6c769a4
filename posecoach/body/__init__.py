"""What a camera saw of a body over time: landmarks and frames as value objects, geometry, motion, posture and view.

Nothing here knows a rule, a file or a model; every angle's sign is defined in `geometry`.
"""
