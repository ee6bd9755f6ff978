"""What the market leaves behind after some periods: alerts and working buffers."""

from collections.abc import Iterator

from models.alerts_before import alerts_before, periods_of_notice
from models.instance import Instance
from models.opening_buffers import full_buffer_days
from models.opening_position import AlertsBefore, OpeningBuffer
from optimizer.policies.market import Market


def alerts_after(
    instance: Instance, market: Market, w: int, periods: int
) -> Iterator[AlertsBefore]:
    """Yield the last alerts of materials whose store looks back on one above 0."""
    later = instance.horizon.from_period(periods)
    for m, material in enumerate(instance.materials):
        notice = instance.index.storage[material.id].notice_days
        seen: list[int] = market.alert[m, w, :periods].tolist()
        known = [*alerts_before(instance, material.id), *seen]
        levels = known[max(len(known) - periods_of_notice(later, notice), 0) :]
        if notice > 0 and any(levels):
            yield AlertsBefore(material=material.id, levels=tuple(levels))


def buffers_after(
    instance: Instance, market: Market, w: int, periods: int
) -> Iterator[OpeningBuffer]:
    """Yield what is in each buffer, in days of the need of the next period.

    Of a participant that needs nothing of a material then, nothing can be stated: what
    was in its buffer is lost.
    """
    lengths = instance.horizon.period_lengths_days
    for i, (o, m) in enumerate(market.pairs):
        names = instance.participants[o].id, instance.materials[m].id
        need = market.need[i, w]
        a_day, then = (
            float(need[0]) / lengths[0],
            float(need[periods]) / lengths[periods],
        )
        full = full_buffer_days(instance, *names) * a_day
        if full <= 0 or then <= 0:
            continue
        days = min(float(market.buffer[i, w, periods - 1]), full) / then
        usual = instance.participants[o].working_buffer_days
        if (days, full / then) != (usual, usual):
            yield OpeningBuffer(
                participant=names[0],
                material=names[1],
                days=days,
                full_days=None if full / then == usual else full / then,
            )
