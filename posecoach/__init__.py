"""posecoach: coaches the posture and manners of people who serve the public."""

__version__ = "0.1.0"
