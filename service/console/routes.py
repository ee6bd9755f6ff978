"""The routes of the console, put together."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from service.console import assets, cases, jobs, plans, reserves, signing_in, start

ROUTES: Sequence[BaseRoute] = [
    *(
        route
        for noun in (start, cases, jobs, plans, reserves, signing_in)
        for route in noun.router.routes
    ),
    assets.ROUTE,
]
