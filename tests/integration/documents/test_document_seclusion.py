"""What the process that looks into uploads has given up: the network, every other file, and every other process."""

import json
import platform
import socket
import subprocess
import sys
from pathlib import Path

from s2group.documents.sandbox import ENVIRONMENT, FOLDER, Sandbox

SCRIPT = """
import ctypes, json, mmap, os, signal, socket, sys
sys.path.append({folder!r})
from inspector import confinement
libc = ctypes.CDLL(None, use_errno=True)
kept = open({kept!r})
def other_architecture():
    '''getpid as a 32-bit program asks for it: push rbx; mov eax, 20; int 0x80; pop rbx; ret.'''
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\\x53\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\x5b\\xc3")
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
def answer(call):
    '''What a C function answers; OSError where it fails.'''
    result = call()
    if result < 0:
        raise OSError(-result if result < -1 else ctypes.get_errno(), "refused")
    return result
def attempt(act):
    try:
        return str(act())
    except OSError as error:
        return f"errno {{error.errno}}"
{confine}
print(json.dumps({{name: attempt(act) for name, act in {acts}.items()}}))
"""
# What is tried, each as Python.
ACTS = """{{
    "network": lambda: socket.create_connection(("127.0.0.1", {port}), timeout=5),
    "local socket": lambda: socket.socketpair(),
    "secret key": lambda: open({secret!r}).read(),
    "other program": lambda: os.posix_spawn("/bin/true", ["true"], {{}}),
    "other process": lambda: os.kill({victim}, 0),
    "mode of a file": lambda: os.chmod({secret!r}, 0o600),
    "new file": lambda: open({secret!r} + ".new", "w"),
    "32-bit call": lambda: answer(other_architecture),
    "x32 call": lambda: answer(lambda: libc.syscall(0x40000000 + 39)),
    "font": lambda: os.listdir("/usr/share/fonts") and "read",
}}"""
REFUSED = "errno 13"
# The calls of other architectures are the ones of an x86-64, and such a processor need not know them.
OTHER_ARCHITECTURES = {"32-bit call", "x32 call"}


def attempts(tmp_path: Path, *, confine: str) -> dict[str, str]:
    """What comes of each act."""
    secret, kept = tmp_path / "secret-key", tmp_path / "cv.pdf"
    secret.write_text("the secret")
    kept.write_text("the file")
    with socket.create_server(("127.0.0.1", 0)) as server, subprocess.Popen(["sleep", "60"]) as victim:
        try:
            acts = ACTS.format(port=server.getsockname()[1], secret=str(secret), victim=victim.pid)
            script = SCRIPT.format(folder=str(FOLDER), kept=str(kept), confine=confine, acts=acts)
            run = [sys.executable, "-I", "-c", script]
            done = subprocess.run(run, capture_output=True, text=True, timeout=60, env=ENVIRONMENT)
        finally:
            victim.kill()
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return {name: said for name, said in found.items() if platform.machine() == "x86_64" or "call" not in name}


def test_the_inspector_can_do_nothing_but_read_its_file_and_fonts(tmp_path: Path) -> None:
    found = attempts(tmp_path, confine="confinement.confine(confinement.missing())")
    assert found.pop("font") == "read"
    assert set(found.values()) == {REFUSED}, found


def test_without_its_confinement_it_could(tmp_path: Path) -> None:
    found = attempts(tmp_path, confine="")
    refused = {name for name, said in found.items() if said.startswith("errno")}
    assert refused <= OTHER_ARCHITECTURES, found
    assert found["secret key"] == "the secret"


def test_each_of_the_kernels_two_means_is_used_where_the_other_is_lacking(tmp_path: Path) -> None:
    by_landlock = attempts(tmp_path, confine="confinement.confine(['seccomp'])")
    assert {name for name, said in by_landlock.items() if said == REFUSED} >= {"network", "secret key", "new file"}
    by_seccomp = attempts(tmp_path, confine="confinement.confine(['landlock'])")
    assert by_seccomp.pop("secret key") == "the secret"
    assert by_seccomp.pop("font") == "read"
    by_seccomp.pop("new file")  # an empty one: no byte can be written
    assert set(by_seccomp.values()) == {REFUSED}


def test_an_unknown_processor_has_no_filter_and_is_confined_by_landlock(tmp_path: Path) -> None:
    unknown = "import types; os.uname = lambda: types.SimpleNamespace(machine='riscv64')"
    confine = f"{unknown}; lacking = confinement.missing(); assert 'seccomp' in lacking; confinement.confine(lacking)"
    assert attempts(tmp_path, confine=confine)["secret key"] == REFUSED


def test_the_operator_can_be_told_what_the_kernel_lacks(tmp_path: Path) -> None:
    (tmp_path / "nothing").touch()
    answer = Sandbox(seconds=5, most_bytes=1000).ask(tmp_path / "nothing", "missing")
    assert set(json.loads(answer.output)) <= {"landlock", "seccomp"}
