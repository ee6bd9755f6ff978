"""The warm start: what a session leaves for one in another process, as bytes.

Cuts, cash rows, where the relaxation ended and the incumbent; no warm programs. The
keys of cut_keys.py decide for which cases it is valid.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from optimizer.decomposition.clusters import MaterialSet
from optimizer.decomposition.recourse_oracle import CashFlowRows, CutPool
from optimizer.decomposition.relaxation import StartingPoint
from optimizer.decomposition.scenario_block import BlockCuts
from optimizer.point import Point

Key = tuple[str, str]  # of a case and of its scenarios
Arrays = dict[str, NDArray[Any]]
# Increase this when the meaning of cuts, menus or keys changes.
FORMAT = 2


class UnreadableWarmStartError(ValueError):
    """The bytes are not a warm start of this format."""


@dataclass(frozen=True, slots=True)
class WarmStart:
    """What is valid for every case with the cut key; cash flows for the cash key too.

    cost_without_vault_usd is that of the case whose solve has left it.
    """

    cut_key: Key
    cash_key: Key
    cluster_of: Mapping[MaterialSet, int]
    pool: CutPool
    start: StartingPoint | None
    incumbent: Point | None
    cost_without_vault_usd: float | None

    def to_bytes(self) -> bytes:
        """Return the warm start as a compressed archive of arrays, without any code."""
        incumbent, start = self.incumbent, self.start
        head = {
            "format": FORMAT,
            "cut_key": self.cut_key,
            "cash_key": self.cash_key,
            "clusters": [[sorted(x), i] for x, i in self.cluster_of.items()],
            "cost_without_vault_usd": self.cost_without_vault_usd,
            "flows": [flows.order for flows in self.pool.flows],
            "has_start": start is not None,
            "costs_usd": incumbent
            and [
                incumbent.expected_cost_usd,
                incumbent.objective_usd,
                incumbent.cost_of_holding_usd,
            ],
            "number_of_holdings": len(incumbent.shares) if incumbent else 0,
        }
        gradient = self.pool.cuts.gradient
        arrays: Arrays = {
            "head": np.frombuffer(json.dumps(head).encode(), dtype=np.uint8),
            "constant": self.pool.cuts.constant,
            "owner": self.pool.owner,
            "gradient_data": gradient.data,
            "gradient_indices": gradient.indices,
            "gradient_indptr": gradient.indptr,
            "gradient_shape": np.array(gradient.shape),
        }
        for i, flows in enumerate(self.pool.flows):
            arrays |= {f"cash_{i}": flows.cash, f"stock_{i}": flows.stock}
        if start is not None:
            arrays |= {f"start_{x.name}": getattr(start, x.name) for x in fields(start)}
        if incumbent is not None:
            arrays |= {"signed": incumbent.signed, "draws": incumbent.draws}
            arrays |= {f"share_{i}": share for i, share in enumerate(incumbent.shares)}
        archive = io.BytesIO()
        np.savez_compressed(archive, allow_pickle=False, **arrays)
        return archive.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "WarmStart":
        """Return a warm start; raises UnreadableWarmStartError for any other bytes."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as archive:
                arrays: Arrays = {name: archive[name] for name in archive.files}
            return _read(json.loads(arrays["head"].tobytes()), arrays)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            msg = f"unreadable warm start ({error}), expected that of a solve"
            raise UnreadableWarmStartError(msg) from error


def _read(head: dict[str, Any], arrays: Arrays) -> WarmStart:
    if head["format"] != FORMAT:
        msg = f"format {head['format']}, expected {FORMAT}"
        raise ValueError(msg)
    gradient = csr_array(
        tuple(arrays[f"gradient_{x}"] for x in ("data", "indices", "indptr")),
        shape=tuple(arrays["gradient_shape"].tolist()),
    )
    flows = tuple(
        CashFlowRows(
            [(t, w) for t, w in order], arrays[f"cash_{i}"], arrays[f"stock_{i}"]
        )
        for i, order in enumerate(head["flows"])
    )
    cuts = BlockCuts(arrays["constant"], gradient)
    return WarmStart(
        cut_key=tuple(head["cut_key"]),
        cash_key=tuple(head["cash_key"]),
        cluster_of={frozenset(x): i for x, i in head["clusters"]},
        pool=CutPool(cuts, arrays["owner"], flows),
        start=_start(arrays) if head["has_start"] else None,
        incumbent=_incumbent(head, arrays) if head["costs_usd"] else None,
        cost_without_vault_usd=head["cost_without_vault_usd"],
    )


def _start(arrays: Arrays) -> StartingPoint:
    return StartingPoint(
        **{x.name: arrays[f"start_{x.name}"] for x in fields(StartingPoint)}
    )


def _incumbent(head: dict[str, Any], arrays: Arrays) -> Point:
    expected, objective, holding = head["costs_usd"]
    return Point(
        shares=tuple(arrays[f"share_{i}"] for i in range(head["number_of_holdings"])),
        signed=arrays["signed"],
        draws=arrays["draws"],
        expected_cost_usd=expected,
        objective_usd=objective,
        cost_of_holding_usd=holding,
    )
