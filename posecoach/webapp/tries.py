"""How often one may try to sign in: by address, by account, and all together."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

WINDOW_S = 60.0
TRIES_EACH = 5
"""Of one address in a minute."""
TRIES_ALL = 30
"""Of all addresses together in a minute."""
ACCOUNT_WINDOW_S = 900.0
TRIES_ACCOUNT = 20
"""At one account in a quarter of an hour, from all addresses that it was never opened from."""
_MOST_KNOWN = 2000


@dataclass(frozen=True, slots=True)
class _Try:
    at_s: float
    address: str
    account: str


class Tries:
    """Tries that failed or are being made.

    Whoever has signed in from an address is kept out there by nobody else's tries: only the five of that address count. So a stranger
    who guesses at a colleague's account keeps the colleague from signing in at most at places that are new to the account.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._made: deque[_Try] = deque()
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()

    def begin(self, address: str, account: str) -> float:
        """Seconds to wait until the next try at an account ("" for the pass phrase); 0 where it may be made now, and then it counts."""
        with self._lock:
            wait_s = self._wait_s(address, account)
            if wait_s <= 0:
                self._made.append(_Try(self._clock(), address, account))
            return max(wait_s, 0.0)

    def succeed(self, address: str, account: str) -> None:
        """That try was right: it and those before it at the same account count no longer, and the address is known to the account."""
        with self._lock:
            self._made = deque(each for each in self._made if (each.address, each.account) != (address, account))
            self._known[address, account] = None
            self._known.move_to_end((address, account))
            while len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)

    def _wait_s(self, address: str, account: str) -> float:
        now_s = self._clock()
        while self._made and self._made[0].at_s <= now_s - ACCOUNT_WINDOW_S:
            self._made.popleft()
        recent = [each for each in self._made if each.at_s > now_s - WINDOW_S]
        waits = [_until_room([each for each in recent if each.address == address], TRIES_EACH, WINDOW_S)]
        if not self._is_known(address, account):
            waits.append(_until_room([each for each in recent if self._is_strange(each)], TRIES_ALL, WINDOW_S))
            at_account = [each for each in self._made if account and each.account == account and self._is_strange(each)]
            waits.append(_until_room(at_account, TRIES_ACCOUNT, ACCOUNT_WINDOW_S))
        return max(waits) - now_s

    def _is_known(self, address: str, account: str) -> bool:
        return (address, account) in self._known

    def _is_strange(self, made: _Try) -> bool:
        return not self._is_known(made.address, made.account)


def _until_room(made: list[_Try], most: int, window_s: float) -> float:
    """When one more may be made; 0 for at once."""
    return made[-most].at_s + window_s if len(made) >= most else 0.0
