"""Where an upload lies while the form is read: in memory, and from half a megabyte on in a temporary file."""

from collections.abc import Callable
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from flask import Flask, Request

from s2group.core.form_parsing import FormParser
from s2group.core.storage_errors import StorageError, storage_error

IN_MEMORY = 500 * 1024


class UploadStream(SpooledTemporaryFile[bytes]):
    """A temporary file that tells of a full disk only when it is read.

    Werkzeug writes it while it reads the request. An error then would end the reading, and all that was typed into
    the form with the file would be lost.
    """

    trouble: StorageError | None = None

    def write(self, data: Any) -> int:
        """Write, or drop what does not fit; whoever reads will be told."""
        self._unless_trouble(super().write, data)
        return len(data)

    def seek(self, *args: int) -> int:
        """As usual; the last bytes may meet the full disk only now."""
        return self._unless_trouble(super().seek, *args) or 0

    def read(self, *args: int) -> bytes:
        """As usual. Raises StorageTrouble where the file did not fit."""
        if self.trouble:
            raise self.trouble
        return super().read(*args)

    def _unless_trouble(self, act: Callable[..., int], *args: Any) -> int | None:
        try:
            return None if self.trouble else act(*args)
        except OSError as error:
            self.trouble = storage_error(error) or StorageError()
            self.trouble.__cause__ = error
            return None


class UploadRequest(Request):
    """A request whose files go through a Spool, and whose form is read part by part."""

    form_data_parser_class = FormParser

    def _get_file_stream(self, *_about: object, **_more: object) -> IO[bytes]:
        return cast("IO[bytes]", UploadStream(max_size=IN_MEMORY, mode="rb+"))


def init_app(app: Flask) -> None:
    """Let every request of the app be such a one."""
    app.request_class = UploadRequest
