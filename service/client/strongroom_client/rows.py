"""Answers as flat rows, for a data frame or a file."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from strongroom_client.answer import Answer

Scalar = bool | int | float | str | None
Row = dict[str, Scalar]


def rows_of(answers: Iterable[Answer]) -> list[Row]:
    """Return a row for each answer; all rows have the same columns in the same order.

    The columns of a part are called `part.field`, as in the tables of the server: a
    variant of a batch has `figures.gap`, and `values.` with the path of a value that it
    sets. What an answer has not is None, a list is written as JSON.
    """
    rows = [dict(_cells(answer.model_dump(mode="json"), "")) for answer in answers]
    columns = dict.fromkeys(column for row in rows for column in row)
    # The column of a part that is missing would be there beside those of its fields.
    parts = {x for x in columns if any(y.startswith(f"{x}.") for y in columns)}
    named = [column for column in columns if column not in parts]
    return [{column: row.get(column) for column in named} for row in rows]


def _cells(part: Mapping[str, object], within: str) -> Iterator[tuple[str, Scalar]]:
    for name, value in part.items():
        if isinstance(value, dict):
            yield from _cells(cast("dict[str, object]", value), f"{within}{name}.")
        elif isinstance(value, list):
            yield f"{within}{name}", json.dumps(value)
        else:
            yield f"{within}{name}", cast("Scalar", value)
