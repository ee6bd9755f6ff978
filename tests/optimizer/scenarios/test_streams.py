"""Streams by name and stratified uniforms."""

import numpy as np

from optimizer.scenarios.streams import Streams, stratified_uniforms


def test_a_name_draws_the_same_whoever_else_draws() -> None:
    """A stream depends on the seed and its name alone."""
    alone = Streams(np.random.default_rng(3)).of("gallium").random(4)
    streams = Streams(np.random.default_rng(3))
    streams.of("germanium").random(7)
    assert streams.of("gallium").random(4).tolist() == alone.tolist()


def test_names_draw_differently() -> None:
    """Two names have two streams, even if one begins with the other."""
    streams = Streams(np.random.default_rng(3))
    names = ("gallium", "gallium-2", "muillag", "")
    assert len({streams.of(name).random() for name in names}) == len(names)


def test_each_cell_has_one_uniform() -> None:
    """Five stratified uniforms lie in five different fifths."""
    uniforms = stratified_uniforms(5, np.random.default_rng(1))
    assert sorted((uniforms * 5).astype(int).tolist()) == [0, 1, 2, 3, 4]


def test_no_scenarios_need_no_uniforms() -> None:
    """Zero uniforms are an empty array."""
    assert stratified_uniforms(0, np.random.default_rng(1)).shape == (0,)
