"""`python -m tests.chaos --kills 1000`: a long storm, several side by side; prints what it came to.

Exit status 1 where anything was lost, posted twice, or left unfinished.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from tests.chaos.loopback import LoopbackScene
from tests.chaos.slack import SlackScene
from tests.chaos.storm import Report, Storm

if TYPE_CHECKING:
    from tests.chaos.scene import Scene


def _scene(given: argparse.Namespace) -> type[Scene]:
    if given.matrix:
        from tests.chaos.matrix import MatrixScene  # noqa: PLC0415 - slow, only where asked for

        return MatrixScene
    return SlackScene if given.slack else LoopbackScene


async def _lanes(given: argparse.Namespace, addresses: list[str]) -> list[Report]:
    storms = [
        Storm(
            scene=_scene(given),
            matrix=given.matrix,
            folder=Path(mkdtemp(prefix="briefbot-chaos-")),
            kills=-(-given.kills // given.lanes),
            seed=given.seed + lane,
            address=addresses[lane] if addresses else "",
            longest_life=given.longest_life,
        )
        for lane in range(given.lanes)
    ]
    for one in storms:
        sys.stderr.write(f"{one.folder}\n")
    return await asyncio.gather(*(one.run() for one in storms))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--lanes", type=int, default=2, help="storms side by side")
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--longest-life", type=float, default=1.1, help="seconds until a kill")
    parser.add_argument("--postgres", action="store_true", help="two workers on PostgreSQL")
    parser.add_argument("--slack", action="store_true", help="in a workspace of Slack's stand-in")
    parser.add_argument("--matrix", action="store_true", help="on a real homeserver, encrypted")
    given = parser.parse_args()
    if given.postgres:
        from tests.postgres import Server  # noqa: PLC0415 - only where asked for

        folder = Path(mkdtemp(prefix="briefbot-postgres-"))
        server = Server(folder)
        try:
            for lane in range(given.lanes):
                server.execute(f"CREATE DATABASE chaos_{lane}")
            addresses = [server.url(f"chaos_{lane}") for lane in range(given.lanes)]
            reports = asyncio.run(_lanes(given, addresses))
        finally:
            server.close()
    else:
        reports = asyncio.run(_lanes(given, []))
    for report in reports:
        sys.stdout.write(json.dumps(asdict(report), indent=1) + "\n")
    kills = sum(one.kills for one in reports)
    lost = sum(len(one.lost) + len(one.unfinished) for one in reports)
    twice = sum(len(one.duplicates) for one in reports)
    seconds = max(one.seconds for one in reports)
    sys.stdout.write(f"{kills} kills in {seconds:.0f} s: {lost} lost, {twice} posted twice\n")
    return 0 if all(one.clean for one in reports) else 1


if __name__ == "__main__":
    sys.exit(main())
