"""A drawing under way: the person as the picture shows them, the shapes so far, and labels that find a free place beside them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from posecoach.body.landmarks import BODY_EDGES
from posecoach.judging.scene import Mark
from posecoach.judging.shapes import XY, Area, Line, Shape, Words, rounded_box, sign, width_em
from posecoach.vocabulary import State, View
from posecoach.wording import Language, format_limits, format_value, say, without_aside

Point = npt.NDArray[np.float64]
"""x and y in pixels of the picture as it is shown, NaN where it is not seen."""

Box = tuple[float, float, float, float]
"""Left, top, width and height."""

_SMALL = 0.78
"""Size of a label's name and limit, in its value's."""
_PLATE_OPACITY = 0.8
_ALONG = np.linspace(0, 1, 7)[:, None]
_HIDES = 0.5
"""A seventh of a limb hidden counts for so many label heights of way."""
_NEAR_STEPS = 16
"""A label is looked a place for so many quarters of its height above and below, before it may cover anything."""
_WIDEST = 0.55
"""Of what is seen: a wider label leaves its limit to the list beside the picture."""


@dataclass(slots=True)
class LabelSheet:
    """``stroke`` and ``font`` in pixels of the picture; ``points`` (33, 2) and ``face`` (n, 2) of the person as shown, NaN where not seen.

    ``seen``: left, top, right and bottom of what is seen of the picture; ``body_x``: from where to where the person is; ``taken``: where no
    label may lie.
    """

    size_wh: tuple[int, int]
    seen: Box
    stroke: float
    font: float
    language: Language
    view: View
    is_mirrored: bool
    points: Point
    face: Point
    shapes: list[Shape] = field(default_factory=list)
    taken: list[Box] = field(default_factory=list)
    body_x: XY = (0.0, 0.0)

    def label(self, anchor: XY, mark: Mark, to_left: bool = False) -> None:
        """The clause over its value and limit on a plate beside the person, with a thin line to what is measured.

        The line to an anchor on the face begins at its edge. Left out where no place is free: the list beside the picture has it too.
        """
        font, small, pad, radius = self.font, _SMALL * self.font, 0.3 * self.font, 0.42 * self.font
        name = without_aside(say(mark.label, self.language))
        value, limit = format_value(mark.value, mark.unit, self.language), format_limits(mark.band, mark.unit)
        name_width, value_width, limit_width = small * width_em(name), font * width_em(value), small * width_em(limit)
        frame, most_wide = 2 * radius + 4 * pad, _WIDEST * (self.seen[2] - self.seen[0])
        if frame + value_width + pad + limit_width > most_wide:
            limit, limit_width = "", 0.0
        width = frame + max(name_width, value_width + pad + limit_width if value else 0.0)
        height = (2.5 if value else 1.4) * font
        place = self._free_place(anchor, (width, height), to_left, mark.state is not State.PASS)
        if place is None:
            return
        x, y = place
        self._tie(anchor, x + width if x + width / 2 < anchor[0] else x, y + height / 2)
        self.shapes.append(Area(rounded_box(place, (width, height), pad), "ink", _PLATE_OPACITY))
        self.shapes += sign((x + 1.2 * pad + radius, y + height / 2), radius, mark.state)
        left = x + 2.5 * pad + 2 * radius
        self.shapes.append(Words((left, y + 0.99 * font), name, small, "soft" if value else "white", name_width))
        if value:
            self.shapes.append(Words((left, y + 2.08 * font), value, font, "white", value_width))
        if value and limit:
            self.shapes.append(Words((left + value_width + pad, y + 2.08 * font), limit, small, "limit", limit_width))

    def _tie(self, anchor: XY, side: float, middle: float) -> None:
        start = anchor
        for left, top, width, height in self.taken:
            if left < anchor[0] < left + width and top < anchor[1] < top + height:
                start = (left if side < anchor[0] else left + width, anchor[1])
                break
        self.shapes.append(Line((start, (side, middle)), "white", max(1.4, 0.7 * self.stroke)))

    def _free_place(self, anchor: XY, size: XY, to_left: bool, may_cover: bool) -> XY | None:
        """The nearest free place beside the person, on the other side or, in a narrow picture, where it hides least of the limbs, and not
        what is measured; there only what is amiss (``may_cover``). Of two as near the lower one. None when there is none.
        """
        width, height = size
        least_x, least_y = self.seen[0] + 2, self.seen[1] + 2
        most_x, most_y = self.seen[2] - width - 2, self.seen[3] - height - 2
        away = 6 * self.stroke
        sides = [min(anchor[0], self.body_x[0]) - away - width, max(anchor[0], self.body_x[1]) + away]
        if not to_left:
            sides.reverse()
        wanted = max(least_y, min(anchor[1] - height / 2, most_y))
        most_steps = int(4 * max(0.0, most_y - least_y) / height)

        def heights(most: int) -> list[float]:
            steps = (side * step * height / 4 for step in range(most + 1) for side in ((1, -1) if step else (1,)))
            return [y for y in (wanted + step for step in steps) if least_y <= y <= most_y]

        near = heights(min(_NEAR_STEPS, most_steps))
        inside = [x for x in sides if least_x <= x <= most_x]
        place = next(((x, y) for x in inside for y in near if not self._covers((x, y, *size))), None)
        if place is None and may_cover and most_x >= least_x and most_y >= least_y:
            clipped = [max(least_x, min(x, most_x)) for x in sides]
            beside = [y for y in heights(most_steps) if not y - away < anchor[1] < y + height + away]
            free = [(x, y) for x in clipped for y in beside if not self._covers((x, y, *size))]
            place = min(free, key=lambda at: self._hidden((*at, *size)) + abs(at[1] - wanted) / height, default=None)
        if place is not None:
            self.taken.append((*place, *size))
        return place

    def _hidden(self, box: Box) -> float:
        """How much a label there hides of the limbs: counted in label heights that it may lie further away to hide nothing."""
        x, y, width, height = box
        ends = self.points[np.array(BODY_EDGES)]
        along = ends[:, :1] + (ends[:, 1:] - ends[:, :1]) * _ALONG
        is_in = (along >= (x - self.stroke, y - self.stroke)) & (along <= (x + width + self.stroke, y + height + self.stroke))
        return _HIDES * float(is_in.all(-1).sum())

    def _covers(self, box: Box) -> bool:
        x, y, width, height = box
        return any(x < tx + tw + 2 and tx < x + width + 2 and y < ty + th + 2 and ty < y + height + 2 for tx, ty, tw, th in self.taken)
