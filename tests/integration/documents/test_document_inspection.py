"""Inspection: what is found, and that no file can make it hang, crash or speak out of turn."""

import os
import random
import select
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from s2group.documents import inspection, sandbox
from s2group.documents.inspection import CHECKED, NOT_MACHINE_CHECKED, Inspection, glance, inspect
from s2group.documents.sandbox import Answer, ForkServer, Sandbox, server
from tests.support import pdf, pictures
from tests.support.extent import chosen

UNREADABLE = Inspection(NOT_MACHINE_CHECKED, fault="unreadable")


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    """A file that takes its time, and nobody who still looks at another one: `children` are those that look at it."""
    while server.running and children():
        time.sleep(0.01)
    return written(tmp_path / "slow", pdf.slow_pdf())


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def inspector() -> subprocess.Popen[bytes]:
    assert server.running is not None
    return server.running[0]


def children() -> list[int]:
    """The processes that look into a file for this one just now."""
    pid = inspector().pid
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def kill_children() -> None:
    for pid in children():
        os.kill(pid, signal.SIGKILL)


def test_a_sound_file_is_checked_and_its_pages_counted(tmp_path: Path) -> None:
    path = written(tmp_path / "cv", pdf.make_pdf(pages=3))
    assert inspect(path) == Inspection(CHECKED, pages=3)


@pytest.mark.parametrize(
    ("data", "finding"),
    [
        (pdf.pdf_with_javascript(), "javascript"),
        (pdf.pdf_with_javascript_in_an_object_stream(), "javascript"),
        (pdf.pdf_with_launch_action(), "launch_action"),
        (pdf.pdf_with_submitting_form(), "form_submission"),
        (pdf.pdf_with_attachment(), "attachments"),
    ],
    ids=["javascript", "packed javascript", "launch action", "form submission", "attachment"],
)
def test_what_a_reader_should_know_is_found(tmp_path: Path, data: bytes, finding: str) -> None:
    assert inspect(written(tmp_path / "cv", data)) == Inspection(CHECKED, pages=1, findings=(finding,))


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256"])
def test_only_a_file_that_asks_for_a_password_is_encrypted(tmp_path: Path, algorithm: str) -> None:
    locked = written(tmp_path / "locked", pdf.encrypted_pdf("a password", algorithm=algorithm))
    open_to_all = written(tmp_path / "open", pdf.encrypted_pdf("", algorithm=algorithm))
    assert inspect(locked) == Inspection(CHECKED, fault="encrypted")
    assert inspect(open_to_all) == Inspection(CHECKED, pages=1)


def test_a_damaged_table_of_objects_is_repaired_as_viewers_do(tmp_path: Path) -> None:
    assert inspect(written(tmp_path / "cv", pdf.pdf_with_damaged_xref())) == Inspection(CHECKED, pages=1)


@pytest.mark.parametrize("data", [pdf.pageless_pdf()])
def test_what_no_parser_reads_is_not_machine_checked(tmp_path: Path, data: bytes) -> None:
    assert inspect(written(tmp_path / "cv", data)) == UNREADABLE


@pytest.mark.parametrize("data", [pdf.truncated_pdf(), b"%PDF-1.7\nand nothing more"], ids=["half a file", "a header"])
def test_what_is_plainly_no_document_is_damaged(tmp_path: Path, data: bytes) -> None:
    assert inspect(written(tmp_path / "cv", data)) == Inspection(CHECKED, fault="damaged")


@pytest.mark.parametrize(
    "data",
    [
        pictures.make_jpeg(),
        pictures.make_jpeg(progressive=True),
        pictures.make_png(),
        pictures.turned_jpeg(6),
        pictures.jpeg_with_broken_exif(),
        pictures.cmyk_jpeg(),
        pictures.png_of_sixteen_bits(),
        pictures.jpeg_then_html(),
        pictures.jpeg_with_pdf_inside(),
    ],
    ids=["JPEG", "progressive", "PNG", "turned", "broken EXIF", "CMYK", "16 bits", "HTML after it", "PDF in it"],
)
def test_a_whole_picture_is_checked_and_is_one_page(tmp_path: Path, data: bytes) -> None:
    assert inspect(written(tmp_path / "scan", data)) == Inspection(CHECKED, pages=1)


@pytest.mark.parametrize(
    "data",
    [
        pictures.truncated(pictures.make_jpeg()),
        pictures.truncated(pictures.make_jpeg(progressive=True)),
        pictures.make_jpeg()[:-1],
        pictures.truncated(pictures.make_png()),
        pictures.png_with_text_bomb(),
    ],
    ids=["half a JPEG", "half a progressive JPEG", "a byte short", "half a PNG", "text bomb"],
)
def test_a_picture_that_can_partly_be_seen_is_not_machine_checked(tmp_path: Path, data: bytes) -> None:
    assert inspect(written(tmp_path / "scan", data)) == Inspection(NOT_MACHINE_CHECKED, pages=1)


@pytest.mark.parametrize(
    "data",
    [pictures.bomb_png(), pictures.large_png(), pictures.twelve_bit_jpeg(), pictures.jpeg_with_broken_last_scan()],
    ids=["bomb", "too large", "an uncommon kind", "broken last scan"],
)
def test_a_picture_that_is_not_decoded_here_is_not_machine_checked(tmp_path: Path, data: bytes) -> None:
    assert inspect(written(tmp_path / "scan", data)) == UNREADABLE


@pytest.mark.parametrize(
    "data",
    [
        pictures.headless(pictures.make_jpeg()),
        pictures.headless(pictures.make_png()),
        pictures.without_scan(pictures.make_jpeg()),
        pictures.png_without_pixels(),
        b"\xff\xd8\xff" + random.Random("garbage").randbytes(10_000),
        b"\x89PNG\r\n\x1a\n" + random.Random("garbage").randbytes(10_000),
    ],
    ids=["30 bytes of JPEG", "30 bytes of PNG", "JPEG before its scan", "no pixels", "JPEG garbage", "PNG garbage"],
)
def test_a_picture_of_which_nothing_can_be_seen_is_damaged(tmp_path: Path, data: bytes) -> None:
    assert inspect(written(tmp_path / "scan", data)) == Inspection(CHECKED, fault="damaged")


def test_a_bomb_is_killed_within_its_limits(tmp_path: Path) -> None:
    path = written(tmp_path / "bomb", pdf.bomb_pdf())
    started = time.monotonic()
    assert inspect(path) == UNREADABLE
    assert time.monotonic() - started < 9


def test_a_file_that_takes_too_long_is_killed_and_keeps_what_was_learnt(slow: Path) -> None:
    started = time.monotonic()
    assert inspect(slow) == Inspection(NOT_MACHINE_CHECKED, pages=1)
    assert time.monotonic() - started < 9
    while children():
        assert time.monotonic() - started < 9


def test_a_killed_child_is_no_error(slow: Path) -> None:
    with ThreadPoolExecutor() as pool:
        started = time.monotonic()
        result = pool.submit(inspect, slow)
        while not (server.running and children()):
            time.sleep(0.01)
        kill_children()
        assert result.result().status == NOT_MACHINE_CHECKED
        assert time.monotonic() - started < 5


def test_others_are_served_while_one_file_takes_its_time(tmp_path: Path, slow: Path) -> None:
    with ThreadPoolExecutor() as pool:
        pool.submit(inspect, slow)
        started = time.monotonic()
        assert inspect(written(tmp_path / "cv", pdf.make_pdf())) == Inspection(CHECKED, pages=1)
        assert time.monotonic() - started < 5
        kill_children()


def test_a_file_that_takes_longer_than_a_second_is_left_to_the_worker(slow: Path) -> None:
    started = time.monotonic()
    assert glance(slow) == Inspection(is_waiting=True)
    assert 1 <= time.monotonic() - started < 2


def test_who_was_held_up_till_after_the_deadline_takes_no_killed_look_for_a_fault(
    slow: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = iter([lambda: not children(), children])

    def held_up(readers: list[int], _writers: object, _errors: object, seconds: float) -> object:
        for is_early in waits:
            while is_early():
                time.sleep(0.01)
        return select.select(readers, [], [], seconds)

    monkeypatch.setattr(inspection, "brief", Sandbox(seconds=0.3, most_bytes=4096))
    monkeypatch.setattr(sandbox, "select", held_up)
    assert glance(slow) == Inspection(is_waiting=True)


def test_where_others_wait_already_nobody_waits(tmp_path: Path, slow: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(glance, slow) for _ in range(4)]
        time.sleep(0.2)
        started = time.monotonic()
        assert glance(written(tmp_path / "cv", pdf.make_pdf())) == Inspection(is_waiting=True)
        assert time.monotonic() - started < 0.5
        assert [each.result() for each in waiting] == [Inspection(is_waiting=True)] * 4


def test_a_glance_sees_what_a_look_sees(tmp_path: Path) -> None:
    path = written(tmp_path / "cv", pdf.pdf_with_javascript())
    deadline = time.monotonic() + 30
    while (seen := glance(path)).is_waiting:  # the machine may be busy
        assert time.monotonic() < deadline
    assert seen == inspect(path) == Inspection(CHECKED, pages=1, findings=("javascript",))


def test_the_inspector_is_started_again_when_it_was_killed(tmp_path: Path) -> None:
    path = written(tmp_path / "cv", pdf.make_pdf())
    inspect(path)
    before = inspector()
    before.kill()
    assert inspect(path) == Inspection(CHECKED, pages=1)
    assert inspector().pid != before.pid


def test_a_file_is_looked_at_again_when_the_inspector_died_over_it(tmp_path: Path, slow: Path) -> None:
    sandbox = Sandbox(seconds=20, most_bytes=4096)
    with ThreadPoolExecutor() as pool:
        result = pool.submit(sandbox.ask, slow, "inspect")
        while not (server.running and children()):
            time.sleep(0.01)
        first = inspector()
        slow.write_bytes(pdf.make_pdf(pages=2))
        first.kill()
        assert result.result().output == b'{"pages": 2}\n{"findings": []}\n'


@pytest.mark.parametrize(
    "data, do",
    [(pictures.headless(pictures.make_jpeg()), "measure"), (b"%PDF-1.7\n" + bytes(100), "text")],
    ids=["picture", "PDF"],
)
def test_what_a_look_gives_up_by_itself_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, do: str
) -> None:
    def watched(_server: object, _process_id: int) -> bool:
        raise AssertionError("watched whether the inspector is dying")

    monkeypatch.setattr(ForkServer, "is_running", watched)
    answer = Sandbox(seconds=20, most_bytes=4096).ask(written(tmp_path / "file", data), do)
    assert answer == Answer(gave_up=True)


def test_whenever_the_inspector_dies_the_file_is_looked_at(tmp_path: Path) -> None:
    sandbox, path = Sandbox(seconds=20, most_bytes=4096), written(tmp_path / "cv", pdf.make_pdf())
    moments = random.Random("moments")
    with ThreadPoolExecutor() as pool:
        for _ in range(chosen(short=4, long=300)):
            assert sandbox.ask(path, "inspect").complete
            first = inspector()
            result = pool.submit(sandbox.ask, path, "inspect")
            time.sleep(moments.random() * 0.004)
            first.kill()
            assert result.result().complete


def test_no_inspector_outlives_the_process_that_started_it(tmp_path: Path, slow: Path) -> None:
    script = (
        "import sys, threading, time; from pathlib import Path; from s2group.documents import inspection, sandbox\n"
        "threading.Thread(target=inspection.inspect, args=[Path(sys.argv[1])], daemon=True).start()\n"
        "while not (sandbox.server.running and Path(f'/proc/{sandbox.server.running[0].pid}/task/'\n"
        "    f'{sandbox.server.running[0].pid}/children').read_text()): time.sleep(0.01)\n"
        "print(sandbox.server.running[0].pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(slow)], stdout=subprocess.PIPE, text=True) as asking:
        assert asking.stdout
        inspector = int(asking.stdout.readline())
        [child] = Path(f"/proc/{inspector}/task/{inspector}/children").read_text().split()
        asking.kill()
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in (inspector, child)):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_inspector_holds_no_file_of_the_process_that_started_it(tmp_path: Path) -> None:
    path = written(tmp_path / "cv", pdf.make_pdf())
    with path.open() as _held, socket.create_server(("127.0.0.1", 0)):
        inspect(path)
        held = {str(each.readlink()) for each in Path(f"/proc/{inspector().pid}/fd").iterdir()}
        environ = Path(f"/proc/{inspector().pid}/environ").read_bytes()
    assert sum(each.startswith("socket:") for each in held) == 1
    assert {each for each in held if not each.startswith("socket:")} == {"/dev/null"}
    assert {each.partition(b"=")[0] for each in environ.split(b"\0") if each} == {b"PATH", b"LANG"}
