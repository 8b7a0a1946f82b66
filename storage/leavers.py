"""What must not outlive a person's access: open dialogs, letters that wait, long work under way.

Due things need no word here: they are read again as their recipient, who sees nothing any more.
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select, update

from storage.jobs import JobState
from storage.models import Attachment, Dialog, Job, Outbox
from storage.outbox import SendState

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_PERSON: Any = bindparam("person")
_WAITING = (Outbox.state < 2, Outbox.state == SendState.DUE, Outbox.person_id == _PERSON)
CLOSE_DIALOGS = delete(Dialog).where(Dialog.person_id == _PERSON)
STOP_JOBS = (
    update(Job)
    .where(Job.person_id == _PERSON, Job.state.in_([JobState.WAITING, JobState.RUNNING]))
    .values(state=JobState.CANCELLED)
)
BYTES = select(Outbox.attachment_id).where(*_WAITING, Outbox.attachment_id.is_not(None))
WITHDRAW = (
    update(Outbox)
    .where(*_WAITING)
    .values(state=SendState.CANCELLED, settled_at=bindparam("at"), attachment_id=None, error="access ended")
)
DROP_BYTES = delete(Attachment).where(Attachment.id.in_(bindparam("keys", expanding=True)))


def shut_out(uow: "UnitOfWork", person_id: int) -> None:
    """Close a person's dialogs, withdraw what was not sent yet, and stop the jobs; by Undo none of it comes back."""
    run: Any = uow.connection.execute
    bound = {"person": person_id}
    run(CLOSE_DIALOGS, bound)
    run(STOP_JOBS, bound)
    bytes_of = list(run(BYTES, bound).scalars())
    run(WITHDRAW, bound | {"at": uow.now})
    if bytes_of:
        run(DROP_BYTES, {"keys": bytes_of})
