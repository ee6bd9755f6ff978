"""Ways to run mpi-sppy that were tried: its cylinders, their number and options."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Configuration:
    """A hub with spokes; one rank each is one process. Flags are the driver's.

    bundles is the number of bundles that scenarios are solved in together, 0 for none.
    """

    name: str
    number_of_ranks: int
    flags: tuple[str, ...]
    bundles: int = 0


# The L-shaped method has one cut for each scenario and iteration. `highs` is the one
# interface to HiGHS whose duals its cuts can read.
LSHAPED = Configuration(
    "L-shaped", 2, ("--solver-name=highs", "--lshaped-hub", "--xhatlshaped")
)


def progressive_hedging(rho: float, *more: str, bundles: int = 0) -> Configuration:
    """Return PH with a Lagrangian lower bound; its mean first stage is the incumbent.

    HiGHS does not take the quadratic proximal term through the persistent interface,
    so the term is linearised.
    """
    return Configuration(
        " ".join(
            ["PH", f"rho {rho:g}", *more, *([f"{bundles} bundles"] if bundles else [])]
        ),
        3,
        (
            "--solver-name=appsi_highs",
            "--lagrangian",
            "--xhatxbar",
            "--linearize-proximal-terms",
            f"--default-rho={rho:g}",
            *more,
        ),
        bundles,
    )


CONFIGURATIONS = (
    LSHAPED,
    progressive_hedging(0.1),
    progressive_hedging(1.0),
    progressive_hedging(1.0, "--grad-rho"),
    progressive_hedging(1.0, "--use-norm-rho-updater"),
    progressive_hedging(100.0),
    progressive_hedging(1.0, bundles=2),
    progressive_hedging(10.0, bundles=2),
    progressive_hedging(100.0, bundles=2),
)
# README.md has what each of them came to; these two were ahead of all others.
CONTENDERS = (LSHAPED, progressive_hedging(10.0, bundles=2))
