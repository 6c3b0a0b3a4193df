"""The templates of a cluster's machines: filled in by name, whole, and such as the portal takes."""

import subprocess
import sys
from pathlib import Path

import pytest

import config
from deploy.cluster.fill import FOLDER, NAME, fill
from deploy.cluster.trial import settings

TEMPLATES = sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".cfg", ".conf", ".env", ".yml"))
NODE = {
    "DATABASE_PASSWORD": "a-password", "DATABASE_HOSTS": "db1,db2,db3", "DATABASE_PORTS": "5432,5432,5432",
    "BUCKET": "bucket/lab", "S3_ENDPOINT": "https://s3.lab.test", "S3_REGION": "us-east-1", "S3_ACCESS_KEY": "a",
    "S3_SECRET_KEY": "b", "REDIS": "10.0.0.5:6379", "REDIS_PASSWORD": "another", "BIND": "10.0.0.11:8000",
}  # fmt: skip


def filled_in(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run((sys.executable, FOLDER / "fill.py", *arguments), capture_output=True, text=True)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_has_nothing_left_to_fill_in(template: str) -> None:
    names = NAME.findall((FOLDER / template).read_text())
    assert names
    assert not NAME.search(fill(template, dict.fromkeys(names, "something")))


def test_the_command_says_what_is_missing_and_prints_the_rest() -> None:
    refused = filled_in("redis.conf", "HOST=10.0.0.5", "PORT=6379")
    assert (refused.returncode, refused.stdout, refused.stderr) == (1, "", "redis.conf needs: PASSWORD DATA\n")
    values = ("HOST=10.0.0.5", "PORT=6379", "PASSWORD=a=b", "DATA=/var/lib/redis")
    printed = filled_in("redis.conf", *values)
    assert (printed.returncode, "requirepass a=b\n" in printed.stdout) == (0, True)


def test_a_node_reads_its_lines(tmp_path: Path) -> None:
    loaded = config.load({**settings("node.env", NODE), "S2_DATA_DIR": str(tmp_path)})
    assert loaded["SQLALCHEMY_DATABASE_URI"] == (
        "postgresql+psycopg://s2group:a-password@/s2group?host=db1,db2,db3&port=5432,5432,5432"
        "&target_session_attrs=read-write&connect_timeout=2&tcp_user_timeout=5000"
    )
    assert (loaded["STORAGE_URL"], loaded["RATELIMIT_STORAGE_URI"]) == (
        "s3://bucket/lab", "redis://:another@10.0.0.5:6379/0",
    )  # fmt: skip
    assert loaded["UNKNOWN_SETTINGS"] == []
