"""With this folder on PYTHONPATH, ``import libvirt`` gives the fake, in every Python below."""

import sys
from importlib import import_module

import_module("virtkit.fake")
sys.modules[__name__] = sys.modules["virtkit.fake"]
