"""The lab's fixtures for all tests on real libvirt."""

from tests.lab.fixtures import *  # noqa: F403
