"""A short storm in every test run; the long one is `make chaos`."""

from pathlib import Path

import pytest

from tests.chaos.storm import Storm

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(400)]


async def test_nothing_is_lost_and_nothing_posted_twice(tmp_path: Path):
    report = await Storm(folder=tmp_path, kills=50, seed=20261124, longest_life=2.0).run()
    assert report.kills == 50
    assert (report.lost, report.duplicates, report.unfinished) == ([], [], [])
    assert report.endings == {"posted": report.events}
    assert report.posts_in_the_storm, "nothing was done between the kills"
    assert {"clock", "disk full", "database locked", "network cut"} <= report.disruptions.keys()


@pytest.mark.postgres
async def test_two_workers_lose_nothing_either(tmp_path: Path, postgres_url: str):
    storm = Storm(folder=tmp_path, kills=15, seed=7, address=postgres_url, longest_life=3.0)
    report = await storm.run()
    assert (report.lost, report.duplicates, report.unfinished) == ([], [], [])
    assert report.endings == {"posted": report.events}
