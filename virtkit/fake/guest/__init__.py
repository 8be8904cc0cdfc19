"""A guest that lives: how it behaves, what it does by itself, and what a test has it do."""

from __future__ import annotations

from virtkit.fake.guest.life import (
    ask_reboot,
    booted,
    expect_agent,
    press_power_button,
    restart,
    uptime,
)
from virtkit.fake.guest.manners import Guest, KeptGuest, of

__all__ = [
    "Guest",
    "KeptGuest",
    "ask_reboot",
    "booted",
    "expect_agent",
    "of",
    "press_power_button",
    "restart",
    "uptime",
]
