"""The kiosk's commands: `run`, `enrol` and `check`."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn
from urllib.parse import urlsplit

import structlog
import typer

from signaling.protocol.health import FINDINGS, HealthArea, Light, can_take_a_call
from signaling.protocol.health_texts import TEXTS
from signaling.protocol.vocabulary import Language, LensSide

if TYPE_CHECKING:
    from kiosk.check import Checked

DEFAULT_STATE_DIR = Path.home() / ".local/state/librarian-kiosk"

cli = typer.Typer(
    help="The touchscreen program of an unstaffed branch.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a fault's frames may hold what nobody should read
)

ServerUrl = Annotated[str, typer.Option("--server", envvar="LIBRARIAN_KIOSK_SERVER", help="Address of the server.")]
StateDir = Annotated[
    Path, typer.Option("--state-dir", envvar="LIBRARIAN_KIOSK_STATE_DIR", help="Where the kiosk's key lies.")
]
Engine = Annotated[
    str | None, typer.Option(envvar="LIBRARIAN_KIOSK_ENGINE", help="libwebrtc or aiortc; else the best that loads.")
]
CameraName = Annotated[
    str, typer.Option("--camera", envvar="LIBRARIAN_KIOSK_CAMERA", help="Device number or path, a film, or `pattern`.")
]
MicrophoneName = Annotated[
    str, typer.Option("--microphone", envvar="LIBRARIAN_KIOSK_MICROPHONE", help="Device, a WAV file, or `pattern`.")
]
LoudspeakerName = Annotated[
    str, typer.Option("--loudspeaker", envvar="LIBRARIAN_KIOSK_LOUDSPEAKER", help="Device, or `pattern`.")
]


@cli.command()
def enrol(
    code: Annotated[str, typer.Argument(help="The one-time code that `python -m signaling kiosk add` printed.")],
    server: ServerUrl,
    state_dir: StateDir = DEFAULT_STATE_DIR,
) -> None:
    """Make this kiosk's own key and bind it to the server with a one-time code."""
    from kiosk.adapters.identity import IDENTITY_FILE, IdentityError, check_place, load_identity, save_identity
    from kiosk.adapters.identity import enrol as enrol_at

    path = state_dir / IDENTITY_FILE
    try:
        if load_identity(path) is not None:
            _fail(f"This kiosk is enrolled already ({path}).")
        check_place(path)
        save_identity(path, asyncio.run(enrol_at(_address(server), code)))
    except IdentityError as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{path} cannot be written ({error.strerror}).")
    typer.echo(f"Enrolled. Next: python -m kiosk run --server {server}")


@cli.command()
def run(
    server: ServerUrl,
    state_dir: StateDir = DEFAULT_STATE_DIR,
    engine: Engine = None,
    camera: CameraName = "0",
    microphone: MicrophoneName = "default",
    loudspeaker: LoudspeakerName = "default",
    size: Annotated[str | None, typer.Option(help="A window of this size, e.g. 540x960, not the whole screen.")] = None,
    lens_side: Annotated[
        LensSide, typer.Option(envvar="LIBRARIAN_KIOSK_LENS_SIDE", help="Where the camera sits.")
    ] = LensSide.TOP,
    dark: Annotated[bool | None, typer.Option("--dark/--light", help="Colours; else the system's.")] = None,
    probe: Annotated[
        Path | None,
        typer.Option(help="Write the places of all controls to this file, for tests.", hidden=True),
    ] = None,
) -> None:
    """Run the kiosk until it is told to stop."""
    from kiosk.adapters.identity import IdentityError
    from kiosk.adapters.place import LogLines
    from kiosk.app import Options
    from kiosk.app import run as run_kiosk
    from kiosk.check import NotEnrolled
    from kiosk.core.media import MediaError

    lines = LogLines()
    configure_logging(lines)
    options = Options(
        server_url=_address(server),
        state_dir=state_dir,
        engine=engine,
        camera=camera,
        microphone=microphone,
        loudspeaker=loudspeaker,
        size=_size(size),
        fullscreen=size is None,
        lens_side=lens_side,
        dark=dark,
        probe=probe,
        lines=lines,
    )
    try:
        code = run_kiosk(options)
    except NotEnrolled:
        _fail(
            "This kiosk is not enrolled yet. Get a code from your library and run: "
            f"python -m kiosk enrol --server {server} CODE"
        )
    except (IdentityError, MediaError) as error:
        _fail(str(error))
    raise typer.Exit(code)


@cli.command()
def check(
    server: ServerUrl,
    state_dir: StateDir = DEFAULT_STATE_DIR,
    engine: Engine = None,
    camera: CameraName = "0",
    microphone: MicrophoneName = "default",
    loudspeaker: LoudspeakerName = "default",
    as_json: Annotated[bool, typer.Option("--json", help="One line for machines.")] = False,
    areas: Annotated[str, typer.Option(help="Only these, e.g. `sound,camera`.")] = "",
) -> None:
    """Test this kiosk without a screen. Ends with 0 when it can take a call, and with 1 when it cannot."""
    from kiosk.adapters.health.stages import MediaNames
    from kiosk.adapters.identity import IdentityError
    from kiosk.check import CheckOptions, NotEnrolled
    from kiosk.check import check as check_kiosk
    from kiosk.core.media import MediaError

    configure_logging()
    media = MediaNames(camera, microphone, loudspeaker)
    options = CheckOptions(_address(server), state_dir, media, engine, _areas(areas))
    try:
        checked = asyncio.run(check_kiosk(options))
    except NotEnrolled:
        _fail(f"This kiosk is not enrolled yet: python -m kiosk enrol --server {server} CODE")
    except (IdentityError, MediaError) as error:
        _fail(str(error))
    for line in (_as_json(checked),) if as_json else _as_sentences(checked):
        typer.echo(line)
    raise typer.Exit(0 if can_take_a_call(checked.findings) else 1)


def _areas(text: str) -> frozenset[HealthArea]:
    from kiosk.check import TESTABLE

    names = {name.strip() for name in text.split(",") if name.strip()}
    unknown = names - set(TESTABLE)
    if unknown:
        _fail(f"Areas are {', '.join(sorted(TESTABLE))}, not {', '.join(sorted(unknown))}.")
    return frozenset(HealthArea(name) for name in names) or TESTABLE


def _as_json(checked: Checked) -> str:
    return json.dumps(
        {
            "can_take_a_call": can_take_a_call(checked.findings),
            "findings": list(checked.findings),
            "red": [code for code in checked.findings if FINDINGS[code].light is Light.RED],
            "areas": sorted(checked.areas),
            "left_out": sorted(checked.left_out),
            "numbers": {number.value: round(value, 3) for number, value in checked.numbers.items()},
            "seconds": round(checked.seconds, 3),
            "cpu_s": round(checked.cpu_s, 3),
        }
    )


def _as_sentences(checked: Checked) -> Iterator[str]:
    for code in checked.findings:
        text = TEXTS[Language.EN][code]
        yield f"{FINDINGS[code].light.value}: {text.sentence} {text.remedy} ({code.value})"
    if checked.left_out:
        yield f"Not tested, because the kiosk's own program is running: {', '.join(sorted(checked.left_out))}."
    yield f"Tested in {checked.seconds:.1f} s: {', '.join(sorted(checked.areas)) or 'nothing'}."
    yield "This kiosk can take a call." if can_take_a_call(checked.findings) else "This kiosk cannot take a call."


def configure_logging(lines: Callable[..., Any] | None = None) -> None:
    """One JSON line per event on standard error, from our code and from the libraries that warn.

    Args:
        lines: Also takes each of them, as a processor of structlog.
    """
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format='{"event": "library", "name": "%(name)s"}')
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *(() if lines is None else (lines,)),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        _fail(f"The server's address looks like https://desk.example.org, not {text!r}.")
    return text.rstrip("/")


def _size(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    width, cross, height = text.partition("x")
    if not (cross and width.isdigit() and height.isdigit()):
        _fail(f"A size looks like 540x960, not {text!r}.")
    return int(width), int(height)


def _fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    cli()
