"""Fixtures for tests of programs that use libvirt: a pytest plugin, active wherever virtkit is installed.

``fake_libvirt`` makes ``import libvirt`` mean ``virtkit.fake`` for a test, ``fake_host`` is a host to
prepare, ``fake_cluster`` makes several, ``fake_clock`` holds the time. See :mod:`virtkit.testing.plugin`.
"""
