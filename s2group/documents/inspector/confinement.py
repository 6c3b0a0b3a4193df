"""What a process gives up, for good, before it looks at somebody's file."""

import ctypes
import errno
import os
import resource
import signal
import struct
import sysconfig
from collections.abc import Sequence

MEBIBYTE = 1024 * 1024
MEMORY = 1024 * MEBIBYTE
CPU_SECONDS = 5
OPEN_FILES = 64
# Whoever started the process kills it sooner; this is for the day that one is gone.
LIFETIME_SECONDS = 10
# All that can be read besides the file itself: what Python loads late, and the fonts a PDF does not bring along.
READABLE = (
    *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/usr/share/X11/fonts",
)
# From linux/audit.h, and the numbers of asm/unistd.h: memory, reading, writing to what is open, time, and the end.
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
SYSTEM_CALLS = {
    "x86_64": {
        "read": 0, "write": 1, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "poll": 7, "lseek": 8, "mmap": 9,
        "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15,
        "ioctl": 16, "pread64": 17, "readv": 19, "writev": 20, "access": 21, "sched_yield": 24, "mremap": 25,
        "madvise": 28, "nanosleep": 35, "getpid": 39, "exit": 60, "uname": 63, "getcwd": 79, "readlink": 89,
        "gettimeofday": 96, "sysinfo": 99, "getuid": 102, "getgid": 104, "geteuid": 107, "getegid": 108,
        "sigaltstack": 131, "gettid": 186, "futex": 202, "sched_getaffinity": 204, "getdents64": 217,
        "restart_syscall": 219, "clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230, "exit_group": 231,
        "openat": 257, "newfstatat": 262, "readlinkat": 267, "faccessat": 269, "getrandom": 318, "membarrier": 324,
        "statx": 332, "rseq": 334, "faccessat2": 439,
    },
    "aarch64": {
        "getcwd": 17, "ioctl": 29, "faccessat": 48, "openat": 56, "close": 57, "getdents64": 61, "lseek": 62,
        "read": 63, "write": 64, "readv": 65, "writev": 66, "pread64": 67, "ppoll": 73, "readlinkat": 78,
        "newfstatat": 79, "fstat": 80, "exit": 93, "exit_group": 94, "futex": 98, "nanosleep": 101,
        "clock_gettime": 113, "clock_getres": 114, "clock_nanosleep": 115, "sched_getaffinity": 123,
        "sched_yield": 124, "restart_syscall": 128, "sigaltstack": 132, "rt_sigaction": 134, "rt_sigprocmask": 135,
        "rt_sigreturn": 139, "uname": 160, "gettimeofday": 169, "getpid": 172, "getuid": 174, "geteuid": 175,
        "getgid": 176, "getegid": 177, "gettid": 178, "sysinfo": 179, "brk": 214, "munmap": 215, "mremap": 216,
        "mmap": 222, "mprotect": 226, "madvise": 233, "getrandom": 278, "membarrier": 283, "statx": 291, "rseq": 293,
        "faccessat2": 439,
    },
}  # fmt: skip
# From linux/prctl.h, linux/seccomp.h and linux/bpf_common.h.
PR_SET_PDEATHSIG, PR_GET_SECCOMP, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 1, 21, 22, 38, 2
BPF_LOAD_WORD, BPF_JUMP_IF_EQUAL, BPF_RETURN = 0x20, 0x15, 0x06
SECCOMP_ALLOW, SECCOMP_ERRNO = 0x7FFF0000, 0x00050000
# Where struct seccomp_data holds the number of the system call, and the architecture that it is one of.
NUMBER, ARCHITECTURE = 0, 4
# From linux/landlock.h: the same numbers on every processor. How many rights about files each version knows.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ASK_FOR_VERSION, RULE_PATH_BENEATH = 1, 1
RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
MOST_RIGHTS = 16
READ_FILE, READ_FOLDER = 1 << 2, 1 << 3
NETWORK_FROM, SCOPES_FROM = 4, 6
TCP, SIGNALS_AND_SOCKETS = 0b11, 0b11
libc = ctypes.CDLL(None, use_errno=True)


def confine(lacking: Sequence[str]) -> None:
    """Keep the open files, some memory and some seconds, and nothing else; `lacking` is what `missing` said.

    Raises OSError where the kernel refuses what it offers.
    """
    os.nice(10)
    signal.alarm(LIFETIME_SECONDS)
    for kind, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    _call(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    if "landlock" not in lacking:
        give_up_files()
    if "seccomp" not in lacking:
        give_up_system_calls()


def missing() -> list[str]:
    """Which of the kernel's means are not to be had here: `landlock`, `seccomp`."""
    filters = os.uname().machine in SYSTEM_CALLS and libc.prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0
    return [name for name, there in (("landlock", _landlock() > 0), ("seccomp", filters)) if not there]


def die_with_parent(parent: int) -> None:
    """Be killed as soon as `parent`, the process that has just started this one, is gone."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def give_up_files() -> None:
    """Open nothing but what is READABLE any more, use no TCP, signal nobody outside (landlock(7)). Raises OSError."""
    version = _landlock()
    rights = (1 << RIGHTS.get(version, MOST_RIGHTS)) - 1
    scopes = [rights]
    scopes += [TCP] if version >= NETWORK_FROM else []
    scopes += [SIGNALS_AND_SOCKETS] if version >= SCOPES_FROM else []
    attributes = struct.pack(f"{len(scopes)}Q", *scopes)
    rules = _call(libc.syscall(CREATE_RULESET, attributes, len(attributes), 0))
    for path in filter(os.path.isdir, dict.fromkeys(map(os.path.realpath, READABLE))):
        folder = os.open(path, os.O_PATH)
        rule = struct.pack("=Qi", READ_FILE | READ_FOLDER, folder)
        _call(libc.syscall(ADD_RULE, rules, RULE_PATH_BENEATH, rule, 0))
        os.close(folder)
    _call(libc.syscall(RESTRICT_SELF, rules, 0))
    os.close(rules)


def give_up_system_calls() -> None:
    """Let every system call fail but SYSTEM_CALLS, and every one of another architecture (seccomp(2)). Raises OSError.

    A 32-bit call has numbers of its own, and would otherwise pass for another one.
    """
    machine = os.uname().machine
    calls = list(SYSTEM_CALLS[machine].values())
    program = [
        (BPF_LOAD_WORD, 0, 0, ARCHITECTURE),
        (BPF_JUMP_IF_EQUAL, 0, len(calls) + 1, ARCHITECTURES[machine]),
        (BPF_LOAD_WORD, 0, 0, NUMBER),
        *((BPF_JUMP_IF_EQUAL, len(calls) - place, 0, call) for place, call in enumerate(calls)),
        (BPF_RETURN, 0, 0, SECCOMP_ERRNO | errno.EACCES),
        (BPF_RETURN, 0, 0, SECCOMP_ALLOW),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    filter_ = struct.pack("HxxxxxxP", len(program), ctypes.addressof(code))
    _call(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter_, 0, 0))


def _landlock() -> int:
    """The version of Landlock that the kernel speaks; 0 or less where it has none."""
    version: int = libc.syscall(CREATE_RULESET, None, 0, ASK_FOR_VERSION)
    return version


def _call(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
