"""What a kiosk keeps of itself from start to start, on its disk. See `kiosk.core.kept`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kiosk.adapters.whole_file import write_whole
from kiosk.core.care import DeviceKind
from kiosk.core.kept import Choices, Kept
from kiosk.core.menu import Tries
from kiosk.core.orders import Outcome
from signaling.protocol.health import OrderFault, OrderState
from signaling.protocol.vocabulary import LensSide

#: Its name in the kiosk's state folder.
KEPT_FILE: Final = "care.json"
#: Another one after each start of the machine.
_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")

_log = structlog.get_logger(__name__)


class _Outcome(BaseModel):
    model_config = ConfigDict(frozen=True)

    state: OrderState
    fault: OrderFault | None = None


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True)

    boot: str = ""
    ended: bool = True
    restarts: tuple[float, ...] = ()
    touched_at_s: float | None = None
    orders: dict[str, _Outcome] = {}
    devices: dict[DeviceKind, str] = {}
    lens_side: LensSide | None = None
    lens_side_then: LensSide | None = None
    camera_height_cm: int | None = None
    camera_height_then: int | None = None
    pin_wrong: Annotated[int, Field(ge=0)] = 0
    pin_lock_outs: Annotated[int, Field(ge=0)] = 0
    pin_locked_until_s: float | None = None


def load_kept(path: Path) -> Kept:
    """Read what was kept; what cannot be read counts as never written."""
    try:
        kept = _Kept.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Kept()
    except (OSError, ValidationError) as error:
        _log.warning("kept_file_not_read", error=type(error).__name__)
        return Kept()
    return Kept(
        boot=kept.boot,
        ended=kept.ended,
        restarts=kept.restarts,
        touched_at_s=kept.touched_at_s,
        orders={order_id: Outcome(x.state, x.fault) for order_id, x in kept.orders.items()},
        choices=Choices(
            kept.devices, kept.lens_side, kept.lens_side_then, kept.camera_height_cm, kept.camera_height_then
        ),
        tries=Tries(kept.pin_wrong, kept.pin_lock_outs, kept.pin_locked_until_s),
    )


def save_kept(path: Path, kept: Kept) -> None:
    """Keep it, all or nothing. Never raises: a full disk must not stop a kiosk."""
    choices = kept.choices
    whole = _Kept(
        boot=kept.boot,
        ended=kept.ended,
        restarts=kept.restarts,
        touched_at_s=kept.touched_at_s,
        orders={order_id: _Outcome(state=x.state, fault=x.fault) for order_id, x in kept.orders.items()},
        devices=dict(choices.devices),
        lens_side=choices.lens_side,
        lens_side_then=choices.lens_side_then,
        camera_height_cm=choices.camera_height_cm,
        camera_height_then=choices.camera_height_then,
        pin_wrong=kept.tries.wrong,
        pin_lock_outs=kept.tries.lock_outs,
        pin_locked_until_s=kept.tries.locked_until_s,
    )
    try:
        write_whole(path, whole.model_dump_json(indent=2))
    except OSError as error:
        _log.warning("kept_file_not_written", error=type(error).__name__)


def boot_id(path: Path = _BOOT_ID) -> str:
    """Which start of the machine this is; empty where the system does not tell."""
    try:
        return path.read_text("ascii").strip()
    except OSError:
        return ""
