"""Random streams by label, so that common random numbers survive a change of the case.

Each material, product and event has its own stream, by what it is (`labels`): adding,
dropping or reordering others does not change what it draws, nor does another name.
"""

import numpy as np

from optimizer.scenarios.scenario_set import Floats

BELOW_ONE = np.nextafter(1.0, 0.0)
WORDS_OF_ENTROPY = 4


class Streams:
    """Independent generators by label, all derived from one generator."""

    def __init__(self, generator: np.random.Generator) -> None:
        words = generator.integers(2**32, size=WORDS_OF_ENTROPY, dtype=np.uint64)
        self._entropy = [int(word) for word in words]

    def of(self, label: str) -> np.random.Generator:
        """Return the generator of a label, from its start."""
        # The bytes of the label are the key: unlike a short hash, no two share it.
        sequence = np.random.SeedSequence(
            self._entropy, spawn_key=tuple(label.encode("utf-8"))
        )
        return np.random.default_rng(sequence)


def stratified_uniforms(number: int, generator: np.random.Generator) -> Floats:
    """Return uniforms below 1, one from each of `number` equal cells, in random order.

    Each by itself is uniform on [0, 1), so whatever is drawn with it stays unbiased.
    """
    cells = generator.permutation(number)
    uniforms = (cells + generator.random(number)) / max(number, 1)
    # The division can round the last cell up to 1, which no uniform may be.
    return np.minimum(uniforms, BELOW_ONE)
