"""The examination of a machine."""

import pytest

from jupyspike_engine.build import doctor
from jupyspike_engine.build.advice import ways_to_get_a_compiler
from jupyspike_engine.build.doctor import Check, Report, examine


def check(report: Report, name: str) -> Check:
    [found] = [check for check in report.checks if check.name == name]
    return found


def test_a_machine_with_a_compiler_can_build_and_load_a_program(counting_compiler):
    report = examine()
    assert report.healthy
    assert check(report, "trial build").status == "ok"
    assert counting_compiler.command in check(report, "compiler").found
    assert len(counting_compiler.compilations()) == 1


def test_the_trial_leaves_nothing_in_the_cache(counting_compiler, cache_directory):
    examine()
    assert [path.name for path in cache_directory.iterdir()] == ["compilers"]


def test_without_a_compiler_it_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(doctor, "how_to_get_a_compiler", lambda: "sudo apt install g++")
    report = examine()
    assert not report.healthy
    assert check(report, "compiler").status == "fail"
    assert "-> sudo apt install g++" in report.render()
    assert "numpy target" in report.render()


def test_a_wrong_cxx_is_reported_not_raised(monkeypatch):
    monkeypatch.setenv("CXX", "no-such-compiler")
    report = examine()
    assert check(report, "compiler").status == "fail"
    assert "no-such-compiler" in report.render()


def test_a_compiler_that_cannot_link_fails_the_trial(script, counting_compiler, monkeypatch):
    text = f'case "$*" in *-shared*) echo "ld: no libc" >&2; exit 1;; esac\nexec "{counting_compiler.command}" "$@"'
    monkeypatch.setenv("CXX", script(text, name="half-g++"))
    trial = check(examine(), "trial build")
    assert trial.status == "fail"
    assert "no libc" in trial.found


def test_a_compiler_for_another_machine_fails_the_trial(script, counting_compiler, monkeypatch):
    text = f'case "$*" in *-shared*) echo nonsense > trial.so; exit 0;; esac\nexec "{counting_compiler.command}" "$@"'
    monkeypatch.setenv("CXX", script(text, name="cross-g++"))
    assert check(examine(), "trial build").status == "fail"


def test_a_cache_that_cannot_be_written_is_a_warning(counting_compiler, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("JUPYSPIKE_CACHE_DIR", str(tmp_path / "file" / "inside"))
    report = examine()
    assert check(report, "cache").status == "warn"
    assert "JUPYSPIKE_CACHE_DIR" in check(report, "cache").advice
    assert report.healthy


def test_a_missing_bridge_is_a_warning_that_says_why():
    def missing(name: str) -> object:
        raise ImportError("libstdc++.so.6 is too old")

    found = doctor._bridge(missing)
    assert found.status == "warn"
    assert "libstdc++.so.6 is too old" in found.found


def test_cython_is_told_and_not_missed(monkeypatch):
    assert doctor.cython_version() in check(examine(), "cython").found
    monkeypatch.setattr("jupyspike_engine.build.cython.cython_version", lambda: "")
    found = check(examine(), "cython")
    assert found.status == "ok"
    assert "pip install cython" in found.found


@pytest.mark.parametrize(
    ("statuses", "healthy", "verdict"),
    [
        (("ok", "ok"), True, "All is well"),
        (("ok", "warn"), True, "jupyspike works here"),
        (("warn", "fail"), False, "Something is missing"),
    ],
)
def test_the_verdict_follows_from_the_checks(statuses, healthy, verdict):
    report = Report(tuple(Check(f"check {status}", status, "found") for status in statuses))
    assert report.healthy is healthy
    assert verdict in report.render()


@pytest.mark.parametrize(
    ("platform", "os_release", "in_conda", "expected"),
    [
        ("linux", 'ID=debian\nVERSION_ID="12"\n', False, "apt install g++"),
        ("linux", "ID=linuxmint\nID_LIKE=ubuntu\n", False, "apt install g++"),
        ("linux", 'ID="rocky"\nID_LIKE="rhel centos fedora"\n', False, "dnf install gcc-c++"),
        ("linux", 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\n', False, "zypper install gcc-c++"),
        ("linux", "ID=arch\n", False, "pacman -S gcc"),
        ("linux", "ID=alpine\n", False, "apk add g++"),
        ("linux", "", False, "package manager"),
        ("linux", "ID=debian", True, "conda install -c conda-forge cxx-compiler"),
        ("darwin", "", False, "xcode-select --install"),
        ("win32", "", False, "Build Tools for Visual Studio"),
    ],
)
def test_the_first_advice_fits_the_machine(platform, os_release, in_conda, expected):
    assert expected in ways_to_get_a_compiler(platform, os_release, in_conda)[0]
