"""The answers of the server, written by `make client` from its description.

Words of which the server has a list are plain text here: a later one may have more.
"""

from datetime import date
from typing import Any

from pydantic import AwareDatetime

from strongroom_client.answer import Answer


class AnalysisFileResource(Answer):
    """A file of an analysis."""

    name: str
    media_type: str
    sha256: str
    number_of_bytes: int
    href: str


class AnalysisResource(Answer):
    """An analysis of the registry."""

    name: str
    title: str
    subject: str
    """
    What it is of. One of case, plan.
    """
    parameters: dict[str, Any]
    """
    JSON Schema of its parameters.
    """
    files: list[str]
    """
    Media types of the files that its answer may have.
    """
    order_path: str
    """
    Where it is ordered by POST.
    """


class AttemptResource(Answer):
    """An attempt to send something."""

    at: AwareDatetime
    """
    When it ended, UTC.
    """
    status: int | None
    """
    That the receiver answered, if it did.
    """
    error: str | None
    """
    Why there was no answer.
    """


class AuditResource(Answer):
    """One change of what the organisation has."""

    number: int
    """
    Order of the entries of the organisation.
    """
    at: AwareDatetime
    """
    UTC.
    """
    actor: str
    """
    Name of the account; `anonymous` in a store without accounts; the user of the machine who gave a command.
    """
    verb: str
    """
    What was done.
    """
    noun: str
    """
    To what kind of thing.
    """
    name: str
    """
    Which one: its content hash, or the id of a job.
    """
    request_id: str
    """
    X-Request-ID of the request, or one for all that a command did.
    """
    key: str | None
    """
    Prefix of the key of the request.
    """
    address: str | None
    """
    Where the request came from.
    """
    result: str | None
    """
    Content hash of the document that came of it.
    """
    chain_hash: str | None
    """
    Of this entry and the one before it; null in entries of versions without a chain.
    """


class BatchSummary(Answer):
    """A batch in a list. The case as it is counts as a variant, too."""

    id: str
    name: str
    case: str
    """
    Hash of the case as it is.
    """
    number_of_variants: int
    """
    Without the case as it is.
    """
    is_paused: bool
    """
    Its queued jobs wait.
    """
    is_finished: bool
    """
    Each variant's job has ended.
    """
    number_by_state: dict[str, int]
    """
    Variants by the state of their job.
    """
    created_at: AwareDatetime
    """
    UTC.
    """
    href: str
    variants_href: str


class CaseResource(Answer):
    """A case in a list."""

    hash: str
    """
    SHA-256 of the content; the name of the case here.
    """
    case_id: str
    """
    Name that the case gives itself.
    """
    name: str
    """
    Name for people.
    """
    number_of_bytes: int
    """
    Length of the canonical JSON.
    """
    created_at: AwareDatetime
    """
    When it was first given, UTC.
    """
    href: str
    """
    Where the case is.
    """


class DeliveryResource(Answer):
    """Something that was or is to be sent to a receiver."""

    id: str
    """
    The header `webhook-id`, the same in each attempt.
    """
    event: str
    """
    What a receiver may be told of. One of job.succeeded, job.failed, job.cancelled, batch.finished, webhook.ping.
    """
    state: str
    """
    PENDING until a receiver took it, or all attempts failed. One of PENDING, DELIVERED, FAILED.
    """
    created_at: AwareDatetime
    """
    UTC.
    """
    due_at: AwareDatetime | None
    """
    Of the next attempt, UTC; null once it is taken or given up.
    """
    payload: str
    """
    The body, to the letter.
    """
    attempts: list[AttemptResource]
    """
    The latest ones.
    """
    replay_href: str


class EarlierAward(Answer):
    """What is there of a right that was awarded before the start."""

    held_tonnes: float
    """
    In store for it at the start.
    """
    drawn_tonnes: float
    """
    Drawn, and not bought back yet.
    """


class HealthResource(Answer):
    """The health of the service."""

    is_healthy: bool
    """
    The store answers and jobs are looked after.
    """
    version: str
    """
    Of Strongroom.
    """
    number_of_workers: int
    """
    That are alive.
    """
    number_of_jobs: dict[str, int] | None
    """
    Of the organisation by state; null for a request without login.
    """


class HoldingResource(Answer):
    """What a participant has of a right."""

    right: str
    lots: int
    """
    Awarded or taken over, less those given away.
    """
    tonnes: float
    """
    Held now: without what was drawn.
    """
    lots_on_offer: int
    """
    Offered to others, not given away yet.
    """
    most_drawn_tonnes: float
    """
    That may be drawn now, by the draw limit of 30 days.
    """
    missing_tonnes: float
    """
    Drawn and not replenished.
    """
    price_usd_per_tonne: float
    """
    Of draws.
    """


class InForceResource(Answer):
    """What counts now of a ledger."""

    entry: str
    """
    Hash of the entry that says it.
    """
    number: int
    """
    Number of that entry.
    """
    content_hash: str
    """
    The stored case, or plan.
    """


class IncumbentResource(Answer):
    """The best plan so far. It stays however the job ends."""

    plan: str
    """
    Hash of the plan.
    """
    href: str
    """
    Where the best plan of the job is.
    """
    upper_bound_usd: float
    """
    Objective of the plan.
    """
    lower_bound_usd: float
    """
    Proof when it was found.
    """


class LedgerEntryResource(Answer):
    """A change of what a participant has of a right."""

    right: str
    kind: str
    """
    What an entry of the ledger is about. One of award, draw, replenishment, transfer.
    """
    lots: int
    """
    Change of the size of the right.
    """
    tonnes: float
    """
    Change of what is held.
    """
    paid_usd: float
    """
    Fee of an award, price of a draw; else 0.
    """
    at: AwareDatetime
    """
    UTC.
    """


class LotStep(Answer):
    """What an entry of the ledger says of a lot."""

    kind: str
    """
    entered: with the first position that has it. released and handed_over: by orders, the oldest lots first. sold: the oldest stock, to buy it anew. counted: a later position has more or less of it than all that says. One of entered, counted, released, handed_over, sold.
    """
    entry: str
    """
    Hash of the entry.
    """
    number: int
    """
    Number of the entry.
    """
    day: date
    """
    Day that the entry is about.
    """
    tonnes: float
    """
    Change of what is there.
    """
    to: str | None = None
    """
    Participant that received it; null of other steps, and of what went to none.
    """


class NextLotResource(Answer):
    """One lot more than was awarded, at the terms of the round."""

    tonnes: float
    price_usd_per_tonne: float
    """
    Of draws and of the repurchase.
    """
    upfront_fee_usd: float
    """
    Paid at the start.
    """
    carrying_fee_usd_per_year: float
    """
    While all of it is held.
    """


class OfferResource(Answer):
    """An offer of a participant."""

    right: str
    """
    Name of a right of the round.
    """
    minimum_lots: int
    """
    Least award, if any.
    """
    maximum_lots: int
    """
    Largest award.
    """
    version: int
    """
    Counts its changes.
    """
    changed_at: AwareDatetime
    """
    UTC.
    """
    is_withdrawn: bool


class OfferedRight(Answer):
    """A right as it is on offer: its terms, with what the case says of its material."""

    id: str
    """
    Name of the right in the round.
    """
    material: str
    """
    Material of the right.
    """
    inventory_price_usd_per_tonne: float | None = None
    """
    Fixed price of draws and of the repurchase.
    """
    inventory_price_factor: float | None = None
    """
    Or the price as a multiple of the market price at the start.
    """
    upfront_fee_rate: float | None = None
    """
    Paid at the start, share of the inventory price.
    """
    carrying_fee_rate_per_year: float | None = None
    """
    Paid on tonnes held, share of the inventory price.
    """
    maximum_lots: int | None = None
    """
    Most that one participant may ask for.
    """
    draw_limit_per_month: float | None = None
    """
    Most that is drawn in a month, share of the quantity.
    """
    coverage: float | None = None
    """
    Share of its own gap that the holder may draw.
    """
    access_alert: int | None = None
    """
    Alert level from which it may draw.
    """
    replenish_within_periods: int | None = None
    """
    Periods in which a full draw is bought back.
    """
    repurchase_period: int | None = None
    """
    Period in which what is left is taken; else never.
    """
    price_usd_per_tonne: float
    """
    The inventory price: of draws, and of the repurchase.
    """
    lot_tonnes: float
    """
    Tonnes of a lot.
    """


class OrderedBatchResource(Answer):
    """A batch that was just ordered, with what may be wrong in its cases."""

    id: str
    name: str
    case: str
    """
    Hash of the case as it is.
    """
    number_of_variants: int
    """
    Without the case as it is.
    """
    is_paused: bool
    """
    Its queued jobs wait.
    """
    is_finished: bool
    """
    Each variant's job has ended.
    """
    number_by_state: dict[str, int]
    """
    Variants by the state of their job.
    """
    created_at: AwareDatetime
    """
    UTC.
    """
    href: str
    variants_href: str
    warnings: list[str]
    """
    Of the case as it is, and those that variants add, by name.
    """


class OwnJobResource(Answer):
    """An analysis that a planner of the participant has ordered."""

    id: str
    plan: str
    """
    Id of the published plan.
    """
    analysis: str
    """
    Name of the analysis.
    """
    parameters: dict[str, Any]
    """
    All of them.
    """
    state: str
    """
    The state of a job. One of QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED.
    """
    created_at: AwareDatetime
    """
    UTC.
    """
    started_at: AwareDatetime | None
    """
    UTC; null if not yet.
    """
    finished_at: AwareDatetime | None
    """
    UTC; null if not yet.
    """
    failure: str | None
    """
    Why it FAILED. The manager can read the details.
    """
    answer_href: str | None
    """
    Where the answer is, once the job has SUCCEEDED.
    """
    progress_href: str
    href: str


class OwnPlanResource(Answer):
    """A published plan."""

    id: str
    """
    Its name for this participant alone.
    """
    title: str
    """
    What the manager calls it.
    """
    published_at: AwareDatetime
    """
    UTC.
    """
    href: str


class OwnProgressResource(Answer):
    """One line of the log of a job, with its number."""

    number: int
    """
    Counted from 1 in each job.
    """
    recorded_at: AwareDatetime
    """
    When it was stored, UTC.
    """
    seconds: float
    """
    Since the start of the job.
    """
    message: str
    """
    In words.
    """


class PageAuditResource(Answer):
    items: list[AuditResource]
    next: str | None
    """
    The page that follows; null at the end.
    """


class PageBatchSummary(Answer):
    items: list[BatchSummary]
    next: str | None
    """
    The page that follows; null at the end.
    """


class PageCaseResource(Answer):
    items: list[CaseResource]
    next: str | None
    """
    The page that follows; null at the end.
    """


class PageDeliveryResource(Answer):
    items: list[DeliveryResource]
    next: str | None
    """
    The page that follows; null at the end.
    """


class PageOwnJobResource(Answer):
    items: list[OwnJobResource]
    next: str | None
    """
    The page that follows; null at the end.
    """


class PageOwnProgressResource(Answer):
    items: list[OwnProgressResource]
    next: str | None
    """
    The page that follows; null at the end.
    """


class ParticipantEntryResource(Answer):
    """A change, with whose it is."""

    right: str
    kind: str
    """
    What an entry of the ledger is about. One of award, draw, replenishment, transfer.
    """
    lots: int
    """
    Change of the size of the right.
    """
    tonnes: float
    """
    Change of what is held.
    """
    paid_usd: float
    """
    Fee of an award, price of a draw; else 0.
    """
    at: AwareDatetime
    """
    UTC.
    """
    participant: str
    account: str
    """
    Who made it.
    """


class ParticipantOfferResource(Answer):
    """An offer, with whose it is."""

    right: str
    """
    Name of a right of the round.
    """
    minimum_lots: int
    """
    Least award, if any.
    """
    maximum_lots: int
    """
    Largest award.
    """
    version: int
    """
    Counts its changes.
    """
    changed_at: AwareDatetime
    """
    UTC.
    """
    is_withdrawn: bool
    participant: str
    account: str
    """
    Who changed it last.
    """


class ParticipantTransferResource(Answer):
    """Lots that go from one participant to another, if a manager consents."""

    id: str
    right: str
    lots: int
    state: str
    """
    Where a transfer stands. One of OFFERED, TAKEN, DONE, REFUSED, WITHDRAWN.
    """
    holder: str
    taker: str | None
    """
    Null while nobody has taken them.
    """
    offered_at: AwareDatetime
    """
    UTC.
    """


class PlanFigures(Answer):
    """The promise, the money and the stock of a plan."""

    expected_shortage_cost_usd: float
    objective_usd: float
    """
    Mean and CVaR of shortage cost, and cost of holding, as weighted in the options.
    """
    lower_bound_usd: float
    """
    No plan of the case has a lower one.
    """
    gap: float
    """
    Relative distance of objective and bound.
    """
    cvar_usd: float
    """
    Mean of the worst 1 - cvar_level.
    """
    cost_without_vault_usd: float
    """
    Same scenarios, nothing held.
    """
    budget_usd: float
    """
    Limits of all facilities and opening cash.
    """
    budget_shadow_price: float | None
    """
    Objective avoided by one more dollar of financing.
    """
    drawn_usd: float
    """
    Drawn from all facilities.
    """
    spent_usd: float
    """
    Planned buying.
    """
    materials_held: int
    """
    Materials of which anything is held.
    """
    least_days_of_cover: float
    """
    Of all materials, held or not.
    """
    mean_days_of_cover: float
    """
    Of all materials, held or not, unweighted.
    """
    cost_of_holding_usd: float | None = None
    """
    Expected cost of holding.
    """
    net_benefit_usd: float | None = None
    """
    Shortage cost avoided less cost of holding.
    """


class ProgressResource(Answer):
    """One line of the log of a solve, with its number."""

    seconds: float
    """
    Since the start of the solve.
    """
    stage: str
    """
    Step of the solve.
    """
    lower_bound_usd: float | None = None
    """
    Bound so far.
    """
    upper_bound_usd: float | None = None
    """
    Incumbent's cost.
    """
    gap: float | None = None
    """
    Relative distance of the two.
    """
    cuts: int | None = None
    """
    Optimality cuts in the master.
    """
    message: str | None = None
    """
    In words.
    """
    number: int
    """
    Counted from 1 in each job.
    """
    attempt: int
    """
    The start of the job that reported it.
    """
    recorded_at: AwareDatetime
    """
    When it was stored, UTC.
    """


class PublicationResource(Answer):
    """A published plan, as its manager sees it."""

    plan: str
    """
    Hash of the plan.
    """
    title: str
    """
    What planners call it.
    """
    published_at: AwareDatetime
    """
    UTC.
    """
    participants: list[str]
    """
    Whose planners see it: those of its case.
    """


class ReaderResource(Answer):
    """The account of a request."""

    name: str
    """
    `anonymous` in a store without accounts.
    """
    organisation: str
    """
    Whose cases and plans it may see.
    """
    role: str
    """
    What an account is for; `service/identity/permissions.py` has what it may do. One of administrator, manager, analyst, financing_officer, auditor, participant_planner.
    """
    participant: str | None
    """
    Whose planner it is, by its identifier in cases; null for others.
    """
    scopes: list[str]
    """
    Of the key or token.
    """
    key: str | None
    """
    Prefix of the key; null with a token, or without accounts.
    """


class ReserveEntryContent(Answer):
    """An entry, with all that it says."""

    hash: str
    """
    SHA-256 of the entry and of the hash before it; its name here.
    """
    number: int
    """
    Its place in the ledger, from 1.
    """
    kind: str
    """
    What an entry of the ledger of a reserve says. One of position, plan, observation, orders, correction.
    """
    at: AwareDatetime
    """
    UTC.
    """
    account: str
    """
    Who added it.
    """
    predecessor: str
    """
    Hash of the entry before.
    """
    case: str | None
    """
    Hash of the case of a position.
    """
    plan: str | None
    """
    Hash of the plan.
    """
    corrects: str | None
    """
    Hash of the entry that it corrects.
    """
    reason: str | None
    """
    Why it corrects that.
    """
    href: str
    document: dict[str, Any] | None
    """
    The observation or the orders; of a position the section of its case (`position`) and the day (`start`); else null.
    """


class ReserveEntryResource(Answer):
    """An entry of the ledger of a reserve. It never changes."""

    hash: str
    """
    SHA-256 of the entry and of the hash before it; its name here.
    """
    number: int
    """
    Its place in the ledger, from 1.
    """
    kind: str
    """
    What an entry of the ledger of a reserve says. One of position, plan, observation, orders, correction.
    """
    at: AwareDatetime
    """
    UTC.
    """
    account: str
    """
    Who added it.
    """
    predecessor: str
    """
    Hash of the entry before.
    """
    case: str | None
    """
    Hash of the case of a position.
    """
    plan: str | None
    """
    Hash of the plan.
    """
    corrects: str | None
    """
    Hash of the entry that it corrects.
    """
    reason: str | None
    """
    Why it corrects that.
    """
    href: str


class ReserveResource(Answer):
    """A reserve."""

    id: str
    name: str
    """
    Name for people.
    """
    created_at: AwareDatetime
    """
    UTC.
    """
    number_of_entries: int
    """
    Entries of its ledger.
    """
    head: str
    """
    Hash of the last entry, or what the first one has to follow: the `predecessor` of the next entry.
    """
    href: str
    entries_href: str
    lots_href: str


class ResultResource(Answer):
    """How a solve ended. An infeasible case has a conflict instead of a plan."""

    termination: str
    """
    How a solve ended. One of OPTIMAL, GAP_REACHED, TIME_LIMIT, INTERRUPTED, INFEASIBLE, NUMERICAL.
    """
    conflict: list[str]
    """
    Limits that cannot hold together.
    """
    seconds: float | None
    """
    Time to solve and check.
    """
    plan: str | None
    """
    Hash of the plan, if there is one.
    """
    plan_href: str | None
    """
    Where the plan is.
    """


class RightQuantity(Answer):
    """
    A right of so many lots: the own cost that remains, what it avoids and costs.

    The figures are of the participant's own losses, unweighted and discounted.
    """

    lots: int
    """
    Lots.
    """
    tonnes: float
    """
    Size of the right, tonnes.
    """
    days_of_own_cover: float
    """
    Days of the own need.
    """
    sourcing: str
    """
    Sourcing option with which most can be drawn.
    """
    available_from_period: int
    """
    First period in which all of it can be held.
    """
    shortage_cost_usd: float
    """
    Expected own cost with the right.
    """
    cvar_usd: float
    """
    Mean of the worst 1 - cvar_level of it.
    """
    avoided_cost_usd: float
    """
    Expected own cost that it avoids.
    """
    avoided_cost_interval_usd: list[Any] | None
    """
    95 % interval of that expectation; null for a few scenarios only.
    """
    expected_fees_usd: float
    """
    Expected fees as they fall due, discounted.
    """
    net_benefit_usd: float
    """
    Avoided cost less expected fees.
    """
    added_lots: int
    """
    Lots more than the quantity before.
    """
    added_net_benefit_per_lot_usd: float
    """
    What each of the added lots adds to the net benefit.
    """
    break_even_probability: float | None
    """
    Probability of a gap within the horizon from which the right pays; above 1 it never does; null if nothing is avoided.
    """


class RoundResource(Answer):
    """A round, as all who take part may see it."""

    id: str
    name: str
    state: str
    """
    Where a round stands. One of OPEN, CLOSED, PUBLISHED, CANCELLED.
    """
    rights: list[OfferedRight]
    created_at: AwareDatetime
    """
    UTC.
    """
    closes_at: AwareDatetime
    """
    UTC, by the clock of the database; later offers are refused.
    """
    published_at: AwareDatetime | None
    """
    UTC; null if not yet.
    """
    href: str


class SecretWebhookResource(Answer):
    """A receiver with its secret, which no other answer has."""

    id: str
    name: str
    url: str
    events: list[str]
    """
    Of which it is told.
    """
    account: str
    """
    Who made it; nothing is sent once that account is disabled.
    """
    key: str | None
    """
    Prefix of the key that it was made with.
    """
    created_at: AwareDatetime
    """
    UTC.
    """
    is_enabled: bool
    """
    Otherwise what is to be sent waits.
    """
    disabled_at: AwareDatetime | None
    """
    UTC.
    """
    disabled_because: str | None
    old_secret_until: AwareDatetime | None
    """
    Until then requests are signed with the secret before as well.
    """
    last_delivered_at: AwareDatetime | None
    """
    When it last took something, UTC.
    """
    href: str
    deliveries_href: str
    secret: str
    """
    Checks signatures; begins with `whsec_`.
    """


class ShippedCaseResource(Answer):
    """A case that ships, or a variant of one."""

    case: str
    """
    What orders call it.
    """
    name: str
    """
    Name for people.
    """
    description: str
    """
    What it is about.
    """


class StandingReserveResource(Answer):
    """A reserve, and where it stands."""

    id: str
    name: str
    """
    Name for people.
    """
    created_at: AwareDatetime
    """
    UTC.
    """
    number_of_entries: int
    """
    Entries of its ledger.
    """
    head: str
    """
    Hash of the last entry, or what the first one has to follow: the `predecessor` of the next entry.
    """
    href: str
    entries_href: str
    lots_href: str
    position: InForceResource | None
    """
    The last position; null if there is none.
    """
    start: date | None
    """
    Day of the last position.
    """
    plan: InForceResource | None
    """
    The plan in force; null if there is none.
    """


class StoredCaseResource(Answer):
    """A case that was just sent, with what may be wrong in it."""

    hash: str
    """
    SHA-256 of the content; the name of the case here.
    """
    case_id: str
    """
    Name that the case gives itself.
    """
    name: str
    """
    Name for people.
    """
    number_of_bytes: int
    """
    Length of the canonical JSON.
    """
    created_at: AwareDatetime
    """
    When it was first given, UTC.
    """
    href: str
    """
    Where the case is.
    """
    warnings: list[str]
    """
    Parts without effect, and figures that look misread.
    """


class TableResource(Answer):
    """A table of an evaluation."""

    name: str
    sha256: str
    """
    Of the Parquet file.
    """
    number_of_bytes: int
    """
    Of the Parquet file.
    """
    href: str


class TransferResource(Answer):
    """Lots of a right that are on offer, or were."""

    id: str
    right: str
    lots: int
    state: str
    """
    Where a transfer stands. One of OFFERED, TAKEN, DONE, REFUSED, WITHDRAWN.
    """
    is_own: bool
    """
    Offered by the own participant.
    """
    offered_at: AwareDatetime
    """
    UTC.
    """


class VariantResource(Answer):
    """A variant, with its result so far."""

    number: int
    """
    Counted from 1; 0 is the unchanged case.
    """
    name: str
    values: dict[str, Any] | None = None
    """
    Values set, by path.
    """
    case: str
    """
    Content hash of the variant.
    """
    termination: str | None = None
    """
    How its solve ended; null before the end.
    """
    warnings: list[str] | None = None
    """
    Warnings that the unchanged case has not; its own.
    """
    conflict: list[str] | None = None
    """
    Limits that cannot hold together, if infeasible.
    """
    failure: str | None = None
    """
    Why it FAILED.
    """
    seconds: float | None = None
    """
    Duration of its solve.
    """
    plan: str | None = None
    """
    Hash of its best plan so far.
    """
    figures: PlanFigures | None = None
    """
    Of that plan.
    """
    patch: dict[str, Any]
    """
    Merge patch of the case.
    """
    overlay: dict[str, Any]
    """
    What else it changes, and its title, reason and sources.
    """
    state: str
    """
    Of its job. One of QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED.
    """
    job: str
    """
    Its latest job; the same cases share one.
    """
    job_href: str
    reused_from: str | None
    """
    Job whose answer was taken over.
    """


class VariantRow(Answer):
    """A variant and the state of its solve."""

    number: int
    """
    Counted from 1; 0 is the unchanged case.
    """
    name: str
    values: dict[str, Any] | None = None
    """
    Values set, by path.
    """
    case: str
    """
    Content hash of the variant.
    """
    termination: str | None = None
    """
    How its solve ended; null before the end.
    """
    warnings: list[str] | None = None
    """
    Warnings that the unchanged case has not; its own.
    """
    conflict: list[str] | None = None
    """
    Limits that cannot hold together, if infeasible.
    """
    failure: str | None = None
    """
    Why it FAILED.
    """
    seconds: float | None = None
    """
    Duration of its solve.
    """
    plan: str | None = None
    """
    Hash of its best plan so far.
    """
    figures: PlanFigures | None = None
    """
    Of that plan.
    """


class WebhookResource(Answer):
    """A receiver of events."""

    id: str
    name: str
    url: str
    events: list[str]
    """
    Of which it is told.
    """
    account: str
    """
    Who made it; nothing is sent once that account is disabled.
    """
    key: str | None
    """
    Prefix of the key that it was made with.
    """
    created_at: AwareDatetime
    """
    UTC.
    """
    is_enabled: bool
    """
    Otherwise what is to be sent waits.
    """
    disabled_at: AwareDatetime | None
    """
    UTC.
    """
    disabled_because: str | None
    old_secret_until: AwareDatetime | None
    """
    Until then requests are signed with the secret before as well.
    """
    last_delivered_at: AwareDatetime | None
    """
    When it last took something, UTC.
    """
    href: str
    deliveries_href: str


class Award(Answer):
    """A pre-purchase right awarded to a participant, by the plan or before it."""

    offer: str
    participant: str
    material: str
    lots: int
    tonnes: float
    """
    tonnes
    """
    days_of_own_cover: float
    inventory_price_usd_per_tonne: float
    upfront_fee_usd: float
    carrying_fee_usd_per_year: float
    """
    While all of it is held.
    """
    in_force: EarlierAward | None = None
    """
    Set if it was awarded before the start: it keeps its terms, and its upfront fee is paid.
    """


class Axis(Answer):
    """A value of the case that a grid varies."""

    path: str
    """
    Path of the value, as in --set.
    """
    values: list[Any]
    """
    Values to try.
    """


class ConductedRoundResource(Answer):
    """A round, as its managers see it."""

    id: str
    name: str
    state: str
    """
    Where a round stands. One of OPEN, CLOSED, PUBLISHED, CANCELLED.
    """
    rights: list[OfferedRight]
    created_at: AwareDatetime
    """
    UTC.
    """
    closes_at: AwareDatetime
    """
    UTC, by the clock of the database; later offers are refused.
    """
    published_at: AwareDatetime | None
    """
    UTC; null if not yet.
    """
    href: str
    case: str
    """
    Hash of the case that rights are offered for.
    """
    participants: list[str]
    """
    Who may make offers.
    """
    plan: str | None
    """
    Hash of the published plan.
    """
    explanation: str | None
    """
    Hash of the analysis whose reasons are published.
    """


class FrontierRow(Answer):
    """The variants with one value of an axis, whatever their other values."""

    path: str
    value: Any
    number_of_plans: int
    """
    Variants that have a plan.
    """
    least_cost_usd: float
    """
    Expected shortage cost of the best.
    """
    mean_cost_usd: float
    """
    Mean over these variants.
    """
    best: int
    """
    Number of the best variant.
    """


class JobResource(Answer):
    """A job."""

    id: str
    kind: str
    """
    What a job computes. One of solve, evaluation, analysis, portion.
    """
    state: str
    """
    The state of a job. One of QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED.
    """
    case: str
    """
    Hash of the case that was asked for.
    """
    solved_case: str
    """
    Hash of the same case with the options of this job.
    """
    options: dict[str, Any]
    """
    All options that the job uses.
    """
    priority: int
    """
    The smaller, the sooner; then the older.
    """
    memory_limit_bytes: int | None
    """
    As ordered.
    """
    number_of_threads: int | None
    """
    As ordered.
    """
    attempt: int
    """
    Number of times that the job was started.
    """
    worker: str | None
    """
    Who has the job, or had it last.
    """
    created_at: AwareDatetime
    """
    UTC.
    """
    started_at: AwareDatetime | None
    """
    UTC; null if not yet.
    """
    finished_at: AwareDatetime | None
    """
    UTC; null if not yet.
    """
    warnings: list[str]
    """
    Parts of the case without effect, figures that look misread and, once it has ended, what to know before its plan is used. A variant of a batch may leave out what its base has.
    """
    progress: ProgressResource | None
    """
    The latest report.
    """
    incumbent: IncumbentResource | None
    """
    The best plan so far.
    """
    result: ResultResource | None
    """
    Of a job that SUCCEEDED.
    """
    evaluated_plan: str | None
    """
    Hash of the plan that an evaluation or an analysis is of.
    """
    evaluation: str | None
    """
    Hash of the evaluation, of such a job that SUCCEEDED.
    """
    evaluation_href: str | None
    """
    Where the evaluation is.
    """
    analysis: str | None
    """
    Name of an analysis.
    """
    analysis_document: str | None
    """
    Hash of the answer of an analysis that SUCCEEDED.
    """
    analysis_href: str | None
    """
    Where that answer is.
    """
    portion_of: str | None
    """
    Of a portion: the analysis that it finds some parts of, a job.
    """
    parts: list[int] | None
    """
    Of a portion: the numbers of these parts, from 0.
    """
    failure: str | None
    """
    Why it FAILED, in words.
    """
    reused_from: str | None
    """
    The job that was asked the same before, whose answer this is.
    """
    href: str
    progress_href: str


class LotChain(Answer):
    """A lot, from where it was mined and refined to what is left of it."""

    id: str
    """
    Name of the lot.
    """
    material: str
    """
    What it is.
    """
    form: str | None
    """
    Form held; null: the traded form.
    """
    mining_country: str
    """
    Country in which it was mined.
    """
    refining_country: str
    """
    Country in which it was refined.
    """
    arrival: date
    """
    Day on which it arrived.
    """
    tonnes: float
    """
    What is there of it by the last entry.
    """
    steps: list[LotStep]
    """
    Oldest first; they sum to tonnes.
    """


class OwnAwardResource(Answer):
    """What became of a right that a participant asked for."""

    right: str
    asked_lots: int
    """
    Largest award that the offer allowed.
    """
    award: Award | None
    """
    Null if it was not awarded.
    """
    terms: str
    """
    What was awarded, in a sentence.
    """
    reason: str | None
    """
    Why it is not larger; null unless reasons are published.
    """
    next_lot: NextLotResource | None
    """
    Null if the round offers no participant more.
    """


class PageConductedRoundResource(Answer):
    items: list[ConductedRoundResource]
    next: str | None
    """
    The page that follows; null at the end.
    """


class PageJobResource(Answer):
    items: list[JobResource]
    next: str | None
    """
    The page that follows; null at the end.
    """


class PageProgressResource(Answer):
    items: list[ProgressResource]
    next: str | None
    """
    The page that follows; null at the end.
    """


class PageReserveEntryResource(Answer):
    items: list[ReserveEntryResource]
    next: str | None
    """
    The page that follows; null at the end.
    """


class PageReserveResource(Answer):
    items: list[ReserveResource]
    next: str | None
    """
    The page that follows; null at the end.
    """


class PageRoundResource(Answer):
    items: list[RoundResource]
    next: str | None
    """
    The page that follows; null at the end.
    """


class PageVariantResource(Answer):
    items: list[VariantResource]
    next: str | None
    """
    The page that follows; null at the end.
    """


class PageWebhookResource(Answer):
    items: list[WebhookResource]
    next: str | None
    """
    The page that follows; null at the end.
    """


class RightMenu(Answer):
    """An offer valued at a menu of quantities."""

    offer: str
    material: str
    material_name: str
    lot_tonnes: float
    """
    Tonnes of a lot.
    """
    inventory_price_usd_per_tonne: float
    """
    Of draws.
    """
    all_in_cost_usd_per_kg_year: float
    """
    Upfront fee / years of the term + carrying fee.
    """
    shortage_cost_usd: float
    """
    Own cost without the right.
    """
    shortage_cost_interval_usd: list[Any] | None
    """
    95 % interval of that expectation; null for a few scenarios only.
    """
    cvar_usd: float
    """
    Mean of the worst 1 - cvar_level of it.
    """
    gap_probability: float
    """
    Probability of a gap in the material after the own buffer.
    """
    quantities: list[RightQuantity]
    """
    By size.
    """
    lots_not_available: list[int]
    """
    Quantities that routes cannot supply in time.
    """
    best_lots: int
    """
    Quantity with the highest net benefit; 0 if none pays.
    """
    is_in_force: bool | None = None
    """
    Whether it was awarded before the start: it has one quantity, and its upfront fee is paid.
    """
    terms: list[str]
    """
    Draws, refill and end, as sentences.
    """


class RightMenus(Answer):
    """
    The rights that a participant offers to take, each at a menu of quantities.

    Each right is valued as if nothing else were held; values of several rights do not
    add up.
    """

    participant: str
    name: str
    scenarios: int
    """
    Number of fresh scenarios.
    """
    seed: int
    """
    Seed that they are drawn with.
    """
    cvar_level: float
    """
    CVaR is the mean of the worst 1 - level.
    """
    rights: list[RightMenu]


class Comparison(Answer):
    """A comparison of the variants that have a plan."""

    measures: list[str]
    pareto: list[int]
    """
    Variants that no other dominates, best in the first measure first.
    """
    frontier: list[FrontierRow]
    """
    Axis by axis, in the order of their values.
    """
    failures: list[int]
    """
    Variants without an answer.
    """
    infeasible: list[int]
    """
    Variants that are infeasible.
    """


class OwnValuationResource(Answer):
    """The worth of each right on offer, once it is computed."""

    state: str
    """
    Of the job that computes it. One of QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED.
    """
    valuation: RightMenus | None
    """
    Each right at quantities up to the most that may be asked for, at the own line-stop cost; null until the job has SUCCEEDED.
    """


class BatchResource(Answer):
    """A batch, and the comparison of its variants so far."""

    id: str
    name: str
    case: str
    """
    Hash of the case as it is.
    """
    number_of_variants: int
    """
    Without the case as it is.
    """
    is_paused: bool
    """
    Its queued jobs wait.
    """
    is_finished: bool
    """
    Each variant's job has ended.
    """
    number_by_state: dict[str, int]
    """
    Variants by the state of their job.
    """
    created_at: AwareDatetime
    """
    UTC.
    """
    href: str
    variants_href: str
    warnings: list[str]
    """
    Of the case as it is, and those that variants add, by name.
    """
    axes: list[Axis]
    """
    What a grid varied.
    """
    rows: list[VariantRow]
    """
    The comparison: the case as it is and the first variants; all are at `variants_href`.
    """
    comparison: Comparison
    failures: dict[str, str]
    """
    Why variants FAILED, by number; the first ones.
    """
