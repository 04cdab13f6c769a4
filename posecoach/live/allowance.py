"""How much somebody may ask of the server. Pure: times are passed in."""

from __future__ import annotations

from posecoach.errors import PosecoachError
from posecoach.vocabulary import Text


class TooFastError(PosecoachError):
    """More than is allowed came; ``wait_s``: when there is room again."""

    def __init__(self, text: Text, wait_s: float) -> None:
        super().__init__(text)
        self.wait_s = wait_s


class Allowance:
    """``per_s`` things a second on the long run, and ``most`` at once."""

    def __init__(self, per_s: float, most: float) -> None:
        self._per_s = per_s
        self._most = self._left = most
        self._at_s: float | None = None

    def take(self, count: int, now_s: float) -> None:
        """Take so many. Raises `TooFastError` where there are not so many left, and takes none then."""
        if self._at_s is not None:
            self._left = min(self._most, self._left + self._per_s * (now_s - self._at_s))
        self._at_s = now_s
        if count > self._left:
            raise TooFastError(Text("发送太快，请稍等", "too much at a time: please wait"), (count - self._left) / self._per_s)
        self._left -= count
