"""As libvirt.py beside it: the fake's."""

import sys
from importlib import import_module

sys.modules[__name__] = import_module("virtkit.fake.libvirtmod")
