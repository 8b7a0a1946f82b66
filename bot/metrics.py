"""What the program counts of itself, for ``/metrics`` and ``/status``."""

from functools import cache

from prometheus_client import REGISTRY, Counter, Gauge, Histogram

from storage.inbox import InboxState
from storage.outbox import SendState

updates = Counter("keyuan_updates", "Updates taken in, by kind.", ["kind"])
effects = Counter("keyuan_effects", "Updates finished, by what became of them.", ["state"])
sends = Counter("keyuan_sends", "Calls settled, by outcome.", ["outcome"])
limited = Counter("keyuan_sends_limited", "429 answers.")
ambiguous = Counter("keyuan_sends_ambiguous", "Sends of which nobody knows whether they arrived.")
throttled = Counter("keyuan_throttled", "Updates that wait, or are left out, as their person sent too many.", ["who"])
polls = Counter("keyuan_polls", "getUpdates calls, by outcome.", ["outcome"])
group_seconds = Histogram(
    "keyuan_group_seconds",
    "Length of a transaction of the core.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.2, 1),
)
due_lateness = Histogram(
    "keyuan_due_lateness_seconds", "How late due things were taken.", buckets=(0.1, 0.5, 1, 2, 5, 30, 300, 3600)
)
loop_lag = Histogram(
    "keyuan_loop_lag_seconds", "Lag of the event loop.", buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1)
)
inbox_waiting = Gauge("keyuan_inbox_waiting", "Updates not finished.")
inbox_age = Gauge("keyuan_inbox_age_seconds", "Age of the oldest update not finished.")
outbox_waiting = Gauge("keyuan_outbox_waiting", "Letters that should be out.")
outbox_age = Gauge("keyuan_outbox_age_seconds", "How overdue the oldest letter is.")


@cache
def update_of(kind: str) -> Counter:
    """The counter of a kind of update; looking one up by its label costs more than counting."""
    return updates.labels(kind)


@cache
def effect_of(state: InboxState) -> Counter:
    """The counter of what becomes of updates."""
    return effects.labels(state.name.lower())


@cache
def send_of(state: SendState) -> Counter:
    """The counter of what becomes of calls."""
    return sends.labels(state.name.lower())


backup_age = Gauge("keyuan_backup_age_seconds", "Age of the newest good backup, else of the database.")


def total(name: str) -> int:
    """A counter without labels, since the start."""
    return int(REGISTRY.get_sample_value(f"{name}_total") or 0)
