"""A real server that speaks S3, over a folder: rclone."""

import itertools
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from s2group.documents.stores.s3 import Bucket
from tests.support.smtp import free_port

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

RCLONE = Path(sys.executable).with_name("rclone")
START_SECONDS = 30
ACCESS_KEY, SECRET_KEY, REGION = "a-key", "a-secret", "us-east-1"
numbers = itertools.count(1)


@dataclass
class S3Server:
    """It keeps a folder for each bucket in `folder`; it may be stopped, and started again."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def client(self) -> "S3Client":
        """Somebody who may do everything there."""
        return boto3.client(
            "s3", endpoint_url=self.endpoint, region_name=REGION, aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
        )  # fmt: skip

    def new_bucket(self, *, prefix: str = "") -> Bucket:
        """An empty bucket."""
        name = f"bucket-{next(numbers)}"
        self.client.create_bucket(Bucket=name)
        return Bucket(name, prefix, self.endpoint, REGION, True, ACCESS_KEY, SECRET_KEY)

    def settings(self, bucket: Bucket) -> dict[str, str]:
        """Those of a portal that keeps its files in `bucket`."""
        return {
            "S2_STORAGE_URL": f"s3://{bucket.name}/{bucket.prefix}", "S2_S3_ENDPOINT": self.endpoint,
            "S2_S3_REGION": REGION, "S2_S3_PATH_STYLE": "on",
            "S2_S3_ACCESS_KEY": ACCESS_KEY, "S2_S3_SECRET_KEY": SECRET_KEY,
        }  # fmt: skip

    def overwrite(self, bucket: Bucket, key: str, data: bytes) -> None:
        """Change an object as the portal never does."""
        self.client.put_object(Bucket=bucket.name, Key=key, Body=data)

    def start(self) -> None:
        """Return once it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            (RCLONE, "serve", "s3", "--config", "", "--addr", f"127.0.0.1:{self.port}", "--vfs-cache-mode", "off",
             "--auth-key", f"{ACCESS_KEY},{SECRET_KEY}", self.folder),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.port)).close()
            except ConnectionRefusedError:
                assert time.monotonic() < deadline
                time.sleep(0.05)

    def stop(self) -> None:
        """Kill it."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def s3_server_in(folder: Path) -> Iterator[S3Server]:
    """A server over an empty folder, for a block."""
    server = S3Server(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
