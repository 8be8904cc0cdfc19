"""With this folder on PYTHONPATH, ``import libvirt_qemu`` gives the fake's."""

import sys

from virtkit.fake import libvirt_qemu

sys.modules[__name__] = libvirt_qemu
