"""With this folder on PYTHONPATH, ``import libvirt_qemu`` gives the fake's."""

import sys
from importlib import import_module

sys.modules[__name__] = import_module("virtkit.fake.libvirt_qemu")
