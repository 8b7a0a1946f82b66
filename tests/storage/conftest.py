"""Storage tests run on both databases; ``company`` is a small one in a fresh database."""

import pytest

from domain.people import Role
from storage.database import Database
from tests.storage.staff import Company


@pytest.fixture
def company(database: Database) -> Company:
    """周芳 the admin; 李强 leads 一部 with 王娜 and the team 一组 below it; 陈静 leads 二部 with 赵涛; 林怡君 is a stranger."""
    made = Company(database)
    for team, parent in (("一部", None), ("一组", "一部"), ("二部", None)):
        made.team(team, parent)
    made.join("周芳", Role.ADMIN)
    made.join("李强", Role.LEAD, "一部")
    made.join("王娜", Role.REP, "一部")
    made.join("孙悦", Role.REP, "一组")
    made.join("陈静", Role.LEAD, "二部")
    made.join("赵涛", Role.REP, "二部")
    made.join("林怡君", None)
    made.lead("一部", "李强")
    made.lead("二部", "陈静")
    return made
