"""The main person is chosen and followed, whoever else comes and goes."""

from __future__ import annotations

from posecoach.body.records import Array
from posecoach.estimators.bodies import AWAY_LOOK_MS, LOOK_MS, ClipBodies, SeenBody, StillBodies
from tests.estimators.figures import ScriptedPeople, ScriptedTracker, body_at, lit, person_at

PICTURE = lit(640, 480)
STEP_MS = 100.0


def _run(bodies: ClipBodies, t_ms: float, frames: int) -> list[SeenBody | None]:
    return [bodies.find(PICTURE, t_ms + i * STEP_MS) for i in range(frames)]


def test_one_person_is_followed_in_the_whole_picture() -> None:
    alone = body_at(320, 240)
    search = ScriptedPeople(person_at(320, 240))
    clip = ClipBodies(ScriptedTracker(alone), search)
    assert _run(clip, 0, 21) == [alone] * 21
    assert search.calls == 1 + int(21 * STEP_MS > LOOK_MS)


class _NeedsRoom(ScriptedTracker):
    """A tracker that finds nobody who fills the picture."""

    def find(self, picture: Array, t_ms: float) -> SeenBody | None:
        return super().find(picture, t_ms) if picture.shape[1] > PICTURE.shape[1] else None


def test_whoever_fills_the_first_picture_is_found_in_it_with_room_around() -> None:
    clip = ClipBodies(_NeedsRoom(body_at(320, 240)), ScriptedPeople(person_at(320, 240)))
    assert all(body is not None for body in _run(clip, 0, 3))


def test_nobody() -> None:
    clip = ClipBodies(ScriptedTracker(), ScriptedPeople())
    assert _run(clip, 0, 3) == [None] * 3


def test_the_larger_of_two_is_followed_although_the_tracker_prefers_the_other() -> None:
    small, large = body_at(150, 240, 60), body_at(450, 240, 100)
    clip = ClipBodies(ScriptedTracker(small, large), ScriptedPeople(person_at(150, 240, 54), person_at(450, 240, 90)))
    assert _run(clip, 0, 30) == [large] * 30


def test_who_has_been_followed_for_long_is_kept_when_a_larger_person_comes() -> None:
    small, large = body_at(150, 240, 60), body_at(450, 240, 100)
    tracker, search = ScriptedTracker(small), ScriptedPeople(person_at(150, 240, 54))
    clip = ClipBodies(tracker, search)
    _run(clip, 0, 30)
    tracker.bodies.append(large)
    search.people.append(person_at(450, 240, 90))
    assert _run(clip, 3000, 60) == [small] * 60


def test_somebody_far_larger_who_stays_is_followed_after_a_while_and_it_is_told() -> None:
    small, large = body_at(150, 240, 40), body_at(450, 240, 110)
    tracker, search = ScriptedTracker(small), ScriptedPeople(person_at(150, 240, 36))
    clip = ClipBodies(tracker, search)
    _run(clip, 0, 30)
    assert clip.warnings == ()
    tracker.bodies.append(large)
    search.people.append(person_at(450, 240, 99))
    found = _run(clip, 3000, 100)
    assert found[-20:] == [large] * 20
    between = found[found.index(None) : found.index(large)]
    assert len(between) * STEP_MS >= 4000
    assert set(between) == {None}, "nobody is shown in between"
    assert set(clip.warnings) == {"several_people", "person_unsure"}


def test_a_bystander_as_large_does_not_take_over() -> None:
    staying, passing = body_at(250, 240, 100), body_at(450, 240, 105)
    tracker, search = ScriptedTracker(staying), ScriptedPeople(person_at(250, 240, 90))
    clip = ClipBodies(tracker, search)
    _run(clip, 0, 10)
    tracker.bodies.append(passing)
    search.people.append(person_at(450, 240, 95))
    assert _run(clip, 1000, 60) == [staying] * 60


def test_nothing_of_the_last_pictures_counts_in_pictures_of_another_size() -> None:
    """As when a phone is turned beside others."""
    tracker = ScriptedTracker(body_at(250, 240, 100), body_at(450, 240, 80))
    search = ScriptedPeople(person_at(250, 240, 90), person_at(450, 240, 72))
    clip = ClipBodies(tracker, search)
    _run(clip, 0, 40)
    left, right = body_at(120, 400, 70), body_at(300, 400, 90)
    tracker.bodies[:], search.people = [left, right], [person_at(120, 400, 63), person_at(300, 400, 81)]
    assert [clip.find(lit(480, 640), 4000 + i * STEP_MS) for i in range(20)] == [right] * 20


def test_a_stolen_track_is_given_back_soon() -> None:
    staying, thief = body_at(250, 240, 100), body_at(450, 240, 100)
    tracker, search = ScriptedTracker(staying, thief), ScriptedPeople(person_at(250, 240))
    clip = ClipBodies(tracker, search)
    _run(clip, 0, 60)
    tracker.following = 1
    search.people = [person_at(450, 240)]
    assert clip.find(PICTURE, 6000) is thief
    search.people = [person_at(450, 240), person_at(250, 240)]
    after = _run(clip, 6100, 10)
    first = after.index(staying)
    assert first * STEP_MS <= AWAY_LOOK_MS + STEP_MS
    assert after[first:] == [staying] * (10 - first)


def test_after_a_loss_the_whole_picture_is_searched_at_once() -> None:
    body = body_at(320, 240)
    tracker, search = ScriptedTracker(body), ScriptedPeople(person_at(320, 240))
    clip = ClipBodies(tracker, search)
    _run(clip, 0, 5)
    tracker.bodies.clear()
    assert _run(clip, 500, 2) == [None, None]
    assert search.calls == 2
    tracker.bodies.append(body)
    assert _run(clip, 700, 2)[-1] is body


def test_among_several_a_still_picture_shows_the_main_person() -> None:
    small, large = body_at(150, 240, 60), body_at(450, 240, 100)
    people = ScriptedPeople(person_at(150, 240, 54), person_at(450, 240, 90))
    assert StillBodies(ScriptedTracker(small, large), people).find(PICTURE, 0) is large


def test_where_the_main_person_of_a_picture_is_not_found_anyone_is_taken() -> None:
    small = body_at(150, 240, 60)
    people = ScriptedPeople(person_at(150, 240, 54), person_at(450, 240, 90))
    assert StillBodies(ScriptedTracker(small), people).find(PICTURE, 0) is small


def test_closing_closes_the_models() -> None:
    for kind in (StillBodies, ClipBodies):
        tracker, search = ScriptedTracker(), ScriptedPeople()
        kind(tracker, search).close()
        assert tracker.is_closed
        assert search.is_closed
