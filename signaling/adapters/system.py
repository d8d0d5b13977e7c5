"""Time and identity from the machine: the only place of the server that asks it for either."""

from __future__ import annotations

import secrets
import string
from datetime import UTC, datetime
from typing import Final

_ALPHABET: Final = string.ascii_letters + string.digits
#: 22 characters of 62 are 131 bits: nobody guesses one, and no two are alike.
_ID_CHARS: Final = 22


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Aware, UTC."""
        return datetime.now(UTC)


class SystemIds:
    """Ids from the machine's secure source of chance.

    Letters and digits only: an id that begins with a hyphen would pass for an option on a command line.
    """

    def new(self) -> str:
        """22 URL-safe characters that nobody can guess."""
        # Asked for once: a question for each character made an id cost as much as a commit where system calls are dear.
        number = secrets.randbelow(len(_ALPHABET) ** _ID_CHARS)
        signs = []
        for _ in range(_ID_CHARS):
            number, sign = divmod(number, len(_ALPHABET))
            signs.append(_ALPHABET[sign])
        return "".join(signs)
