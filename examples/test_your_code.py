"""Test a program that uses libvirt directly, without libvirt: ``virtkit.fake`` takes the module's place.

    python examples/test_your_code.py

``idle_domains`` is code as it is written everywhere. The fake has the same names, errors and XML as
libvirt-python, and can be told to fail.
"""
# ruff: noqa: S101 - these are tests

from typing import Any

import virtkit.fake as libvirt  # in your program: import libvirt

XML = "<domain type='kvm'><name>{}</name><memory unit='MiB'>256</memory><os><type>hvm</type></os></domain>"


def idle_domains(conn: Any) -> list[str]:
    """What is defined and does not run, by name."""
    return sorted(domain.name() for domain in conn.listAllDomains() if not domain.isActive())


def test_only_what_is_off_is_idle() -> None:
    libvirt.reset()
    conn = libvirt.open("fake:///example")
    for name in ("web1", "web2"):
        conn.defineXML(XML.format(name))
    conn.lookupByName("web1").create()
    assert idle_domains(conn) == ["web2"]


def test_errors_are_libvirt_s() -> None:
    libvirt.reset()
    libvirt.registerErrorHandler(lambda *_: None, None)  # libvirt would print it on stderr
    conn = libvirt.open("fake:///example")
    code = None
    try:
        conn.lookupByName("nobody")
    except libvirt.libvirtError as error:
        code = error.get_error_code()
    assert code == libvirt.VIR_ERR_NO_DOMAIN


if __name__ == "__main__":
    for test in (test_only_what_is_off_is_idle, test_errors_are_libvirt_s):
        test()
        print(f"{test.__name__}: passed")
