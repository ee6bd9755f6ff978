"""Keeps Pyomo from loading all of SciPy: a third of the time that a process starts in.

As soon as anything loads a part of SciPy, or Pyomo itself needs one, it would load its
statistics, geometry and integration too. Ours need none; SciPy gives them to any that
asks.
"""

from pyomo.common.dependencies import DeferredImportCallbackFinder

# Without these names, Pyomo loads what it likes.
_CALLBACKS, _CALLBACK = "_callbacks", "_callback"

for _import in getattr(DeferredImportCallbackFinder, _CALLBACKS, {}).pop("scipy", ()):
    setattr(_import, _CALLBACK, None)
