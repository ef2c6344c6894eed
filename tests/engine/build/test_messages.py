"""What compilers say, read as errors with lines."""

import pytest

from jupyspike_engine.build.messages import Complaint, complaints


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("p.cpp:12:5: error: 'x' was not declared", Complaint("'x' was not declared", "p.cpp", 12)),
        ("p.cpp:3: error: no column", Complaint("no column", "p.cpp", 3)),
        ("p.cpp:1:10: fatal error: a.h: No such file", Complaint("a.h: No such file", "p.cpp", 1)),
        ("C:\\w\\p.cpp:7:2: error: on a drive", Complaint("on a drive", "C:\\w\\p.cpp", 7)),
        ("p.cpp(12): error C2065: 'x': undeclared", Complaint("C2065: 'x': undeclared", "p.cpp", 12)),
        ("p.cpp(12,5): error: clang-cl says", Complaint("clang-cl says", "p.cpp", 12)),
        ("p.cpp(1): fatal error C1083: Cannot open", Complaint("C1083: Cannot open", "p.cpp", 1)),
        ("cc1plus: error: bad value 'x' for '-march='", Complaint("bad value 'x' for '-march='")),
        ("clang: error: unsupported option '-fPIC'", Complaint("unsupported option '-fPIC'")),
        ("LINK : fatal error LNK1104: cannot open file", Complaint("LNK1104: cannot open file")),
        ("/usr/bin/ld: cannot find -lfoo", Complaint("cannot find -lfoo")),
        ("p.cpp:(.text+0x9): undefined reference to `f()'", Complaint("undefined reference to `f()'")),
    ],
)
def test_an_error_is_read_with_its_place(said, expected):
    assert complaints(said) == (expected,)


def test_warnings_notes_and_excerpts_are_no_errors():
    log = "p.cpp: In function 'f':\np.cpp:1:2: warning: w\np.cpp:1:2: note: n\n  1 | int x = y;\n    |         ^\n"
    assert complaints(log) == ()


def test_the_same_error_is_reported_once_and_the_order_is_kept():
    log = "p.cpp:9:1: error: b\np.cpp:2:1: error: a\np.cpp:9:5: error: b\n"
    assert [complaint.message for complaint in complaints(log)] == ["b", "a"]


def test_that_the_linker_failed_is_not_said_twice():
    log = "/usr/bin/ld: p.o: undefined reference to `f()'\ncollect2: error: ld returned 1 exit status\n"
    assert complaints(log) == (Complaint("undefined reference to `f()'"),)
    log = "ld: symbol not found\nclang: error: linker command failed with exit code 1 (use -v to see invocation)\n"
    assert complaints(log) == (Complaint("symbol not found"),)
