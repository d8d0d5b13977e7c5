"""`python -m tests.bench NAME [--json FILE]`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from tests.bench import call, health, network, server, soak, sound, start, three
from tests.support.stage.processes import StageError

BENCHES = {
    "call": call,
    "health": health,
    "network": network,
    "server": server,
    "soak": soak,
    "sound": sound,
    "start": start,
    "three": three,
}


def main() -> int:
    """Run one benchmark; 0 when it ran, whatever falls short."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    names = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    for name, bench in BENCHES.items():
        one = names.add_parser(name, help=(bench.__doc__ or "").splitlines()[0])
        one.add_argument("--json", type=Path, metavar="FILE", help="write the figures here, too")
        bench.add_arguments(one)
    arguments = parser.parse_args()
    try:
        asyncio.run(BENCHES[arguments.name].run(arguments))
    except StageError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
