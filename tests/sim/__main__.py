"""`python -m tests.sim day [--json FILE] [--load NAME] ...`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.sim import day


def main() -> int:
    """Run one simulation; 1 when something falls short of what is to be reached."""
    parser = argparse.ArgumentParser(prog="./dev sim", description=__doc__)
    names = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    one = names.add_parser("day", help=(day.__doc__ or "").splitlines()[0])
    one.add_argument("--json", type=Path, metavar="FILE", help="write the figures here, too")
    day.add_arguments(one)
    try:
        return day.run(parser.parse_args())
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
