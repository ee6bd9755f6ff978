"""The routes of the console, put together."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from service.console import (
    accounts,
    answers,
    assets,
    assumptions,
    audit,
    batch_orders,
    batches,
    case_differences,
    case_editing,
    case_sources,
    case_uploads,
    cases,
    corrections,
    jobs,
    manual,
    monthly_orders,
    observations,
    operations,
    own,
    own_holdings,
    own_rounds,
    own_valuations,
    planning_again,
    plans,
    publications,
    questions,
    reserve_opening,
    reserves,
    round_orders,
    rounds,
    signing_in,
    start,
    supply,
)

ROUTES: Sequence[BaseRoute] = [
    *(
        route
        for noun in (
            start,
            case_uploads,
            case_editing,
            case_differences,
            case_sources,
            assumptions,
            cases,
            supply,
            jobs,
            batches,
            batch_orders,
            plans,
            publications,
            questions,
            answers,
            reserve_opening,
            observations,
            monthly_orders,
            planning_again,
            corrections,
            reserves,
            rounds,
            round_orders,
            audit,
            operations,
            accounts,
            manual,
            own,
            own_rounds,
            own_holdings,
            own_valuations,
            signing_in,
        )
        for route in noun.router.routes
    ),
    assets.ROUTE,
]
