"""A long walk of everybody through everything, by chance; see ``walk``.

``KEYUAN_TEST_STEPS`` says how long it is, ``KEYUAN_TEST_SEEDS`` which ones are walked.
"""

import io
import os
import random

import pytest

from tests.access.walk import Walk
from tests.access.watch import Watch
from tests.postgres import tools_on_path

STEPS = int(os.environ.get("KEYUAN_TEST_STEPS", "1500"))
SEEDS = os.environ.get("KEYUAN_TEST_SEEDS", "1 2").split()


@pytest.mark.long
@pytest.mark.both_databases
@pytest.mark.parametrize("seed", SEEDS)
async def test_nothing_fails_whatever_people_do(
    log: io.StringIO, watch: Watch, monkeypatch: pytest.MonkeyPatch, seed: str
) -> None:
    monkeypatch.setenv("PATH", tools_on_path())  # days go by here, and the nightly backups with them
    walk = Walk(watch, random.Random(seed))
    await walk.begin()
    for _ in range(STEPS):
        await walk.step()
        walk.look(log.getvalue())
        log.seek(0)
        log.truncate()
    print(dict(walk.done))
    assert walk.wrong == []
    await walk.check()
