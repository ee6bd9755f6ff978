"""Every page of the console, by the address that it has in the sample store."""

from collections.abc import Mapping

from service.console.registry import PAGES
from tests.browser.sample_store import SampleStore
from tests.service.api.write_examples import LOT


def addresses(store: SampleStore) -> Mapping[str, str]:
    """Return where each page of the registry is, by its name.

    Raises KeyError for a page whose parameters nothing here gives.
    """
    reserve = {"reserve_id": store.reserve}
    given: Mapping[str, Mapping[str, object]] = {
        "show_analysis": {"content_hash": store.analyses["frontier"]},
        "show_batch": {"batch_id": store.batch},
        "show_evaluation": {"content_hash": store.evaluation},
        "show_case": {"content_hash": store.case},
        "show_plan": {"content_hash": store.plan},
        "show_job": {"job_id": store.job},
        "show_lot": reserve | {"lot": LOT["id"]},
        "show_reserve": reserve,
        "show_reserve_entry": reserve | {"entry_hash": store.entry},
    }
    return {
        name: page.path.format_map(given.get(name, {})) for name, page in PAGES.items()
    }
