"""Every page of the console, by the address that it has in the sample store."""

from collections.abc import Mapping

from service.console.registry import PAGES
from tests.browser.sample_store import SampleStore


def addresses(store: SampleStore) -> Mapping[str, str]:
    """Return where each page of the registry is, by its name.

    Raises KeyError for a page whose parameters nothing here gives.
    """
    given = {
        "show_case": {"content_hash": store.case},
        "show_plan": {"content_hash": store.plan},
        "show_job": {"job_id": store.job},
    }
    return {
        name: page.path.format_map(given.get(name, {})) for name, page in PAGES.items()
    }
