"""virConnect: restoring saved domains."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Any, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.call import connection_call
from virtkit.fake.clashes import room_for
from virtkit.fake.connection.base import ConnectionBase
from virtkit.fake.connection.defining import check_text
from virtkit.fake.errors import check_names, fail, fail_system
from virtkit.fake.fill import defined_document
from virtkit.fake.lasting import Lasting, brought_back, lasts
from virtkit.fake.state.records import SAVE_PARAMETERS, SavedImage

if TYPE_CHECKING:
    from virtkit.fake.state.document import Document
    from virtkit.fake.store.session import Session


class Saving(ConnectionBase):
    """restore and the saved image's document."""

    def _image(self, session: Session, path: str) -> SavedImage:
        image = session.image(os.path.abspath(path))  # noqa: PTH100
        if image is None:
            self._unreadable(path)
        return image

    def _unreadable(self, path: str) -> NoReturn:
        error = FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        fail_system(error, self._host.personality.source, f"Failed to open file '{path}'")

    @lasts
    @connection_call("virDomainRestore", write=True)
    def restore(self, session: Session, frm: str) -> int | Lasting[int]:
        return self._restore(session, check_text(frm, "virDomainRestore", "from"), None, 0)

    @lasts
    @connection_call("virDomainRestoreFlags", write=True)
    def restoreFlags(
        self, session: Session, frm: str, dxml: str | None = None, flags: int = 0
    ) -> int | Lasting[int]:
        return self._restore(session, check_text(frm, "virDomainRestoreFlags", "from"), dxml, flags)

    @lasts
    @connection_call("virDomainRestoreParams", write=True)
    def restoreParams(self, session: Session, params: dict[str, Any], flags: int = 0) -> int | Lasting[int]:
        check_names(params, SAVE_PARAMETERS)
        path, dxml = params.get(c.VIR_DOMAIN_SAVE_PARAM_FILE), params.get(c.VIR_DOMAIN_SAVE_PARAM_DXML)
        if path is None:
            fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_QEMU, "missing path to restore from")
        return self._restore(session, path, dxml, flags)

    def _restore(self, session: Session, path: str, dxml: str | None, flags: int) -> int | Lasting[int]:
        qemu = self._host.personality.guest_decides
        if dxml is not None and not qemu:
            message = "xml modification unsupported"
            fail(c.VIR_ERR_ARGUMENT_UNSUPPORTED, c.VIR_FROM_TEST, message)
        image = self._image(session, path)
        document = image.document if dxml is None else self._replaced(image.document, dxml)
        facts = document.facts()
        record = room_for(session, facts.uuid, facts.name)
        running = image.running
        if flags & (c.VIR_DOMAIN_SAVE_RUNNING | c.VIR_DOMAIN_SAVE_PAUSED):
            running = bool(flags & c.VIR_DOMAIN_SAVE_RUNNING)
        return brought_back(self._host, session, record, SavedImage(document, running, image.cpu_time))

    def _replaced(self, saved: Document, xml: str) -> Document:
        document = defined_document(self._host.personality, xml, keep_uuid=saved.facts().uuid)
        if not self._host.personality.guest_decides:
            return document
        if document.facts().name != saved.facts().name:
            message = (
                f"Target domain name '{document.facts().name}' does not match source '{saved.facts().name}'"
            )
            fail(c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_DOMAIN, message)
        return document

    @connection_call("virDomainSaveImageGetXMLDesc")
    def saveImageGetXMLDesc(self, session: Session, file: str, flags: int = 0) -> str:
        if self._readonly and flags & c.VIR_DOMAIN_SAVE_IMAGE_XML_SECURE:
            message = "virDomainSaveImageGetXMLDesc with secure flag"
            fail(c.VIR_ERR_OPERATION_DENIED, c.VIR_FROM_DOMAIN, message)
        image = self._image(session, check_text(file, "virDomainSaveImageGetXMLDesc", "file"))
        return image.document.text()

    @connection_call("virDomainSaveImageDefineXML", write=True)
    def saveImageDefineXML(self, session: Session, file: str, dxml: str, flags: int = 0) -> int:
        image = self._image(session, check_text(file, "virDomainSaveImageDefineXML", "file"))
        running = image.running
        if flags & (c.VIR_DOMAIN_SAVE_RUNNING | c.VIR_DOMAIN_SAVE_PAUSED):
            running = bool(flags & c.VIR_DOMAIN_SAVE_RUNNING)
        document = self._replaced(image.document, check_text(dxml, "virDomainSaveImageDefineXML", "dxml"))
        path = os.path.abspath(file)  # noqa: PTH100
        session.put_image(path, SavedImage(document, running, image.cpu_time))
        return 0
