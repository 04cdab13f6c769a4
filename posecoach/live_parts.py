"""Threads of the live page that go on whatever happens in them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event

from posecoach.errors import EstimatorError

_REST_S = 1.0

log = logging.getLogger(__name__)


def keep_on(part: Callable[[], None], stop: Event, without_models: Callable[[], None], may_tell: bool = True) -> None:
    """Run ``part`` again and again until ``stop`` is set.

    When the models cannot run here ``without_models`` is called and that is the end. ``may_tell``: whether a trace cannot hold a network
    address with a password.
    """
    while not stop.is_set():
        try:
            part()
        except EstimatorError as error:
            log.error("%s", error)
            without_models()
            return
        except Exception as error:
            log.error("%s failed: %s", part.__name__, type(error).__name__, exc_info=may_tell)
        stop.wait(_REST_S)
