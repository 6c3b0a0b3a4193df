"""A store that is a bucket of S3, or of a server that speaks it: an object for each file, under prefix and hash."""

import errno
import shutil
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from http import HTTPStatus
from io import BufferedReader
from pathlib import Path
from secrets import token_hex
from typing import IO, TYPE_CHECKING, Any

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from s2group.documents.stores import DamagedFileError, Received, Stored, proper_name
from s2group.documents.stores.receiving import CHUNK, ReceivingStore, make_folder

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

# A server that does not answer must not hold a request for long; each call is tried three times.
SECONDS_TO_CONNECT, SECONDS_TO_READ, TRIES = 3, 20, 3
# Threads of the portal, the worker's among them, that may ask at once.
CONNECTIONS = 16
# Larger files go in parts, each with its own checksum.
PART = 64 * 1024 * 1024
IN_PARTS = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, use_threads=False)
PROBE, ORPHANS = "is-it-written", "orphans"


@dataclass(frozen=True)
class Bucket:
    """Where it is: at Amazon's without an endpoint. Without a key, boto3 finds the rights of the machine."""

    name: str
    prefix: str = ""
    endpoint: str | None = None
    region: str | None = None
    path_style: bool = False
    access_key: str | None = None
    secret_key: str | None = None


@dataclass(frozen=True)
class S3Store(ReceivingStore):
    """Files in `bucket`; what is on its way, or is read by a path, lies in `folder` of this machine.

    So the room of this machine is what counts: a bucket tells of no end.
    """

    bucket: Bucket
    folder: Path

    @property
    def incoming(self) -> Path:
        """Not a part of the store itself."""
        return self.folder

    def __str__(self) -> str:
        """Where it is."""
        return f"s3://{self.bucket.name}/{self.bucket.prefix}"

    def open(self, sha256: str) -> BufferedReader:
        """A copy without a name, gone when it is closed."""
        with self.local(sha256) as path:
            return path.open("rb")

    @contextmanager
    def local(self, sha256: str) -> Iterator[Path]:
        """A copy, gone at the end."""
        make_folder(self.incoming)
        with tempfile.NamedTemporaryFile(dir=self.incoming) as file:
            self._download(sha256, file)
            file.flush()
            yield Path(file.name)

    def has(self, sha256: str) -> bool:
        """Whether its object is there."""
        return self._size(sha256) is not None

    def size(self, sha256: str) -> int:
        """As the server says."""
        if (size := self._size(sha256)) is None:
            raise FileNotFoundError(errno.ENOENT, "no such object", sha256)
        return size

    def delete(self, sha256: str) -> None:
        """To delete what is not there is no error of S3."""
        with _as_os_errors():
            self._client.delete_object(**self._object(sha256))

    def set_aside(self, sha256: str, name: str) -> None:
        """The server copies it; nothing passes through this machine."""
        source = self._object(sha256)
        with _as_os_errors():
            self._client.copy(source, self.bucket.name, self._key(f"{ORPHANS}/{name}"))
        self.delete(sha256)

    def list(self, prefix: str) -> Iterator[Stored]:
        """What is not named like one of ours is none of ours."""
        for found in self._objects(prefix):
            name = found["Key"].rpartition("/")[2]
            if proper_name(name) and found["Key"] == self._key(name):
                yield Stored(name, found["Size"], found["LastModified"])

    def add_to_journal(self, name: str, lines: bytes) -> None:
        """An object of its own, for none can be appended to; named by its moment, so that all stand in order."""
        part = f"{name}/{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{token_hex(4)}"
        with _as_os_errors():
            self._client.put_object(Bucket=self.bucket.name, Key=self._key(part), Body=lines)

    def journal(self, name: str) -> bytes:
        """Its objects, one behind the other."""
        keys = sorted(found["Key"] for found in self._objects(f"{name}/"))
        with _as_os_errors():
            return b"".join(self._client.get_object(Bucket=self.bucket.name, Key=key)["Body"].read() for key in keys)

    def try_writing(self) -> None:
        """An object that is put and deleted."""
        place: Any = {"Bucket": self.bucket.name, "Key": self._key(PROBE)}
        with _as_os_errors():
            self._client.put_object(**place, Body=b"ready")
            self._client.delete_object(**place)

    def _keep(self, file: Received) -> None:
        """The server is told the SHA-256, and asked afterwards what it has."""
        if (size := self._size(file.sha256)) is None:
            self._upload(file)
            size = self._size(file.sha256)
        if size != file.size:
            raise DamagedFileError(f"{file.sha256} has another size")

    def _upload(self, file: Received) -> None:
        place = self._object(file.sha256)
        with _as_os_errors(), file.path.open("rb") as body:
            if file.size < PART:
                checksum = b64encode(bytes.fromhex(file.sha256)).decode()
                self._client.put_object(**place, Body=body, ChecksumSHA256=checksum)
            else:
                self._client.upload_fileobj(body, **place, ExtraArgs={"ChecksumAlgorithm": "SHA256"}, Config=IN_PARTS)

    def _download(self, sha256: str, file: IO[bytes]) -> None:
        with _as_os_errors():
            answer = self._client.get_object(**self._object(sha256))
            shutil.copyfileobj(answer["Body"], file, CHUNK)
        file.seek(0)

    def _size(self, sha256: str) -> int | None:
        try:
            with _as_os_errors():
                return self._client.head_object(**self._object(sha256))["ContentLength"]
        except FileNotFoundError:
            return None

    def _objects(self, prefix: str) -> Iterator[Any]:
        """A thousand at a time."""
        pages = self._client.get_paginator("list_objects_v2")
        with _as_os_errors():
            for page in pages.paginate(Bucket=self.bucket.name, Prefix=self._key(prefix)):
                yield from page.get("Contents", [])

    def _object(self, sha256: str) -> Any:
        if not proper_name(sha256):
            raise ValueError("not a SHA-256 in lower-case hexadecimal")
        return {"Bucket": self.bucket.name, "Key": self._key(sha256)}

    def _key(self, name: str) -> str:
        return f"{self.bucket.prefix}/{name}" if self.bucket.prefix else name

    @cached_property
    def _client(self) -> "S3Client":
        """Shared by all threads. Checksums that older servers do not know are sent where we say so alone."""
        place = self.bucket
        return boto3.session.Session().client(
            "s3",
            endpoint_url=place.endpoint,
            region_name=place.region,
            aws_access_key_id=place.access_key,
            aws_secret_access_key=place.secret_key,
            config=Config(
                connect_timeout=SECONDS_TO_CONNECT,
                read_timeout=SECONDS_TO_READ,
                retries={"total_max_attempts": TRIES, "mode": "standard"},
                max_pool_connections=CONNECTIONS,
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                s3={"addressing_style": "path" if place.path_style else "auto"},
            ),
        )


@contextmanager
def _as_os_errors() -> Iterator[None]:
    """What the server says, or that it does not answer, as an OSError. Its own words may hold names; they stay here."""
    try:
        yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        if status == HTTPStatus.NOT_FOUND and error.response["Error"].get("Code") != "NoSuchBucket":
            raise FileNotFoundError(errno.ENOENT, "no such object") from None
        number = errno.EACCES if status == HTTPStatus.FORBIDDEN else errno.EIO
        raise OSError(number, f"the object store answers {status}") from None
    except (BotoCoreError, Boto3Error) as error:
        raise OSError(errno.EIO, f"the object store cannot be asked: {type(error).__name__}") from None
