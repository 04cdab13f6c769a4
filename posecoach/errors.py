"""Everything posecoach raises on purpose.

    PosecoachError
    ├── SourceError        a picture, video or camera that cannot be read
    ├── RulesError         a rule file that does not load; the message names file, line and key
    ├── EstimatorError     the landmark models cannot run on this machine
    ├── OutputError        a result that cannot be written
    ├── WorkerError        the process that worked on a clip crashed, hung or met what nobody expected
    └── ClusterError       the machines of a cluster cannot be used as they are

Every message is one line that says what is wrong, where, and what to do.
"""

from __future__ import annotations


class PosecoachError(Exception):
    """Base of all errors a caller may want to show to a person as they are."""


class SourceError(PosecoachError):
    """A picture, video or camera that cannot be read."""


class RulesError(PosecoachError):
    """A rule file that does not load."""


class EstimatorError(PosecoachError):
    """The landmark models cannot run on this machine."""


class OutputError(PosecoachError):
    """A result that cannot be written."""


class WorkerError(PosecoachError):
    """The process that worked on a clip crashed, hung or met what nobody expected."""


class ClusterError(PosecoachError):
    """The machines of a cluster cannot be used as they are."""
