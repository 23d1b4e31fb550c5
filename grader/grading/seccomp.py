"""The system calls that no answer needs, as a filter for bubblewrap.

Written out as BPF because the binding of libseccomp needs a library that neither bubblewrap nor
pip brings along.  RLIMIT_NPROC alone does not bind root, RLIMIT_AS does not count every memory,
and a network namespace does not hold every kind of socket.
"""

import functools
import platform
import struct
import tempfile

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# name: (x86-64, ARM64), None where that processor has no such call
CALLS = {
    "fork": (57, None),
    "vfork": (58, None),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    # memory that RLIMIT_AS does not count
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    # other namespaces, other roots
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_by_handle_at": (304, 265),
    # large or rarely used parts of the kernel
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "perf_event_open": (298, 241),
    "fanotify_init": (300, 262),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "personality": (135, 92),
    "quotactl": (179, 60),
    "acct": (163, 89),
    "swapon": (167, 224),
    "reboot": (169, 142),
    "kexec_load": (246, 104),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "syslog": (103, 116),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
}
CLONE, CLONE3 = (56, 220), (435, 435)
SOCKETS = {"socket": (41, 198), "socketpair": (53, 199)}

CLONE_THREAD, AF_UNIX = 0x10000, 1
ALLOW, EPERM, ENOSYS = 0x7FFF0000, 0x00050001, 0x00050026
LOAD, EQUAL, ABOVE, ALL_SET, ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # where they lie in seccomp_data


def filter_file():
    """Return an open file with the filter; None on a processor whose numbers are not known here."""
    if _program() is None:
        return None
    file = tempfile.TemporaryFile()
    file.write(_program())
    file.seek(0)
    return file


@functools.cache
def _program():
    if platform.machine() not in ARCHITECTURES:
        return None
    which = list(ARCHITECTURES).index(platform.machine())
    program = [
        _do(LOAD, ARCHITECTURE),
        _do(EQUAL, ARCHITECTURES[platform.machine()], yes=1),
        _do(ANSWER, EPERM),
        _do(LOAD, NUMBER),
        _do(ABOVE, 0x40000000, no=1),  # the numbers of x32
        _do(ANSWER, EPERM),
        _do(EQUAL, CLONE3[which], no=1),
        _do(ANSWER, ENOSYS),  # its flags lie in memory; the C library falls back to clone
    ]
    for numbers in CALLS.values():
        if numbers[which] is not None:
            program += [_do(EQUAL, numbers[which], no=1), _do(ANSWER, EPERM)]
    for numbers in SOCKETS.values():  # its network is empty, but some kinds of socket need none
        program += _only_if(numbers[which], EQUAL, AF_UNIX)
    program += _only_if(CLONE[which], ALL_SET, CLONE_THREAD)
    return b"".join([*program, _do(ANSWER, ALLOW)])


def _only_if(number, test, value):
    """Allow a call only if its first argument passes the test."""
    return [
        _do(EQUAL, number, no=4),
        _do(LOAD, FIRST_ARGUMENT),
        _do(test, value, yes=1),
        _do(ANSWER, EPERM),
        _do(ANSWER, ALLOW),
    ]


def _do(code, value, yes=0, no=0):
    return struct.pack("HBBI", code, yes, no, value)
