"""What every store promises, whatever keeps its files."""

import io
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from boto3.s3.transfer import TransferConfig

from s2group.core.storage_errors import StorageError, storage_error
from s2group.documents.stores import DamagedFileError, Store, TooBigError, s3
from s2group.documents.stores.folder import FolderStore
from s2group.documents.stores.s3 import S3Store
from tests.support.s3 import S3Server, s3_server_in

DATA = b"some bytes"
HASH = sha256(DATA).hexdigest()


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store of either kind."""
    if request.param == "folder":
        return FolderStore(tmp_path / "deep" / "files", tmp_path)
    server: S3Server = request.getfixturevalue("s3_server")
    return S3Store(server.new_bucket(prefix="of/a-lab"), tmp_path / "incoming")


def kept(store: Store) -> list[str]:
    return sorted(file.sha256 for file in store.list(""))


def content(store: Store, digest: str) -> bytes:
    with store.open(digest) as file:
        return file.read()


def beside(store: Store, folder: str) -> dict[str, bytes]:
    """What lies beside the files of a store."""
    if isinstance(store, FolderStore):
        return {path.name: path.read_bytes() for path in (store.beside / folder).iterdir()}
    assert isinstance(store, S3Store)
    prefix = f"{store.bucket.prefix}/{folder}/"
    found = store._client.list_objects_v2(Bucket=store.bucket.name, Prefix=prefix)["Contents"]
    return {
        each["Key"].removeprefix(prefix): store._client.get_object(Bucket=store.bucket.name, Key=each["Key"])[
            "Body"
        ].read()
        for each in found
    }


def test_a_stream_is_kept_under_its_hash(store: Store) -> None:
    assert store.put(io.BytesIO(DATA)) == HASH
    assert (content(store, HASH), store.size(HASH), store.has(HASH)) == (DATA, 10, True)


def test_a_received_file_can_be_looked_at_before_it_is_kept(store: Store) -> None:
    with store.receive([DATA[:4], DATA[4:]], limit=10) as received:
        assert (received.path.read_bytes(), received.sha256, received.size) == (DATA, HASH, 10)
        assert kept(store) == []
        assert store.put(received) == HASH
    assert (content(store, HASH), received.path.exists()) == (DATA, False)


def test_what_is_not_kept_leaves_nothing(store: Store) -> None:
    with store.receive([DATA], limit=10) as received:
        pass
    assert (kept(store), received.path.exists()) == ([], False)


def test_one_byte_too_many_is_refused_before_the_rest_is_read(store: Store) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"12345"
        yield b"678901"
        pytest.fail("read on after the limit")

    with pytest.raises(TooBigError), store.receive(chunks(), limit=10):
        pytest.fail("accepted")
    assert kept(store) == []


def test_many_bytes_come_back_as_they_were(store: Store) -> None:
    data = random.Random("bytes").randbytes(3_000_001)
    assert content(store, store.put(io.BytesIO(data))) == data


def test_an_empty_file_is_a_file(store: Store) -> None:
    digest = store.put(io.BytesIO(b""))
    assert (store.has(digest), store.size(digest), content(store, digest)) == (True, 0, b"")


def test_the_same_bytes_are_kept_once(store: Store) -> None:
    store.put(io.BytesIO(DATA))
    before = list(store.list(""))
    store.put(io.BytesIO(DATA))
    assert list(store.list("")) == before
    assert [(file.sha256, file.size) for file in before] == [(HASH, 10)]


def test_it_lists_what_begins_with_a_prefix_and_since_when_it_is_there(store: Store) -> None:
    digests = sorted(store.put(io.BytesIO(str(number).encode())) for number in range(300))
    assert kept(store) == digests
    for prefix in ("0", "a7", digests[0][:3], digests[5], "f" * 64):
        wanted = [digest for digest in digests if digest.startswith(prefix)]
        assert sorted(file.sha256 for file in store.list(prefix)) == wanted
    assert all(abs(file.at - datetime.now(UTC)) < timedelta(minutes=10) for file in store.list(""))


def test_a_path_of_this_machine_leads_to_the_bytes(store: Store) -> None:
    store.put(io.BytesIO(DATA))
    with store.local(HASH) as path:
        assert path.read_bytes() == DATA
    assert content(store, HASH) == DATA


def test_a_file_is_deleted_and_a_second_time_is_no_error(store: Store) -> None:
    store.put(io.BytesIO(DATA))
    store.delete(HASH)
    store.delete(HASH)
    assert (store.has(HASH), kept(store)) == (False, [])
    assert store.put(io.BytesIO(DATA)) == HASH
    assert content(store, HASH) == DATA


def test_what_is_set_aside_is_no_file_of_the_store_any_more(store: Store, tmp_path: Path) -> None:
    store.put(io.BytesIO(DATA))
    store.set_aside(HASH, f"20260902T060000Z-{HASH}")
    assert (store.has(HASH), kept(store)) == (False, [])
    assert beside(store, "orphans") == {f"20260902T060000Z-{HASH}": DATA}


def test_a_journal_keeps_its_lines_in_order(store: Store, tmp_path: Path) -> None:
    assert store.journal("deletions.jsonl") == b""
    for line in (b"first\n", b"second\nthird\n", b"fourth\n"):
        store.add_to_journal("deletions.jsonl", line)
    store.add_to_journal("another.jsonl", b"elsewhere\n")
    assert store.journal("deletions.jsonl") == b"first\nsecond\nthird\nfourth\n"
    assert kept(store) == []


def test_a_file_that_is_not_there_says_so(store: Store) -> None:
    assert not store.has(HASH)
    for ask in (store.open, store.size, lambda digest: store.local(digest).__enter__()):
        with pytest.raises(FileNotFoundError):
            ask(HASH)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", HASH.upper(), HASH + "\n", "a" * 63])
def test_only_a_hash_names_a_file(store: Store, name: str) -> None:
    for ask in (store.open, store.size, store.has, store.delete, lambda digest: store.local(digest).__enter__()):
        with pytest.raises(ValueError, match="SHA-256"):
            ask(name)


def test_it_tells_its_room_and_whether_it_can_be_written(store: Store) -> None:
    store.try_writing()
    assert isinstance(store.free_bytes(), int)
    assert kept(store) == []


def test_a_kept_copy_of_another_size_is_noticed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.receive([DATA], limit=10) as received:
        store.put(received)
    with store.receive([b"shorter"], limit=10) as other:
        lying = type(other)(other.path, HASH, other.size)
        with pytest.raises(DamagedFileError):
            store.put(lying)
    assert content(store, HASH) == DATA


def test_a_bucket_holds_what_others_put_there_too(s3_server: S3Server, tmp_path: Path) -> None:
    one, other = (S3Store(s3_server.new_bucket(prefix=prefix), tmp_path) for prefix in ("one", "other"))
    beside = S3Store(replace(one.bucket, prefix=""), tmp_path)
    for store in (one, beside):
        store.put(io.BytesIO(DATA))
    assert [kept(store) for store in (one, beside, other)] == [[HASH], [HASH], []]
    beside.delete(HASH)
    assert [kept(store) for store in (one, beside)] == [[HASH], []]


def test_a_large_file_goes_in_parts(s3_server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "PART", 5 * 1024 * 1024)
    monkeypatch.setattr(s3, "IN_PARTS", TransferConfig(multipart_threshold=s3.PART, multipart_chunksize=s3.PART))
    store, data = S3Store(s3_server.new_bucket(), tmp_path), random.Random("parts").randbytes(12_000_000)
    assert content(store, store.put(io.BytesIO(data))) == data


def test_a_server_that_does_not_answer_is_trouble_that_passes(tmp_path: Path) -> None:
    with s3_server_in(tmp_path / "server") as server:
        store = S3Store(server.new_bucket(), tmp_path)
        store.put(io.BytesIO(DATA))
        server.stop()
        asks: list[Callable[[], object]] = [
            lambda: store.put(io.BytesIO(b"other")), lambda: store.open(HASH), lambda: store.local(HASH).__enter__(),
            lambda: store.has(HASH), lambda: store.size(HASH), lambda: store.delete(HASH), lambda: kept(store),
            store.try_writing, lambda: store.set_aside(HASH, "it"), lambda: store.add_to_journal("it", b"line\n"),
            lambda: store.journal("it"),
        ]  # fmt: skip
        for ask in asks:
            with pytest.raises(OSError, match="the object store cannot be asked") as raised:
                ask()
            assert isinstance(storage_error(raised.value), StorageError)
        assert list(tmp_path.glob("tmp*")) == []
        server.start()
        assert (content(store, HASH), kept(store)) == (DATA, [HASH])


def test_a_wrong_key_and_a_bucket_that_is_not_there_are_trouble(s3_server: S3Server, tmp_path: Path) -> None:
    bucket = s3_server.new_bucket()
    for wrong in (replace(bucket, secret_key="another"), replace(bucket, name="no-such-bucket")):
        with pytest.raises(OSError, match="the object store answers 40"):
            S3Store(wrong, tmp_path).try_writing()


def test_a_copy_that_was_cut_off_on_the_server_is_noticed(s3_server: S3Server, tmp_path: Path) -> None:
    store = S3Store(s3_server.new_bucket(), tmp_path)
    store.put(io.BytesIO(DATA))
    s3_server.overwrite(store.bucket, HASH, DATA[:3])
    with pytest.raises(DamagedFileError):
        store.put(io.BytesIO(DATA))
