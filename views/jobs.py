"""What people see of long work: one message that tells how far it is, and how it ended where it has no words itself."""

from views.language import Translator
from views.replies import Button, Reply, escape, payload


@payload("jx1")
class CancelJob:
    """Stop a job."""

    job_id: int


def living_name(job_id: int) -> str:
    """What the message of a job's progress is kept under."""
    return f"job:{job_id}"


def progress(t: Translator, job_id: int, title: str, done: int, total: int | None) -> Reply:
    """How far it is, with the button that stops it."""
    if total:
        share = min(100, done * 100 // total)
        count = t.gettext("{done} of {total}, {share} %").format(
            done=t.number(done), total=t.number(total), share=share
        )
        bar = "▓" * (share // 10) + "░" * (10 - share // 10)
        text = f"{escape(title)}\n{bar} {count}"
    else:
        text = f"⏳ {escape(title)}" + (f"\n{t.number(done)}" if done else "")
    stop = Button(t.gettext("Stop"), CancelJob(job_id))
    return Reply(text, rows=[[stop]], living=living_name(job_id), edit_living=True, quiet=True)


def finished(t: Translator, job_id: int, title: str) -> Reply:
    """The progress message of a job whose result came, or comes, by itself."""
    return Reply(f"✅ {escape(title)}", living=living_name(job_id), edit_living=True, quiet=True)


def cancelled(t: Translator) -> Reply:
    return Reply(t.gettext("Stopped. What was done before stays."))


def over(t: Translator) -> Reply:
    return Reply(toast=t.gettext("It is over already."))


def too_heavy(t: Translator, title: str, reference: str) -> Reply:
    """The worker took too long, too much memory, or died."""
    text = t.gettext(
        "“{title}” was too much for one go and was given up. What was done before stays. Please try it in smaller "
        "parts; if it stays, tell an admin this number: <code>{reference}</code>"
    )
    return Reply(text.format(title=escape(title), reference=reference))


def failed(t: Translator, title: str, reference: str) -> Reply:
    """A bug of ours."""
    text = t.gettext(
        "“{title}” failed on our side. What was done before stays. Please try again; "
        "if it stays, tell an admin this number: <code>{reference}</code>"
    )
    return Reply(text.format(title=escape(title), reference=reference))


def no_file(t: Translator, title: str) -> Reply:
    """Telegram would not give the file's bytes."""
    return Reply(
        t.gettext("“{title}”: I could not fetch the file. Please send it once more; up to 20 MB work.").format(
            title=escape(title)
        )
    )
