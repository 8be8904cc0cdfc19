"""The contract: what programs may rely on, whichever libvirt answers."""
