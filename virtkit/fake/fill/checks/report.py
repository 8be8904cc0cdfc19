"""The ways in which libvirt's parser says no."""

from __future__ import annotations

from typing import NoReturn

from virtkit.fake import constants as c
from virtkit.fake.errors import fail


def xml(message: str) -> NoReturn:
    """Raise that the XML is wrong."""
    fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_DOMAIN, message)


def unsupported(message: str, source: int = c.VIR_FROM_DOMAIN) -> NoReturn:
    """Raise that the configuration is not supported."""
    fail(c.VIR_ERR_CONFIG_UNSUPPORTED, source, message)


def detail(message: str) -> NoReturn:
    """Raise that the XML is wrong in itself."""
    fail(c.VIR_ERR_XML_DETAIL, c.VIR_FROM_DOMAIN, message)


def internal(message: str, source: int = c.VIR_FROM_DOMAIN) -> NoReturn:
    """Raise what libvirt calls an internal error."""
    fail(c.VIR_ERR_INTERNAL_ERROR, source, message)
