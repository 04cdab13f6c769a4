"""How sure a share of people is, and a difference of two: small groups are most groups."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z_95 = 1.959964


def wilson(met: float, count: int) -> tuple[float, float] | None:
    """95 % interval of a share, 0..1, which holds for small counts and at 0 and 1 (E. B. Wilson, JASA 22, 1927); None of nothing."""
    if not count:
        return None
    share, z2 = met / count, Z_95**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = Z_95 * math.sqrt(share * (1 - share) / count + z2 / (4 * count * count)) / (1 + z2 / count)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Share:
    """``met`` of ``count``, with its 95 % interval; share and interval 0..1, None where nobody was counted."""

    met: int
    count: int

    @property
    def value(self) -> float | None:
        """The share itself."""
        return self.met / self.count if self.count else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's."""
        return wilson(self.met, self.count)


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much a share changed, with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def is_certain(self) -> bool:
        """Whether it went one way for all that is in the interval."""
        return self.low > 0 or self.high < 0


def difference(before: Share, after: Share) -> Difference | None:
    """After less before; None where one counts nobody. Newcombe's interval from the two of Wilson (Statist. Med. 17, 1998, method 10).

    It takes the two for different people; for the same people it is wider than it need be.
    """
    if before.interval is None or after.interval is None:
        return None
    p1, p2 = before.met / before.count, after.met / after.count
    (low1, high1), (low2, high2) = before.interval, after.interval
    change = p2 - p1
    return Difference(change, change - math.hypot(p2 - low2, high1 - p1), change + math.hypot(high2 - p2, p1 - low1))
