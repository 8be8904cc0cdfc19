"""With this folder on PYTHONPATH, ``import libvirt_lxc`` gives the fake's."""

import sys

from virtkit.fake import libvirt_lxc

sys.modules[__name__] = libvirt_lxc
