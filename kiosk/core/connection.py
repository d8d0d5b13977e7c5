"""When to try the server again: exponential backoff with full jitter, chance as an argument.

Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
"""

from __future__ import annotations

BACKOFF_FIRST_S = 0.5
BACKOFF_MAX_S = 10.0
#: In a visit: its messages, hold and end are to work 5 s after the server's return at the latest, and a connection
#: takes its part of that. Few of a thousand kiosks are in a visit, so the others' spread is enough for the server.
BACKOFF_MAX_IN_VISIT_S = 1.0
#: From here on the step is the longest anyway; a server may be away for days, and a float ends at 2 ** 1024.
_STEPS = 10


def retry_delay_s(attempt: int, chance: float, *, in_visit: bool = False) -> float:
    """Seconds to wait before another try.

    Args:
        attempt: How many tries have failed in a row, from 1; one that was let in and shown nothing has failed, too.
        chance: Uniform in [0, 1); spreads 1,000 kiosks after a restart of the server.
        in_visit: Somebody at the screen needs the server now.

    Returns:
        Between half and all of the exponential step, so that a lone kiosk is not kept waiting by bad luck.
    """
    longest_s = BACKOFF_MAX_IN_VISIT_S if in_visit else BACKOFF_MAX_S
    step_s = min(longest_s, BACKOFF_FIRST_S * 2.0 ** min(attempt - 1, _STEPS))
    return step_s * (0.5 + 0.5 * chance)
