"""Archives and folders as strangers make them: what is found, where, and what is wrong with it."""

import io
import os
import stat
import struct
import sys
import zipfile
from pathlib import Path

import pytest
from archived import zipped

from grader.grading import archives, bounds, files, folders
from grader.grading.files import Budgets, read_file

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the grade of record needs Linux")
NAMES = ("01_forward_pass", "02_chain_rule")


@pytest.fixture
def found(tmp_path):
    """A function that writes files and tells what is found: (place, given, path, data or flag)."""

    def find(name, data):
        if isinstance(data, dict):
            for path, content in data.items():
                (tmp_path / name / path).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / name / path).write_bytes(content)
        else:
            (tmp_path / name).write_bytes(data)
        listed = folders.find(tmp_path / name, NAMES)
        return [
            (f.inside, f.given, str(Path(f.path).relative_to(tmp_path)), f.flag or f.data)
            for f in listed
        ]

    return find


# --- archives -------------------------------------------------------------------------------------


def test_what_lies_in_an_archive_is_found_with_its_place_in_it(found):
    data = zipped({"ann/a.ipynb": "1", "bob/deep/b.IPYNB": "2", "cid.ipynb": "3", "ann/x.txt": "4"})
    assert found("class.zip", data) == [
        (("ann", "a.ipynb"), "class", "class.zip/ann/a.ipynb", b"1"),
        (("bob", "deep", "b.IPYNB"), "class", "class.zip/bob/deep/b.IPYNB", b"2"),
        (("cid.ipynb",), "class", "class.zip/cid.ipynb", b"3"),
    ]


def test_one_folder_that_is_named_as_the_archive_holds_the_class(found):
    data = zipped({"week/": "", "week/ann/a.ipynb": "1", "week/bob.ipynb": "2"})
    assert [place for place, *_ in found("week.zip", data)] == [("ann", "a.ipynb"), ("bob.ipynb",)]
    assert [place for place, *_ in found("other.zip", data)] == [
        ("week", "ann", "a.ipynb"),
        ("week", "bob.ipynb"),
    ]


def test_what_a_system_keeps_for_itself_is_not_looked_at(found):
    hidden = {"__MACOSX/ann/a.ipynb": "1", ".git/a.ipynb": "2", "ann/.~a.ipynb": "3"}
    assert found("a.zip", zipped(hidden | {"ann/a.ipynb": "4"})) == [
        (("ann", "a.ipynb"), "a", "a.zip/ann/a.ipynb", b"4")
    ]
    hidden = {name: text.encode() for name, text in hidden.items()}
    assert found("folder", hidden | {"ann/a.ipynb": b"4"}) == [
        (("ann", "a.ipynb"), "folder", "folder/ann/a.ipynb", b"4")
    ]


def test_an_archive_in_an_archive_is_its_students_and_one_in_that_is_none(found):
    inner = zipped({"x/a.ipynb": "1", "more.zip": zipped({"b.ipynb": "2"})})
    data = zipped({"ann/work.zip": inner, f"bob_{NAMES[0]}.zip": inner})
    assert found("class.zip", data) == [
        (("ann", "x", "a.ipynb"), "ann", "class.zip/ann/work.zip/x/a.ipynb", b"1"),
        (("bob", "x", "a.ipynb"), "bob", f"class.zip/bob_{NAMES[0]}.zip/x/a.ipynb", b"1"),
    ]


@pytest.mark.parametrize(
    ("name", "flag"),
    [("../a.ipynb", "path-traversal"), ("/a.ipynb", "path-traversal"),
     ("/".join("d" * 12) + "/a.ipynb", "too-deep")],
)  # fmt: skip
def test_a_name_that_leads_out_or_too_deep_is_flagged(found, name, flag):
    told = found("class.zip", zipped({"ann/ok.ipynb": "1", f"ann/{name.lstrip('/')}": "2"}))
    if not name.startswith("/"):
        assert [what for *_, what in told] == [b"1", flag]
    told = found("class.zip", zipped({name: "2", "ann/ok.ipynb": "1"}))
    assert flag in [what for *_, what in told]


def test_twelve_folders_are_not_too_deep(found):
    name = "/".join("d" * 11) + "/a.ipynb"
    assert [what for *_, what in found("class.zip", zipped({name: "1"}))] == [b"1"]


def test_a_link_in_an_archive_is_flagged(found):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        link = zipfile.ZipInfo("ann/a.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
    assert found("class.zip", data.getvalue())[0][3] == "symlink"


def test_of_what_cannot_be_unpacked_the_reason_is_told(found, monkeypatch):
    monkeypatch.setattr(bounds, "NOTEBOOK", 10)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("ann/a.ipynb", "x" * 10)
        file.writestr("bob/a.ipynb", "x" * 11)
        file.writestr("cid/a.ipynb", "x", compress_type=zipfile.ZIP_BZIP2)
        file.writestr("dan/a.ipynb", "damaged")
    damaged = data.getvalue().replace(b"damaged", b"DAMAGED")
    assert [what for *_, what in found("class.zip", damaged)] == [
        b"x" * 10,
        "too-large",
        "not-readable",
        "not-readable",
    ]
    # One that lies about its size is read no further than a notebook may be long.
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("ann/a.ipynb", "x" * 5000)
        file.filelist[0].file_size = 5
    assert found("lies.zip", data.getvalue())[0][3] in ("too-large", "not-readable")


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip file at all", zipped({"a": "1"})[:-30]])
def test_what_is_no_archive_is_flagged_with_its_path(found, data):
    assert found("ann.zip", data) == [(("ann.zip",), "ann", "ann.zip", "broken-zip")]
    inside = found("class", {"bob/work.zip": data})
    assert inside == [(("bob", "work.zip"), "bob", "class/bob/work.zip", "broken-zip")]


def listing(entries, size, before=b""):
    return before + b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, entries, entries, size, 0, 0)


@pytest.mark.parametrize(
    ("data", "flag"),
    [
        (listing(0, 0), None),
        (listing(0xFFFF, 0), "archive-too-large"),
        (listing(1, (16 << 20) + 1), "archive-too-large"),
        (listing(1, 0, b"PK\x06\x07" + bytes(16)), "archive-too-large"),
        (listing(1, 0, b"PK\x06\x07" + bytes(17)), None),
        (listing(1, 16 << 20), None),
        (listing(1, 0)[:-1], "broken-zip"),
        (listing(1, 0) + b"a comment", None),
    ],
)
def test_an_archives_end_is_looked_at_before_its_table_is_read(data, flag):
    assert archives._listing_flag(io.BytesIO(data)) == flag


def test_a_student_may_hand_in_a_hundred_files_of_64_megabytes_together(found, monkeypatch):
    monkeypatch.setattr(bounds, "FILES", 2)
    monkeypatch.setattr(bounds, "UNPACKED", 5)
    members = {f"ann/{i}.ipynb": b"12" for i in range(4)}
    members |= {"bob/1.ipynb": b"123", "bob/2.ipynb": b"123", "cid/a.ipynb": b"12345"}
    for told in (found("class", members), found("class.zip", zipped(members))):
        assert [(place[0], what) for place, _, _, what in told] == [
            ("ann", b"12"),
            ("ann", b"12"),
            ("ann", "too-many-files"),
            ("bob", b"123"),
            ("bob", "too-many-bytes"),
            ("cid", b"12345"),
        ]


def test_budgets_are_each_owners_own(monkeypatch):
    monkeypatch.setattr(bounds, "FILES", 1)
    monkeypatch.setattr(bounds, "UNPACKED", 3)
    budgets = Budgets()
    assert [budgets.allows(("ann", "x")) for _ in range(2)] == [True, False]
    assert budgets.allows(("bob",))
    assert [budgets.takes(("ann",), size) for size in (2, 1, 1)] == [True, True, False]
    assert budgets.takes(("bob",), 3)
    assert [budgets.once(("ann",)) for _ in range(2)] == [True, False]


def test_a_time_is_in_utc_where_the_archive_says_so_else_by_the_clock_here():
    info = zipfile.ZipInfo("a", (1980, 1, 1, 0, 0, 0))
    info.extra = struct.pack("<HHBl", 0x5455, 5, 1, 77)
    assert archives._time(info) == 77.0
    info.extra = struct.pack("<HHBl", 0x5455, 5, 2, 77)  # only when it was read
    assert archives._time(info) != 77.0
    info.date_time = (1980, 0, 0, 99, 99, 99)
    info.extra = b""
    assert isinstance(archives._time(info), float)


# --- folders and files ----------------------------------------------------------------------------


def test_what_lies_in_a_folder_is_found_with_its_place_in_it(found):
    told = found(
        "class", {"ann/a.ipynb": b"1", "b.ipynb": b"2", "cid/x/y.ipynb.txt": b"3", "n.txt": b""}
    )
    assert told == [
        (("ann", "a.ipynb"), "class", "class/ann/a.ipynb", b"1"),
        (("b.ipynb",), "class", "class/b.ipynb", b"2"),
        (("cid", "x", "y.ipynb.txt"), "class", "class/cid/x/y.ipynb.txt", b"3"),
    ]


def test_one_file_is_named_after_its_folder(found, tmp_path):
    assert found("a.ipynb", b"1") == [(("a.ipynb",), tmp_path.name, "a.ipynb", b"1")]


def test_a_folder_that_is_empty_too_deep_or_closed_is_flagged(found, tmp_path, monkeypatch):
    (tmp_path / "class" / "empty").mkdir(parents=True)
    deep = "/".join("d" * 13)
    told = found("class", {"ann/a.ipynb": b"1", f"{deep}/b.ipynb": b"2"})
    assert ((*"d" * 13, ""), "class", f"class/{deep}", "too-deep") in told
    assert (("empty", ""), "class", "class/empty", "no-notebook-found") in told
    real = os.scandir

    def closed(path):
        if str(path).endswith("ann"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", closed)
    assert (("ann", ""), "class", "class/ann", "not-readable") in found("class", {})


def test_links_are_never_followed(found, tmp_path):
    (tmp_path / "secret.ipynb").write_text("secret")
    (tmp_path / "class" / "ann").mkdir(parents=True)
    os.symlink(tmp_path / "secret.ipynb", tmp_path / "class" / "ann" / "a.ipynb")
    os.symlink(tmp_path / "secret.ipynb", tmp_path / "class" / "b.ipynb")
    os.symlink(tmp_path, tmp_path / "class" / "folder")
    assert found("class", {}) == [
        (("ann", "a.ipynb"), "class", "class/ann/a.ipynb", "symlink"),
        (("b.ipynb",), "class", "class/b.ipynb", "symlink"),
        (("folder", ""), "class", "class/folder", "symlink"),
    ]
    os.symlink(tmp_path / "secret.ipynb", tmp_path / "given.ipynb")
    assert [f.flag for f in folders.find(tmp_path / "given.ipynb", NAMES)] == ["symlink"]
    os.symlink(tmp_path / "secret.ipynb", tmp_path / "given.zip")
    assert [f.flag for f in folders.find(tmp_path / "given.zip", NAMES)] == ["symlink"]


def test_a_file_is_read_up_to_a_limit_with_its_time(tmp_path, monkeypatch):
    monkeypatch.setattr(bounds, "NOTEBOOK", 4)
    path = tmp_path / "a.ipynb"
    path.write_bytes(b"1234")
    os.utime(path, (5, 7.5))
    one = read_file(path, ("ann",), "class")
    assert vars(one) == {
        "inside": ("ann",), "given": "class", "path": str(path), "data": b"1234", "flag": None,
        "handed_in": 7.5,
    }  # fmt: skip
    path.write_bytes(b"12345")
    two = read_file(path, ("ann",), "class")
    assert (two.data, two.flag, two.handed_in) == (None, "too-large", 0.0)
    missing = read_file(tmp_path / "b.ipynb", (), "")
    assert (missing.data, missing.flag, missing.handed_in) == (None, "not-readable", 0.0)


def test_a_pipe_and_a_device_are_not_even_opened(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe.ipynb")
    os.mkfifo(tmp_path / "pipe.zip")
    monkeypatch.setattr(os, "open", lambda *args: pytest.fail("opened"))
    assert read_file(tmp_path / "pipe.ipynb", (), "").flag == "no-regular-file"
    assert read_file(Path("/dev/zero"), (), "").flag == "no-regular-file"
    [told] = folders.find(tmp_path / "pipe.zip", NAMES)
    assert (told.inside, told.given, told.path, told.flag) == (
        ("pipe.zip",), "pipe", str(tmp_path / "pipe.zip"), "no-regular-file"
    )  # fmt: skip


def test_what_becomes_a_pipe_in_between_is_closed_again(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    plain = tmp_path / "plain"
    plain.write_text("x")
    monkeypatch.setattr(files.os, "lstat", lambda path: plain.stat())
    with pytest.raises(IsADirectoryError):
        files.open_regular(tmp_path / "pipe")
