"""What other people's programs do to a libvirt, as small scripts that print what they saw.

Each is run twice, ``python -m tests.programs.scenarios.NAME URI``: with libvirt-python, and with the fake in
its place. Nothing in them may name the one or the other.
"""
