"""Keeps Pyomo from loading all of SciPy: a third of the time that a process starts in.

As soon as anything loads a part of SciPy, Pyomo loads its statistics, geometry and
integration for models that use them. Ours use none. Any that does still finds them.
"""

from pyomo.common.dependencies import DeferredImportCallbackFinder

_CALLBACKS = "_callbacks"  # without it, Pyomo loads what it likes

getattr(DeferredImportCallbackFinder, _CALLBACKS, {}).pop("scipy", None)
