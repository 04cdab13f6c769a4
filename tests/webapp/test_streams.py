"""How many may look at a time."""

from __future__ import annotations

import threading
import time
from typing import cast

from posecoach.live.slots import Broadcast
from posecoach.webapp.answers import ApiError
from posecoach.webapp.services import Services
from posecoach.webapp.streams import place


class _Two:
    max_viewers = 2


def test_who_comes_at_the_same_moment_gets_no_more_places_than_there_are() -> None:
    states: Broadcast[bytes] = Broadcast()
    refused = []

    def join() -> None:
        time.sleep(0.01)
        states.join()

    def ask() -> None:
        try:
            place(cast(Services, _Two()), lambda: states.readers, join)
        except ApiError as error:
            refused.append(error.code)

    asking = [threading.Thread(target=ask) for _ in range(6)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert (states.readers, refused) == (2, ["full"] * 4)
