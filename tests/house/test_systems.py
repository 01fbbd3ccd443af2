"""What Windows and macOS lack is asked for in a branch of its own, if at all."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# As the documentation of Python says: "Availability: Unix", or not Windows.
UNIX = "crypt fcntl grp posix pty pwd readline resource spwd syslog termios tty"
WINDOWS = "_winapi msvcrt nt winreg winsound"
LACKING = {
    "os": """chown chroot confstr copy_file_range ctermid eventfd fchdir fchmod fchown fdatasync
        fork forkpty fpathconf getegid geteuid getgid getgrouplist getgroups getloadavg getpgid
        getpgrp getpriority getresgid getresuid getsid getuid getxattr initgroups killpg
        lchflags lchmod lchown listxattr lockf major makedev memfd_create minor mkfifo mknod
        nice openpty pathconf pidfd_open pipe2 posix_fadvise posix_fallocate posix_openpt
        posix_spawn posix_spawnp pread preadv pwrite pwritev readv register_at_fork removexattr
        sched_getaffinity sched_getparam sched_getscheduler sched_setaffinity sched_setscheduler
        sched_yield sendfile setegid seteuid setgid setgroups setns setpgid setpgrp setpriority
        setregid setresgid setresuid setreuid setsid setuid setxattr splice statvfs fstatvfs
        sync sysconf tcgetpgrp tcsetpgrp ttyname uname unshare wait wait3 wait4 waitid WIFEXITED
        WEXITSTATUS WIFSIGNALED WTERMSIG WNOHANG writev SEEK_DATA SEEK_HOLE O_NONBLOCK
        O_NOFOLLOW O_DIRECTORY O_CLOEXEC O_SYNC O_DSYNC O_NOCTTY O_NDELAY O_TMPFILE O_PATH
        O_BINARY O_NOINHERIT O_TEMPORARY startfile link symlink readlink""",
    "signal": """SIGALRM SIGBUS SIGCHLD SIGCONT SIGHUP SIGIO SIGKILL SIGPIPE SIGPROF SIGQUIT
        SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGUSR1 SIGUSR2 SIGVTALRM SIGWINCH SIGXCPU
        SIGXFSZ SIG_BLOCK SIG_SETMASK SIG_UNBLOCK alarm getitimer pause pidfd_send_signal
        pthread_kill pthread_sigmask setitimer siginterrupt sigpending sigtimedwait sigwait
        sigwaitinfo CTRL_C_EVENT CTRL_BREAK_EVENT SIGBREAK""",
    "socket": """AF_UNIX AF_PACKET AF_NETLINK SO_REUSEPORT SO_PEERCRED TCP_CORK MSG_DONTWAIT
        MSG_NOSIGNAL CMSG_LEN SCM_RIGHTS send_fds recv_fds if_nametoindex""",
    "time": "tzset clock_gettime clock_gettime_ns clock_settime pthread_getcpuclockid",
    "mmap": "MAP_ANON MAP_ANONYMOUS MAP_PRIVATE MAP_SHARED PROT_READ PROT_WRITE PROT_EXEC",
    "select": "poll epoll kqueue",
    "ctypes": "windll WinDLL oledll WinError CDLL",
    "locale": "nl_langinfo LC_MESSAGES",
    "asyncio": "ProactorEventLoop",
    "subprocess": "STARTUPINFO CREATE_NEW_PROCESS_GROUP CREATE_NO_WINDOW",
}
MODULES = {*UNIX.split(), *WINDOWS.split()}
GONE = {f"{module}.{name}" for module, names in LACKING.items() for name in names.split()}
# Methods of a path that need rights on Windows, or fail there; and what takes a shell of its own.
METHODS = ("symlink_to", "hardlink_to", "lchmod", "readlink")
BRANCH = re.compile(r"\b(sys\.platform|os\.name|platform\.system\(\)|hasattr\()")
EXPECTED = re.compile(r"\b(AttributeError|ImportError|ModuleNotFoundError)\b")
SLASHED = ("split", "rsplit", "partition", "rpartition", "startswith", "endswith")
MODE = re.compile(r"[rwxa][+t]*")
# Where a slash is no separator of the system's paths, and an encoding is not ours to choose.
SLASHES = {
    "kerastut/conversion/compiling.py": "names of weights",
    "kerastut/conversion/placing.py": "names of weights",
    "kerastut/demo/server.py": "paths of an address",
    "kerastut/lint/questions/paths.py": "paths in a program of the past",
    "kerastut/migration/maker.py": "paths of an address",
    "kerastut/migration/libraries.py": "paths in a program of the past",
    "kerastut/train/demand.py": "names of layers",
}
# Run in a process that `migration/running.py` starts on systems that fork, and refuses elsewhere.
FORKED = {f"kerastut/migration/{name}.py" for name in ("closing", "harness", "running", "server")}
TERMINAL = "kerastut/streams.py"  # a standard stream has the terminal's encoding


def problems(text: str, name: str = "") -> list[str]:
    """Returns what a file asks of a system that not every one has, outside a branch for it."""
    tree = ast.parse(text)
    return [f"{name}:{line}: {what}" for line, what in _in_block(tree.body, name, False)]


def _in_block(block: list[ast.stmt], name: str, guarded: bool) -> Iterator[tuple[int, str]]:
    for statement in block:
        yield from _in_node(statement, name, guarded)
        if isinstance(statement, ast.If) and BRANCH.search(ast.unparse(statement.test)):
            leaves = isinstance(statement.body[-1], ast.Return | ast.Raise | ast.Continue)
            guarded = guarded or leaves


def _in_node(node: ast.AST, name: str, guarded: bool) -> Iterator[tuple[int, str]]:
    if not guarded:
        yield from ((getattr(node, "lineno", 0), what) for what in _asked(node, name))
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        guarded = guarded or bool(BRANCH.search(ast.unparse(node.test)))
    elif isinstance(node, ast.BoolOp):
        guarded = guarded or bool(BRANCH.search(ast.unparse(node.values[0])))
    elif isinstance(node, ast.With):
        guarded = guarded or any(EXPECTED.search(ast.unparse(item)) for item in node.items)
    elif isinstance(node, ast.Try):
        caught = [ast.unparse(one.type) for one in node.handlers if one.type]
        guarded = guarded or any(map(EXPECTED.search, caught))
    for _, value in ast.iter_fields(node):
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            yield from _in_block(value, name, guarded)
        else:
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _in_node(child, name, guarded)


def _asked(node: ast.AST, name: str) -> Iterator[str]:
    """Yields what one node asks for."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        source = getattr(node, "module", None)
        for alias in node.names:
            if (source or alias.name).partition(".")[0] in MODULES:
                yield f"not every system has the module {source or alias.name}"
            if f"{source}.{alias.name}" in GONE:
                yield f"not every system has {source}.{alias.name}"
    elif isinstance(node, ast.Attribute) and ast.unparse(node) in GONE:
        yield f"not every system has {ast.unparse(node)}"
    elif isinstance(node, ast.Call):
        yield from _called(node, name)
    elif isinstance(node, ast.Compare) and name not in SLASHES:
        both = [node.left, *node.comparators]
        pathlike = any("path" in ast.unparse(one).lower() for one in both)
        if pathlike and any(re.search(r"\\|(?<![:/])/(?!/)", _text(one)) for one in both):
            yield f"a path is compared with a text: {ast.unparse(node)}"


def _called(node: ast.Call, name: str) -> Iterator[str]:
    function, given = ast.unparse(node.func), {one.arg for one in node.keywords}
    method = function.rpartition(".")[2] if "." in function else ""
    if method in METHODS:
        yield f"Windows may refuse {method}"
    if function == "os.system" or any(
        one.arg == "shell" and ast.unparse(one.value) != "False" for one in node.keywords
    ):
        yield "the systems' shells differ"
    process = method in ("run", "Popen", "check_output", "check_call", "call")
    if process and {"text", "universal_newlines"} & given and not {"encoding", "errors"} & given:
        yield "another process may write in another encoding: say errors= or encoding="
    if function.endswith(("get_context", "set_start_method")) and "'fork" in ast.unparse(node):
        yield "Windows does not fork"
    if method in SLASHED and node.args and _text(node.args[0]) == "/" and name not in SLASHES:
        yield f"a path's separator is not always a slash: {function}"
    if method == "strftime" and any(re.search("%[-#]", _text(one)) for one in node.args):
        yield "not every system knows %- in strftime"
    if _is_text(function, node) and "encoding" not in given and name != TERMINAL:
        yield f"{function} without an encoding"
    if function == "os.replace" or (method in ("replace", "rename") and _is_open(node)):
        yield "Windows moves no open file"


def _is_open(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value).endswith(".name)")


def _is_text(function: str, node: ast.Call) -> bool:
    """Tells whether a call opens a file as text without saying in which encoding."""
    method, texts = function.rpartition(".")[2], [_text(one) for one in node.args]
    modes = [_text(one.value) for one in node.keywords if one.arg == "mode"]
    if method == "read_text":
        return not node.args
    if method == "write_text":
        return len(node.args) < 2
    if function in ("io.TextIOWrapper", "TextIOWrapper"):
        return len(node.args) < 2
    if method in ("NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile"):
        return any("b" not in mode for mode in [*modes, *texts[:1]])
    if function == "open" or method == "fdopen":
        return not any("b" in mode for mode in [*modes, *texts[1:2]])
    if method == "open" and function.partition(".")[0] not in ("os", "webbrowser"):
        return any(map(MODE.fullmatch, [*modes, *texts[:1]])) or not (node.args or node.keywords)
    return False


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


FILES = [path for folder in ("kerastut", "recipes") for path in (ROOT / folder).rglob("*.py")]


def test_nothing_is_asked_that_a_system_lacks() -> None:
    found = []
    for path in FILES:
        name = path.relative_to(ROOT).as_posix()
        told = problems(path.read_text(encoding="utf-8"), name)
        lacking = re.compile(r"not every system has|Windows may refuse symlink")
        found += [one for one in told if name not in FORKED or not lacking.search(one)]
    assert found == []


def test_no_two_names_differ_in_case_or_are_reserved() -> None:
    """Windows and macOS take two such names for one, and Windows keeps some for its devices."""
    folders = ("kerastut", "recipes", "tests", "scripts", "docs", "notebooks_src", "packaging")
    paths = [p for name in folders for p in (ROOT / name).rglob("*") if "__pycache__" not in str(p)]
    names = [path.relative_to(ROOT).as_posix() for path in paths]
    assert len({name.casefold() for name in names}) == len(names)
    reserved = r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?|.*[<>:\"|?*\\].*|.*[. ]"
    parts = {part for name in names for part in name.split("/")}
    assert [part for part in parts if re.fullmatch(reserved, part, re.IGNORECASE)] == []


@pytest.mark.parametrize(
    "text",
    [
        "import fcntl",
        "from pwd import getpwuid",
        "def f():\n    import resource",
        "os.fork()",
        "os.fchmod(1, 0o600)",
        "from os import getuid",
        "flags = os.O_RDONLY | os.O_NOFOLLOW",
        "os.kill(1, signal.SIGKILL)",
        "signal.signal(signal.SIGHUP, stop)",
        "socket.socket(socket.AF_UNIX)",
        "ctypes.windll.kernel32.GetACP()",
        "if not os.getuid():\n    pass",
        "if sys.platform == 'win32':\n    beep()\nos.fork()",
        "path.symlink_to(other)",
        "multiprocessing.get_context('fork')",
        "subprocess.run(['ls'], text=True)",
        "subprocess.run('ls', shell=True)",
        "os.system('ls')",
        "path.read_text()",
        "path.write_text(text)",
        "path.open()",
        "path.open('w')",
        "open(path)",
        "open(path, 'a')",
        "os.fdopen(number, 'w')",
        "tempfile.NamedTemporaryFile('w')",
        "str(path).split('/')",
        "str(path).startswith('/')",
        "str(path) == 'a/b'",
        "'a\\\\b' in str(path)",
        "time.strftime('%-d')",
        "Path(file.name).replace(path)",
    ],
)
def test_each_kind_is_refused(text: str) -> None:
    assert len(problems(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "if sys.platform != 'win32':\n    import fcntl",
        "def f():\n    if sys.platform == 'win32':\n        return\n    import resource",
        "number = len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else 1",
        "mine = not hasattr(os, 'geteuid') or os.geteuid() == 0",
        "with suppress(OSError, AttributeError):\n    os.chown(path, 0, 0)",
        "try:\n    import resource\nexcept ImportError:\n    pass",
        "flags = getattr(os, 'O_NOFOLLOW', 0)",
        "path.read_text('utf-8')",
        "path.write_text(text, encoding='utf-8')",
        "path.open('rb')",
        "open(path, 'wb')",
        "Image.open(path)",
        "subprocess.run(['ls'], text=True, errors='replace')",
        "path.as_posix() + '/'",
        "Path(name).replace(path)",
    ],
)
def test_what_every_system_has_and_a_branch_are_taken(text: str) -> None:
    assert problems(text) == []
