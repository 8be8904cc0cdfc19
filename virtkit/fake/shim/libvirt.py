"""With this folder on PYTHONPATH, ``import libvirt`` gives the fake, in every Python below."""

import sys
from importlib import import_module

import_module("virtkit.fake")
sys.modules[__name__] = sys.modules["virtkit.fake"]
for each in vars(sys.modules[__name__]).values():
    if isinstance(each, type) and each.__module__.startswith("virtkit.fake"):
        each.__module__ = __name__  # programs print it, and match on it
