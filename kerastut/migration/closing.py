"""Closes a process in before it runs a stranger's program: what it may take, reach and write.

Limits of the system hold everywhere. A hook on Python's own events refuses other programs, further
processes, sockets and files outside; native code passes it by. On Linux the kernel holds the same
without root: Landlock the files and signals, seccomp the calls. Nothing of it can be undone.
"""

import ctypes
import errno
import os
import platform
import resource
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

MEMORY = 16 * 2**30  # bytes, or half of the machine's, beyond what TensorFlow has taken
FILE = 2 * 2**30  # bytes of a file, which may be a large network with its optimizer
PROCESSES = 2048  # of the user, threads among them, where the kernel does not refuse new ones
GRACE = 20  # seconds of the processor between the asking to end and the end
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_DEVICES = ("/dev/null", "/dev/tty")
# What changes a file, and which of its arguments are paths.
_CHANGES = {
    **dict.fromkeys(("os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.chmod"), (0,)),
    **dict.fromkeys(("os.chown", "os.utime", "os.setxattr", "os.mkfifo", "os.mknod"), (0,)),
    **dict.fromkeys(("os.rename", "os.link", "shutil.move"), (0, 1)),
    **dict.fromkeys(("os.symlink", "shutil.copyfile", "shutil.copymode", "shutil.copystat"), (1,)),
    **dict.fromkeys(("shutil.rmtree", "sqlite3.connect"), (0,)),
}
_REFUSED = (
    *("os.fork", "os.forkpty", "os.exec", "os.posix_spawn", "os.spawn", "os.system"),
    *("os.startfile", "subprocess.Popen", "pty.spawn", "socket.connect", "socket.bind"),
    *("socket.sendto", "socket.__new__", "socket.getaddrinfo", "socket.gethostbyname"),
    *("os.kill", "os.killpg", "signal.pthread_kill", "webbrowser.open"),
)


def close(folder: Path, seconds: int) -> None:
    """Closes this process in, for ever.

    Args:
        folder: The only place that it may write to; without symbolic links.
        seconds: Of the processor. Then it gets SIGXCPU, and is killed a little later.
    """
    held = False
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS, which both ask for
        _hold_files(libc, folder)
        held = _hold_calls(libc)
    _limit(seconds, resource.RLIM_INFINITY if held else PROCESSES)
    sys.addaudithook(_hook(folder))


def _limit(seconds: int, processes: int) -> None:
    statm = Path("/proc/self/statm")
    taken = int(statm.read_bytes().split()[0]) if statm.exists() else 0
    half = os.sysconf("SC_PHYS_PAGES") // 2 * resource.getpagesize()
    memory = taken * resource.getpagesize() + min(MEMORY, half)
    limits = {
        resource.RLIMIT_CPU: (seconds, seconds + GRACE),
        resource.RLIMIT_AS: (memory, memory),
        resource.RLIMIT_FSIZE: (FILE, FILE),
        resource.RLIMIT_NPROC: (processes, processes),
        resource.RLIMIT_CORE: (0, 0),
    }
    for kind, wanted in limits.items():
        most = resource.getrlimit(kind)[1]
        pair = [most if one == -1 else one if most == -1 else min(one, most) for one in wanted]
        resource.setrlimit(kind, (pair[0], pair[1]))


def _hook(folder: Path) -> Callable[[str, tuple[Any, ...]], None]:
    own = os.getpid()

    def leads_out(path: Any) -> bool:
        if not isinstance(path, (str, bytes, os.PathLike)):
            return False  # a descriptor, which was opened here
        name = Path(os.fsdecode(path))
        target = name.resolve()
        homes = (name.parent.resolve() / name.name, target)  # of a link, and of what it leads to
        return str(target) not in _DEVICES and not all(
            home.is_relative_to(folder) for home in homes
        )

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            writes = flags & _WRITES if isinstance(flags, int) else False
            if writes and leads_out(path):
                raise _refusal(f"writing to {os.fsdecode(path)}")
        elif event in _CHANGES:
            places = _CHANGES[event]
            for path in (arguments[place] for place in places if place < len(arguments)):
                if leads_out(path):
                    raise _refusal(f"{event} of {os.fsdecode(path)}")
        elif event in _REFUSED and not (event == "os.kill" and arguments[0] == own):
            raise _refusal(event)

    return hook


def _refusal(what: str) -> PermissionError:
    return PermissionError(errno.EPERM, f"kerastut migrate lets no program do this: {what}")


def _hold_files(libc: Any, folder: Path) -> None:
    """Has the kernel (5.13 or later) refuse writing outside a folder, and signals to others."""
    version = libc.syscall(444, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return
    writes = 0b1_1111_1111_0010  # write to files; remove and make whatever there is
    writes |= (version >= 2) << 13 | (version >= 3) << 14  # move between folders; truncate
    scoped = 0b11 if version >= 6 else 0  # abstract sockets, signals
    size = 24 if version >= 6 else 8
    rules = libc.syscall(444, struct.pack("QQQ", writes, 0, scoped), ctypes.c_size_t(size), 0)
    for path, allowed in ((folder, writes), *((Path(one), 0b10) for one in _DEVICES)):
        if path.exists():
            place = os.open(path, os.O_PATH)
            libc.syscall(445, rules, 1, struct.pack("=Qi", allowed, place), 0)
            os.close(place)
    libc.syscall(446, rules, 0)
    os.close(rules)


# The numbers of system calls by machine: its name for the kernel; socket, execve, execveat, ptrace,
# process_vm_writev, kill, rt_sigqueueinfo, mount, setns, unshare, fork and vfork; `clone`, which
# makes threads as well. The others have the same everywhere: pidfd_send_signal, io_uring_setup, and
# `clone3`, whose flags a filter cannot see.
_CALLS = {
    "x86_64": (0xC000003E, (41, 59, 322, 101, 311, 62, 129, 165, 308, 272, 57, 58), 56),
    "aarch64": (0xC00000B7, (198, 221, 281, 117, 271, 129, 138, 40, 268, 97), 220),
}
_CLONE3 = 435


def _hold_calls(libc: Any) -> bool:
    """Has the kernel refuse sockets, further processes and other programs, if it can."""
    if platform.machine() not in _CALLS:
        return False
    machine, refused, clone = _CALLS[platform.machine()]
    load, equal, bits, give = 0x20, 0x15, 0x45, 0x06
    allow, refuse = 0x7FFF0000, 0x00050000 | errno.EPERM
    program = [
        (load, 0, 0, 4),  # the machine that the call is for
        (equal, 1, 0, machine),
        (give, 0, 0, refuse),
        (load, 0, 0, 0),  # the call
        (0x35, 0, 1, 0x40000000),  # those of x32
        (give, 0, 0, refuse),
        *(
            step
            for call in (*refused, 424, 425)
            for step in ((equal, 0, 1, call), (give, 0, 0, refuse))
        ),
        (equal, 0, 1, _CLONE3),
        (give, 0, 0, 0x00050000 | errno.ENOSYS),  # the library takes `clone` then
        (equal, 0, 3, clone),
        (load, 0, 0, 16),  # its flags
        (bits, 1, 0, 0x00010000),  # CLONE_THREAD
        (give, 0, 0, refuse),
        (give, 0, 0, allow),
    ]
    code = b"".join(struct.pack("=HBBI", *step) for step in program)
    buffer = ctypes.create_string_buffer(code)
    filter_ = struct.pack("HxxxxxxQ", len(program), ctypes.addressof(buffer))
    return bool(libc.prctl(22, 2, filter_, 0, 0) == 0)  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
