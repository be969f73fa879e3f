"""A short storm in every test run; the long one is `make chaos`."""

from pathlib import Path

import pytest

from tests.chaos.loopback import LoopbackScene
from tests.chaos.slack import SlackScene
from tests.chaos.storm import Storm
from tests.lengths import length

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(400)]


async def test_nothing_is_lost_and_nothing_posted_twice(tmp_path: Path):
    kills = length(30, 50)
    storm = Storm(
        scene=LoopbackScene, folder=tmp_path, kills=kills, seed=20261124, longest_life=2.0
    )
    report = await storm.run()
    assert report.kills == kills
    assert (report.lost, report.duplicates, report.unfinished) == ([], [], [])
    assert report.endings == {"posted": report.events}
    assert report.posts_in_the_storm, "nothing was done between the kills"
    assert {"clock", "disk full", "database locked", "network cut"} <= report.disruptions.keys()


@pytest.mark.postgres
async def test_two_workers_lose_nothing_either(tmp_path: Path, postgres_url: str):
    storm = Storm(
        scene=LoopbackScene,
        folder=tmp_path,
        kills=length(10, 15),
        seed=7,
        address=postgres_url,
        longest_life=3.0,
    )
    report = await storm.run()
    assert (report.lost, report.duplicates, report.unfinished) == ([], [], [])
    assert report.endings == {"posted": report.events}


async def test_nothing_is_lost_and_nothing_posted_twice_in_slack(tmp_path: Path):
    kills = length(12, 20)
    report = await Storm(
        scene=SlackScene, folder=tmp_path, kills=kills, seed=20261125, longest_life=1.0
    ).run()
    assert report.kills == kills
    assert (report.lost, report.duplicates, report.unfinished) == ([], [], [])
    assert report.posts_in_the_storm, "nothing was done between the kills"


@pytest.mark.synapse
async def test_nothing_is_lost_posted_twice_or_unreadable_in_matrix(tmp_path: Path):
    from tests.chaos.matrix import SmallMatrixScene  # noqa: PLC0415 - slow, so only where it is run

    kills = length(5, 30)
    report = await Storm(
        scene=SmallMatrixScene, folder=tmp_path, kills=kills, seed=2, longest_life=1.5, matrix=True
    ).run()
    assert report.kills == kills
    assert (report.lost, report.duplicates, report.unfinished) == ([], [], [])
    assert (report.unreadable, report.exposed) == ([], [])
    assert report.posts_in_the_storm, "nothing was done between the kills"
