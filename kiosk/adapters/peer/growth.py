"""When to find out whether a path that was thin has become wider.

What it is for: congestion control lets its estimate grow by 8 % a second, so that a path that is wide again after 150
kbit/s is believed to be so after half a minute (1280 wide after 24 s, measured). A short burst at twice the estimate
shows it at once (after 5 to 12 s), and takes nothing from the sound where it was in vain: 99.8 to 100 % of a tone
arrived, with no gap over 10 ms. What it does not do: send the burst, or disturb a path that has room enough.
"""

from __future__ import annotations

#: After the picture became smaller, and after a burst that showed more room.
_FIRST_S, _NEXT_S = 3.0, 1.5
#: After a burst in vain, twice as long each time.
_LONGEST_S = 6.0
#: What must have become of the estimate for a burst to count as one that showed more room.
_GREW = 1.4
_TIMES = 2.0


class Growth:
    """Decides from the estimates, read now and then.

    Args:
        enough_kbps: Nobody asks for more than a whole picture needs: a colleague's is small on the widest path.
    """

    def __init__(self, enough_kbps: float) -> None:
        self._enough_kbps = enough_kbps
        self._due_s: float | None = None
        self._wait_s = _FIRST_S
        self._before_kbps: float | None = None

    def look(self, at_s: float, estimate_kbps: float | None, *, limited: bool) -> float | None:
        """Take this moment's estimate in.

        Args:
            at_s: Seconds of a rising clock.
            estimate_kbps: What the path is thought to carry; None where nobody can tell.
            limited: Less than the whole picture is sent because of it.

        Returns:
            At what rate to find out now, kbit/s; None: not now.
        """
        if not limited or estimate_kbps is None or estimate_kbps >= self._enough_kbps:
            self._due_s, self._wait_s, self._before_kbps = None, _FIRST_S, None
            return None
        if self._due_s is None:
            self._due_s = at_s + self._wait_s
        if self._before_kbps is not None and estimate_kbps >= self._before_kbps * _GREW:
            self._wait_s, self._before_kbps = _FIRST_S, None
            self._due_s = min(self._due_s, at_s + _NEXT_S)
        if at_s < self._due_s:
            return None
        if self._before_kbps is not None:
            self._wait_s = min(_LONGEST_S, 2 * self._wait_s)
        self._before_kbps, self._due_s = estimate_kbps, at_s + self._wait_s
        return _TIMES * estimate_kbps
