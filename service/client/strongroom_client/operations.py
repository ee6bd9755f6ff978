"""The methods of both clients, each stated once.

On the blocking client they return their result, on the asynchronous one an awaitable
of it. Lists are iterators there, and asynchronous iterators here.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, Self, TypeVar, overload

from strongroom_client.answers import ProgressResource
from strongroom_client.call import Call
from strongroom_client.calls import (
    analyses,
    batches,
    cases,
    jobs,
    own,
    own_rights,
    own_rounds,
    plans,
    reserves,
    rights,
    rounds,
    service,
    webhooks,
)
from strongroom_client.exchange import Flow, answer_to
from strongroom_client.lists import Page, items_of, list_batch_rows
from strongroom_client.transports import AsyncTransport, BlockingTransport
from strongroom_client.waiting import (
    follow_job,
    wait_for_batch,
    wait_for_document,
    wait_for_job,
    wait_for_own_answer,
    wait_for_valuation,
)

P = ParamSpec("P")
T = TypeVar("T")
Owner = type[BlockingTransport] | type[AsyncTransport]


class Method(Generic[P, T]):
    """A method that carries out a flow."""

    def __init__(self, flow: Callable[P, Flow[T]]) -> None:
        self._flow = self.__wrapped__ = flow
        self.__doc__ = flow.__doc__

    @overload
    def __get__(self, client: None, owner: Owner) -> Self: ...
    @overload
    def __get__(self, client: BlockingTransport, owner: Owner) -> Callable[P, T]: ...
    @overload
    def __get__(
        self, client: AsyncTransport, owner: Owner
    ) -> Callable[P, Awaitable[T]]: ...
    def __get__(
        self, client: BlockingTransport | AsyncTransport | None, owner: Owner
    ) -> object:
        """Return the method of a client."""
        if client is None:
            return self
        return _bound(client.run, self._flow)


class Listing(Generic[P, T]):
    """A method that iterates over what a flow gives."""

    def __init__(self, flow: Callable[P, Flow[None]]) -> None:
        self._flow = self.__wrapped__ = flow
        self.__doc__ = flow.__doc__

    @overload
    def __get__(self, client: None, owner: Owner) -> Self: ...
    @overload
    def __get__(
        self, client: BlockingTransport, owner: Owner
    ) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(
        self, client: AsyncTransport, owner: Owner
    ) -> Callable[P, AsyncIterator[T]]: ...
    def __get__(
        self, client: BlockingTransport | AsyncTransport | None, owner: Owner
    ) -> object:
        """Return the method of a client."""
        if client is None:
            return self
        return _bound(client.iterate, self._flow)


def _bound(
    carry_out: Callable[[Flow[Any]], object], flow: Callable[P, Flow[Any]]
) -> Callable[P, object]:
    """Return what makes a flow and carries it out."""

    def method(*args: P.args, **kwargs: P.kwargs) -> object:
        return carry_out(flow(*args, **kwargs))

    return update_wrapper(method, flow)


def _one(call: Callable[P, Call[T]]) -> Method[P, T]:
    """Return the method that makes one call."""

    def flow(*args: P.args, **kwargs: P.kwargs) -> Flow[T]:
        return answer_to(call(*args, **kwargs))

    return Method(update_wrapper(flow, call))


def _each(call: Callable[P, Call[Page[T]]]) -> Listing[P, T]:
    """Return the method that iterates over a list in pages."""

    def flow(*args: P.args, **kwargs: P.kwargs) -> Flow[None]:
        return items_of(call(*args, **kwargs))

    return Listing(update_wrapper(flow, call))


class Operations:
    """A method for each operation of the interface, all orders of analyses in one.

    Some take several operations.
    """

    put_case = _one(cases.put_case)
    list_cases = _each(cases.list_cases)
    list_shipped_cases = _one(cases.list_shipped_cases)
    get_case = _one(cases.get_case)

    submit_job = _one(jobs.submit_job)
    list_jobs = _each(jobs.list_jobs)
    get_job = _one(jobs.get_job)
    list_progress = _each(jobs.list_progress)
    get_plan_of_job = _one(jobs.get_plan_of_job)
    get_incumbent_of_job = _one(jobs.get_incumbent_of_job)
    cancel_job = _one(jobs.cancel_job)
    wait_for_job = Method(wait_for_job)
    wait_for_document = Method(wait_for_document)
    follow_job: Listing[[str], ProgressResource] = Listing(follow_job)

    get_plan = _one(plans.get_plan)
    put_publication = _one(plans.put_publication)
    get_publication = _one(plans.get_publication)
    delete_publication = _one(plans.delete_publication)
    submit_evaluation_of_plan = _one(plans.submit_evaluation_of_plan)
    get_evaluation = _one(plans.get_evaluation)
    list_tables = _one(plans.list_tables)
    get_table = _one(plans.get_table)

    list_analyses = _one(analyses.list_analyses)
    order_analysis = _one(analyses.order_analysis)
    get_analysis = _one(analyses.get_analysis)
    list_analysis_files = _one(analyses.list_analysis_files)
    get_analysis_file = _one(analyses.get_analysis_file)

    list_own_plans = _one(own.list_own_plans)
    get_own_plan = _one(own.get_own_plan)
    order_own_analysis = _one(own.order_own_analysis)
    list_own_jobs = _each(own.list_own_jobs)
    get_own_job = _one(own.get_own_job)
    list_own_progress = _each(own.list_own_progress)
    get_own_answer = _one(own.get_own_answer)
    cancel_own_job = _one(own.cancel_own_job)
    wait_for_own_answer = Method(wait_for_own_answer)

    submit_a_batch = _one(batches.submit_a_batch)
    list_batches = _each(batches.list_batches)
    get_batch = _one(batches.get_batch)
    list_variants = _each(batches.list_variants)
    pause_batch = _one(batches.pause_batch)
    resume_batch = _one(batches.resume_batch)
    cancel_a_batch = _one(batches.cancel_a_batch)
    retry_batch = _one(batches.retry_batch)
    wait_for_batch = Method(wait_for_batch)
    list_batch_rows = Method(list_batch_rows)

    open_a_round = _one(rounds.open_a_round)
    list_rounds = _each(rounds.list_rounds)
    get_round = _one(rounds.get_round)
    close_a_round = _one(rounds.close_a_round)
    cancel_a_round = _one(rounds.cancel_a_round)
    list_offers = _one(rounds.list_offers)
    put_case_of_round = _one(rounds.put_case_of_round)
    publish_a_round = _one(rounds.publish_a_round)

    list_own_rounds = _each(own_rounds.list_own_rounds)
    get_own_round = _one(own_rounds.get_own_round)
    value_own_rights = _one(own_rounds.value_own_rights)
    wait_for_valuation = Method(wait_for_valuation)
    list_own_offers = _one(own_rounds.list_own_offers)
    put_own_offer = _one(own_rounds.put_own_offer)
    withdraw_own_offer = _one(own_rounds.withdraw_own_offer)
    list_own_awards = _one(own_rounds.list_own_awards)

    list_ledger = _one(rights.list_ledger)
    list_transfers = _one(rights.list_transfers)
    consent_to_transfer = _one(rights.consent_to_transfer)
    refuse_transfer = _one(rights.refuse_transfer)

    list_own_holdings = _one(own_rights.list_own_holdings)
    list_own_entries = _one(own_rights.list_own_entries)
    draw_on_own_right = _one(own_rights.draw_on_own_right)
    replenish_own_right = _one(own_rights.replenish_own_right)
    offer_own_lots = _one(own_rights.offer_own_lots)
    list_own_transfers = _one(own_rights.list_own_transfers)
    take_offered_lots = _one(own_rights.take_offered_lots)
    withdraw_own_lots = _one(own_rights.withdraw_own_lots)

    open_a_reserve = _one(reserves.open_a_reserve)
    list_reserves = _each(reserves.list_reserves)
    get_reserve = _one(reserves.get_reserve)
    append_reserve_entry = _one(reserves.append_reserve_entry)
    list_reserve_entries = _each(reserves.list_reserve_entries)
    get_reserve_entry = _one(reserves.get_reserve_entry)
    list_lots = _one(reserves.list_lots)
    get_lot = _one(reserves.get_lot)

    create_webhook = _one(webhooks.create_webhook)
    list_webhooks = _each(webhooks.list_webhooks)
    get_webhook = _one(webhooks.get_webhook)
    change_webhook = _one(webhooks.change_webhook)
    delete_webhook = _one(webhooks.delete_webhook)
    rotate_webhook_secret = _one(webhooks.rotate_webhook_secret)
    ping_webhook = _one(webhooks.ping_webhook)
    list_deliveries = _each(webhooks.list_deliveries)
    replay_delivery = _one(webhooks.replay_delivery)

    get_schema = _one(service.get_schema)
    get_alive = _one(service.get_alive)
    get_health = _one(service.get_health)
    get_metrics = _one(service.get_metrics)
    get_whoami = _one(service.get_whoami)
    list_entries = _each(service.list_entries)
