"""posecoach: coaches the posture and manners of people who serve the public."""

import time

__version__ = "0.1.0"

STARTED_S = time.time()
"""When this process took up its code; files of it that are younger may hold other code."""
