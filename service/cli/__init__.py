"""The command line. `main` is what the program strongroom runs."""

from service.cli.application import main

__all__ = ["main"]
