"""The routes of the console, put together."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from service.console import (
    answers,
    assets,
    audit,
    batch_orders,
    batches,
    cases,
    jobs,
    manual,
    operations,
    own,
    own_rounds,
    plans,
    questions,
    reserve_opening,
    reserves,
    signing_in,
    start,
    supply,
)

ROUTES: Sequence[BaseRoute] = [
    *(
        route
        for noun in (
            start,
            cases,
            supply,
            jobs,
            batches,
            batch_orders,
            plans,
            questions,
            answers,
            reserve_opening,
            reserves,
            audit,
            operations,
            manual,
            own,
            own_rounds,
            signing_in,
        )
        for route in noun.router.routes
    ),
    assets.ROUTE,
]
