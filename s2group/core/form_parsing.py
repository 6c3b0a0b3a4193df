"""Reading what a form posts, so that one damaged part does not take the others along.

Werkzeug's own reader gives an empty form where the name of one file is not UTF-8, and says of a form with too many
parts that it is too large.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any
from urllib.parse import parse_qsl

from flask_babel import lazy_gettext
from werkzeug.datastructures import FileStorage, Headers, MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

CHUNK = 64 * 1024
# Of a form that did not come whole: without its token nobody takes it for one that did.
TOKEN = "csrf_token"  # noqa: S105 - the name of the field
Fields = list[tuple[str, str]]
Files = list[tuple[str, FileStorage]]


class TooManyPartsError(HTTPException):
    """A form of more parts than any of ours has."""

    code = 413
    advice = lazy_gettext(
        "The form came in more parts than any form here has. Open its page again and fill it in there."
    )


class TextTooLongError(HTTPException):
    """More text than any form of ours takes."""

    code = 413
    advice = lazy_gettext(
        "Go back in your browser: your answers are still there. Shorten the longest text and send again."
    )


class Decoder(MultipartDecoder):
    """Takes the names of files in the encoding of Chinese Windows, too, and of any other what is text."""

    def _parse_headers(self, data: bytes | bytearray) -> Headers:
        return super()._parse_headers(_as_text(bytes(data)).encode())


class FormParser(FormDataParser):
    """Gives every part of a form that can be read. A part without a name goes by the empty one.

    Raises TooManyPartsError, TextTooLongError, and what the stream raises.
    """

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        """The stream, the texts and the files."""
        fields: Fields = []
        files: Files = []
        if mimetype == "multipart/form-data":
            if boundary := (options or {}).get("boundary"):
                self._read_parts(stream, boundary, fields, files)
        elif mimetype == "application/x-www-form-urlencoded":
            fields = self._read_pairs(stream)
        return stream, self.cls(fields), self.cls(files)

    def _read_pairs(self, stream: IO[bytes]) -> Fields:
        longest = self.max_form_memory_size or 0
        data = stream.read(longest + 1) if longest else stream.read()
        if longest and len(data) > longest:
            raise TextTooLongError
        pairs = parse_qsl(data.decode(errors="replace"), keep_blank_values=True, errors="replace")
        if self.max_form_parts and len(pairs) > self.max_form_parts:
            raise TooManyPartsError
        return pairs

    def _read_parts(self, stream: IO[bytes], boundary: str, fields: Fields, files: Files) -> None:
        """Add what comes to `fields` and `files`; where the form breaks off, what came before stays."""
        try:
            for part, content in self._parts(stream, Decoder(boundary.encode("ascii"), self.max_form_memory_size)):
                content.seek(0)
                if isinstance(part, File):
                    files.append(
                        (part.name or "", FileStorage(content, part.filename, part.name, headers=part.headers))
                    )
                else:
                    fields.append((part.name or "", content.read().decode(errors="replace")))
        except ValueError:
            fields[:] = [field for field in fields if field[0] != TOKEN]

    def _parts(self, stream: IO[bytes], decoder: Decoder) -> Iterator[tuple[Field | File, Any]]:
        """Each part with its content, once it is whole. The texts of a form share max_form_memory_size."""
        count = length = 0
        for event in _events(stream, decoder):
            if isinstance(event, Field | File):
                part, content = event, self._container(event)
                count += 1
                if self.max_form_parts and count > self.max_form_parts:
                    raise TooManyPartsError
            elif isinstance(event, Data):
                content.write(event.data)
                length += len(event.data) if isinstance(part, Field) else 0
                if length > (self.max_form_memory_size or length):
                    raise TextTooLongError
                if not event.more_data:
                    yield part, content

    def _container(self, part: Field | File) -> IO[bytes]:
        if isinstance(part, Field):
            return BytesIO()
        return self.stream_factory(None, part.headers.get("content-type"), part.filename, None)


def _events(stream: IO[bytes], decoder: Decoder) -> Iterator[Event]:
    """What the decoder makes of the stream. Raises ValueError where it breaks off."""
    chunk: bytes | None = b"-"
    while chunk:
        chunk = stream.read(CHUNK)
        try:
            decoder.receive_data(chunk or None)
        except RequestEntityTooLarge as error:
            raise TextTooLongError from error
        while not isinstance(event := decoder.next_event(), NeedData | Epilogue):
            yield event


def _as_text(data: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode(errors="replace")
