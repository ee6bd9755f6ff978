"""Observations and orders as files."""

from pathlib import Path

from pydantic import ValidationError

from models.instance import Instance
from models.observation import Observation
from models.observation_reading import Further, no_further, read_observation
from models.orders import Orders
from models.reading import InvalidCaseError
from service.files.json_values import parse_json
from service.files.text import fault, read_text
from service.files.validation import mistakes_in
from service.files.yaml_values import parse_yaml


def read_observation_file(
    path: Path, case: Instance, further: Further = no_further
) -> Observation:
    """Return the observation in a YAML or JSON file, or raise InvalidCaseError.

    further finds mistakes that the case does not tell.
    """
    text = read_text(path, "the file of what was observed, in YAML or JSON")
    if not text.strip():
        raise fault(str(path), "empty", "facts: start, events ...")
    parse = parse_json if path.suffix.lower() == ".json" else parse_yaml
    return read_observation(parse(text, str(path)), case, further)


def read_orders(path: Path) -> Orders:
    """Return the orders in a file, or raise InvalidCaseError with every mistake."""
    text = read_text(path, "the file of orders (strongroom advance --orders)")
    if not text.strip():
        raise fault(str(path), "empty", "orders")
    try:
        return Orders.model_validate(parse_json(text, str(path)))
    except ValidationError as error:
        raise InvalidCaseError(mistakes_in(error, "orders")) from None
