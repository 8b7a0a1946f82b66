"""${message}

What happens to rows that exist, and whether the old program may still run: ...
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
CHANGES_ROWS: Final = frozenset[str]()  # tables that gain or lose rows here on purpose


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
