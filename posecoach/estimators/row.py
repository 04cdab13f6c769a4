"""Follows everybody in a picture, each with a region, smoothing and face of their own. The models come in as objects.

One person costs one run of the pose model and, as often as for a single person, one of the face mesh; the search for others runs once in a
while. Where there is not time for all in a frame, those not seen for longest come first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from posecoach.body.landmarks import Face, Pose
from posecoach.body.records import Array, Frame
from posecoach.estimators import row_bodies
from posecoach.estimators.bodies import SeenBody
from posecoach.estimators.crops import cut, size_wh_of, working_picture
from posecoach.estimators.faces import CROP_PX, FaceModel, Faces
from posecoach.estimators.people import (
    HEAD_M,
    Crowd,
    Head,
    Region,
    RegionModel,
    Search,
    SeenPeople,
    head_above,
    head_of,
    region_below,
    region_round,
)
from posecoach.estimators.regions import Box, SeenPerson, Square
from posecoach.estimators.row_bodies import SAME_HEAD_M, is_same
from posecoach.estimators.row_looks import Looks, SearchExtent
from posecoach.estimators.row_person import Followed
from posecoach.row.places import Sighting
from posecoach.vocabulary import PoseModel

TWINS_LOOK_MS = 250.0
"""So soon others are looked for after two were found to share a body: one of them has lost theirs."""
FACE_SCORE = 0.8
FACE_SHARE = 0.5
"""A face without a body counts when the face mesh sees it too, or when the detector is so sure and it is no smaller than this share of the
others: the mesh does not see faces turned far aside."""
LOST_MS = 1000.0
"""Somebody not found for so long is gone."""
HEAD_LOST_MS = 2500.0
"""The same for a mere face, which is looked for only once in a while."""
CORRIDOR_SHARE = 0.62
"""The pose model is shown so much of the way to the next head: a neighbour's whole body would attract it."""
CORRIDOR_M = 1.1
STARTS = (4.4, 4.4, 3.4, 2.6)
"""Where the hips may be under a face, in its sides: standing, the same again with less of the neighbours shown, seated, cut off."""
PLAIN_MIN = 0.6
"""Visibility that head and shoulders need of a body that was detected without a face."""
ASIDE = ((0.15, 1.15), (-0.15, 0.87))
"""Where and in how large a region a body nobody detected is asked for again: metres to the side, and times its own region."""
FACE_MARGIN = 3.0

_PLAIN = [Pose.NOSE, Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER]

HasTime = Callable[[], bool]


class Models(Protocol):
    """The models that everybody in the row shares."""

    @property
    def search(self) -> Search: ...

    @property
    def bodies(self) -> RegionModel: ...

    @property
    def mesh(self) -> FaceModel: ...

    def faces(self) -> Faces: ...

    def close(self) -> None: ...


class RowEstimator:
    """Finds and follows everybody, frame by frame in order of time. Belongs to one thread; closing frees the models."""

    def __init__(self, models: Models, *, still: bool = False, model: PoseModel = "full") -> None:
        self._models = models
        self._model = model
        self._still = still
        self._people: list[Followed] = []
        self._keys = 0
        self._looks = Looks()
        self._places: list[SeenPerson] = []
        self._asked_x = 0.0

    def estimate(self, frame: Frame, has_time: HasTime = lambda: True) -> tuple[Sighting, ...]:
        """Everybody updated in this frame: all, or those for whom ``has_time`` says so, at least one, the longest unseen first."""
        picture, ratio = working_picture(frame.image_bgr)
        self._look(picture, frame.t_ms)
        self._meet_faceless(picture, frame.t_ms)
        fresh: list[Followed] = []
        for person in sorted(self._people, key=lambda person: person.tried_ms):
            if fresh and not has_time():
                break
            self._update(picture, person, frame.t_ms)
            fresh.append(person)
        self._part_twins(frame.t_ms)
        self._drop_lost(frame.t_ms)
        seen = [person for person in self._people if person in fresh and person.seen_ms == frame.t_ms]
        return tuple(person.sighting(frame, ratio, self._model) for person in seen)

    @property
    def waiting(self) -> frozenset[int]:
        """Keys of those whose turn has not come since they were seen: where time is short they are still there."""
        return frozenset(person.key for person in self._people if person.tried_ms <= person.seen_ms)

    def close(self) -> None:
        """Free the models; again is harmless."""
        self._models.close()

    def __enter__(self) -> RowEstimator:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- searching ----------------------------------------------------------------------------------------------------------------------

    def _look(self, picture: Array, t_ms: float) -> None:
        """Search for people who are not followed yet, when it is time."""
        heads = [person.head for person in self._people]
        look = self._looks.next(t_ms, is_anybody=bool(heads))
        if look is None:
            return
        search = self._models.search
        if look is SearchExtent.EVERYWHERE:
            crowd = search.everywhere(picture)
        else:
            crowd = search.along(picture, heads, bodies=look is SearchExtent.ALONG_AND_BODIES)
        self._meet_heads(picture, crowd.heads, t_ms)
        self._meet_bodies(picture, crowd, t_ms)
        if look is SearchExtent.EVERYWHERE:
            self._places = self._free_places(picture)

    def _meet_heads(self, picture: Array, heads: Sequence[Head], t_ms: float) -> None:
        """Give each face to the one it belongs to, and begin to follow those of nobody."""
        free = [person for person in self._people if person.body is None]
        known = [person for person in self._people if person.body is not None]
        theirs = [min(near, key=person.distance) for person in known if (near := [h for h in heads if person.is_near(h, SAME_HEAD_M)])]
        strange = [head for head in heads if head not in theirs]
        for head in strange:
            person = next((person for person in free if person.is_near(head, 2 * SAME_HEAD_M)), None)
            if person is None:
                person = self._add(head, t_ms)
            else:
                free.remove(person)
            person.head = person.face_head = head
            person.seen_ms = t_ms
        for person in [person for person in self._people if person.body is None and person.seen_ms == t_ms]:
            self._start(picture, person)
            if person.body is None and not self._is_face(picture, person.head):
                self._people.remove(person)
        self._drop_patterns(picture)

    def _drop_patterns(self, picture: Array) -> None:
        """Forget who is not followed by a body yet, or no more, and whose face lies on somebody else's body and is none."""
        for person in [person for person in self._people if person.anchor is None]:
            others = [other.body for other in self._people if other is not person and other.body is not None]
            if row_bodies.is_pattern(person.face_head or person.head, person.scale, others, size_wh_of(picture)):
                self._people.remove(person)

    def _meet_bodies(self, picture: Array, crowd: Crowd, t_ms: float) -> None:
        """Begin to follow bodies found without a face."""
        for candidate in crowd.people:
            if any(p.body is not None and candidate.distance(*p.body.hips) < 2 * SAME_HEAD_M * p.scale for p in self._people):
                continue
            found = self._converge(picture, region_round(candidate), self._corridor_round(picture, candidate))
            if found is not None and float(found.body.visibility[_PLAIN].min()) >= PLAIN_MIN and self._is_new(picture, found.body):
                self._add_found(found, t_ms)

    def _meet_faceless(self, picture: Array, t_ms: float) -> None:
        """Look for people turned away or bent down where the row has room for them: in one place a frame, in a single picture in all."""
        while self._places:
            place = self._places.pop(0)
            self._asked_x = place.x
            found = self._faceless(picture, place)
            if found is not None:
                self._add_found(found, t_ms)
                self._places = self._free_places(picture)
            if not self._still:
                return

    def _free_places(self, picture: Array) -> list[SeenPerson]:
        """Where somebody may stand unseen, from where it was looked last to the right, then from the left."""
        mere_heads = [person.head.x for person in self._people if person.body is None]
        places = row_bodies.free_places(self._bodies(), mere_heads, size_wh_of(picture)[0])
        return sorted(places, key=lambda place: place.x <= self._asked_x)

    def _faceless(self, picture: Array, place: SeenPerson) -> SeenPeople | None:
        """The body at a place, when it is whole, as large as the row and the same from wherever the model is asked."""
        corridor = self._corridor_round(picture, place)
        found = self._converge(picture, region_round(place), corridor)
        typical = float(np.median([body.scale for body in self._bodies()] or [np.inf]))
        if found is None or not row_bodies.is_whole(found.body, size_wh_of(picture), typical) or not self._is_new(picture, found.body):
            return None
        for aside_m, ratio in ASIDE:
            region = Region(found.region.x + aside_m * found.body.scale, found.region.y, found.region.side * ratio)
            again = self._find(picture, region, corridor)
            if again is None or not row_bodies.is_found_again(found.body, again.body):
                return None
        return found

    def _is_new(self, picture: Array, body: SeenBody) -> bool:
        """Whether a body found without a face is nobody's who is followed."""
        head = head_of(body)
        if any(person.is_near(head, 2 * SAME_HEAD_M) or is_same(person.body, body) for person in self._people):
            return False
        return not row_bodies.is_part_of(body, self._bodies(), size_wh_of(picture))

    def _bodies(self) -> list[SeenBody]:
        return [person.body for person in self._people if person.body is not None]

    def _corridor_round(self, picture: Array, place: SeenPerson) -> Box:
        return self._corridor(picture, Followed(0, head_above(place), self._models.faces(), 0.0), 0.5)

    def _add_found(self, found: SeenPeople, t_ms: float) -> None:
        person = self._add(head_of(found.body), t_ms)
        person.region, person.body = found.region, found.body

    def _add(self, head: Head, t_ms: float) -> Followed:
        self._keys += 1
        person = Followed(self._keys, head, self._models.faces(), t_ms)
        self._people.append(person)
        return person

    def _start(self, picture: Array, person: Followed) -> None:
        """Look for the body of a face: at several places under it until its eyes are the face's."""
        for attempt, hips_below in enumerate(STARTS):
            share = CORRIDOR_SHARE if attempt == 0 else 0.5
            corridor = self._corridor(picture, person, share)
            found = self._converge(picture, region_below(person.head, hips_below), corridor)
            if found is None or not row_bodies.is_under(found.body, person.head):
                continue
            if not any(is_same(other.body, found.body) for other in self._people if other is not person):
                person.body, person.region = found.body, found.region
                return

    def _converge(self, picture: Array, region: Region, corridor: Box | None = None) -> SeenPeople | None:
        """The body of a region that is only roughly known."""
        found = None
        for _ in range(2):
            found = self._find(picture, region, corridor)
            if found is None:
                return None
            region = found.region
        return found

    def _is_face(self, picture: Array, head: Head) -> bool:
        """Whether the face mesh, which is stricter, sees a face in that place too, and not that of somebody who is followed."""
        square = Square.around(np.array([head.x, head.y]), FACE_MARGIN * head.side)
        mesh = self._models.mesh.find(cut(picture, square, CROP_PX))
        if mesh is not None:
            eyes = square.place(mesh)[[Face.LEFT_EYE_OUTER, Face.RIGHT_EYE_OUTER]].mean(axis=0)
            off = float(np.hypot(*(eyes - (head.x, head.y))))
            others = [np.hypot(*(eyes - (other.head.x, other.head.y))) for other in self._people if other.body is not None]
            if off <= SAME_HEAD_M / HEAD_M * head.side and off < min(others, default=np.inf):
                return True
        typical = float(np.median([person.head.side for person in self._people]))
        return head.score >= FACE_SCORE and head.side >= FACE_SHARE * typical

    # --- following ----------------------------------------------------------------------------------------------------------------------

    def _update(self, picture: Array, person: Followed, t_ms: float) -> None:
        """Find a person's body and face again; a body found just now in this frame is taken as it is."""
        person.tried_ms = t_ms
        if person.region is None or person.body is None:
            return
        if person.anchor is None:
            found: SeenPeople | None = SeenPeople(person.body, person.region)
        else:
            found = self._find(picture, person.region, self._corridor(picture, person, CORRIDOR_SHARE))
        if found is not None and person.is_within_reach(found.body, t_ms):
            _, person.face = person.faces.find(picture, person.take(found, t_ms), t_ms)

    def _find(self, picture: Array, region: Region, corridor: Box | None) -> SeenPeople | None:
        """The body in a region of which the model is shown only the corridor."""
        if corridor is None:
            return self._models.bodies.find(picture, region)
        left, top, right, bottom = (round(side) for side in corridor.clipped(size_wh_of(picture)))
        if right - left < 8 or bottom - top < 8:
            return None
        part = np.ascontiguousarray(picture[top:bottom, left:right])
        found = self._models.bodies.find(part, Region(region.x - left, region.y - top, region.side, region.turn_deg))
        return None if found is None else row_bodies.shifted(found, left, top)

    def _corridor(self, picture: Array, person: Followed, share: float) -> Box:
        """The part of the picture that shows a person and not too much of the next."""
        height = picture.shape[0]
        reach = CORRIDOR_M * person.scale
        hips = person.head.x if person.body is None else person.body.hips[0]
        left, right = min(person.head.x, hips) - reach, max(person.head.x, hips) + reach
        for other in self._people:
            if other is person or not 0.5 < other.scale / max(person.scale, 1e-6) < 2.0:
                continue
            gap = other.head.x - person.head.x
            if abs(gap) < 0.15 * person.scale:
                continue
            border = person.head.x + share * gap
            left, right = (left, min(right, border)) if gap > 0 else (max(left, border), right)
        top = person.head.y - 0.6 * person.scale
        return Box(left, top, right, min(height, person.head.y + 2.4 * person.scale))

    def _part_twins(self, t_ms: float) -> None:
        """Of two who have come to share one body, the one who was nearer to it before keeps it."""
        for i, one in enumerate(self._people):
            for other in self._people[i + 1 :]:
                if one.body is not None and other.body is not None and is_same(one.body, other.body):
                    loser = max(one, other, key=lambda person: person.strayed)
                    loser.lose_body()
                    loser.seen_ms = min(loser.seen_ms, t_ms - HEAD_LOST_MS / 2)
                    self._looks.ask(t_ms + TWINS_LOOK_MS)

    def _drop_lost(self, t_ms: float) -> None:
        for person in self._people:
            if person.body is not None and person.key not in self.waiting and t_ms - person.seen_ms > LOST_MS:
                person.lose_body()
                self._looks.ask(t_ms)
        self._people = [person for person in self._people if person.body is not None or t_ms - person.seen_ms <= HEAD_LOST_MS]
