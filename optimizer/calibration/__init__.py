"""Modelled losses of a year without one supplier, compared with published ones."""

from optimizer.calibration.comparing import calibrate

__all__ = ["calibrate"]
