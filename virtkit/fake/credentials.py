"""Asking whoever opens a connection who he is, as libvirt asks."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING, Any, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.errors import fail, repeat

if TYPE_CHECKING:
    from collections.abc import Callable

_HOST = "localhost"
_NAMES = (c.VIR_CRED_AUTHNAME,)
_PASSWORDS = (c.VIR_CRED_PASSPHRASE, c.VIR_CRED_NOECHOPROMPT)
_WRONG = "authentication failed, see test XML for the correct username/password"


class Credentials:
    """What openAuth was given: which kinds of credential can be asked for, and how.

    Args:
        given: the list of libvirt-python: kinds, callback, what the callback also gets; None: nothing.
    """

    def __init__(self, given: list[Any] | None) -> None:
        self._given = given is not None
        kinds, callback, opaque = [*(given or []), None, None, None][:3]
        self._kinds: list[int] = kinds or []
        self._callback: Callable[[list[list[Any]], Any], int | None] | None = callback
        self._opaque = opaque

    def check(self, users: dict[str, str | None]) -> None:
        """Ask for a name and, unless the user needs none, a password.

        Args:
            users: passwords by name.

        Raises:
            libvirtError: nobody can be asked, or the answer is wrong.
        """
        kind = "Missing VIR_CRED_AUTHNAME credential type"
        name = self._ask(_NAMES, f"Enter username for {_HOST}", kind, "Username request failed")
        password = None
        if name not in users or users[name] is not None:
            kind = "Missing VIR_CRED_PASSPHRASE or VIR_CRED_NOECHOPROMPT credential type"
            prompt = f"Enter {name}'s password for {_HOST}"
            password = self._ask(_PASSWORDS, prompt, kind, "Password request failed")
        if name not in users or users[name] != password:
            fail(c.VIR_ERR_AUTH_FAILED, c.VIR_FROM_TEST, _WRONG)

    def _ask(self, kinds: tuple[int, ...], prompt: str, missing: str, failed: str) -> str:
        if not self._given:
            fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_AUTH, "Missing authentication credentials")
        kind = next((each for each in self._kinds if each in kinds), None)
        if kind is None:
            fail(c.VIR_ERR_AUTH_FAILED, c.VIR_FROM_AUTH, missing)
        if self._callback is None:
            fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_AUTH, "Missing authentication callback")
        asked: list[Any] = [kind, prompt, _HOST, None, None]
        try:
            done = self._callback([asked], self._opaque)
        except Exception:  # noqa: BLE001
            traceback.print_exc(file=sys.stderr)
            done = -1
        if done is not None and done < 0:
            fail(c.VIR_ERR_AUTH_FAILED, c.VIR_FROM_AUTH, failed)
        if asked[4] is None:
            _unexplained()
        return str(asked[4])


def _unexplained() -> NoReturn:
    repeat((1, 0, "An error occurred, but the cause is unknown", 2, None, None, None, 0, 0))
