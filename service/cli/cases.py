"""strongroom cases: the cases that ship, with their sizes."""

from models.instance import Instance
from models.reading import read_instance
from service.casefiles import load, shipped_names
from service.cli.case_argument import JsonOption
from service.cli.reporting import print_json, reported
from service.cli.screen import show, table


def command(*, as_json: JsonOption = False) -> None:
    """List the cases that ship, with their sizes."""
    with reported(as_json=as_json):
        instances = [read_instance(load(name)) for name in shipped_names()]
        if as_json:
            print_json({"cases": [_described(instance) for instance in instances]})
            return
        listed = table(
            "Shipped cases", "case", "about", *(_sizes(instances[0])), left=2
        )
        for instance in instances:
            sizes = (f"{size:,}" for size in _sizes(instance).values())
            listed.add_row(instance.id, instance.name, *sizes)
        show(listed)


def _described(instance: Instance) -> dict[str, object]:
    return {
        "id": instance.id,
        "name": instance.name,
        "description": instance.description,
        "content_hash": instance.content_hash,
        **_sizes(instance),
    }


def _sizes(instance: Instance) -> dict[str, int]:
    return {
        "materials": len(instance.materials),
        "participants": len(instance.participants),
        "products": len(instance.final_products()),
        "events": len(instance.events),
        "periods": instance.horizon.number_of_periods,
        "scenarios": instance.options.number_of_scenarios,
    }
