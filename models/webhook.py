"""Webhooks: the events that a receiver gets, and the state of a delivery."""

from enum import StrEnum


class EventType(StrEnum):
    """What a receiver may be told of."""

    JOB_SUCCEEDED = "job.succeeded"
    JOB_FAILED = "job.failed"
    JOB_CANCELLED = "job.cancelled"
    BATCH_FINISHED = "batch.finished"
    PING = "webhook.ping"


# A ping is sent on request only.
SUBSCRIBABLE = tuple(x for x in EventType if x is not EventType.PING)


class DeliveryState(StrEnum):
    """PENDING until a receiver took it, or all attempts failed."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"
