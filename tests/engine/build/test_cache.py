"""The directory where built programs are kept."""

import logging
import os
import time
from pathlib import Path

import pytest

from jupyspike import clear_cache, prefs
from jupyspike_engine.build.cache import ProgramCache, cache_directory, program_cache
from jupyspike_engine.diagnostics import ArgumentError
from jupyspike_engine.logs import catch_logs

HOME = Path("/home/ada")


@pytest.fixture
def cache(tmp_path: Path) -> ProgramCache:
    return ProgramCache(tmp_path / "programs", limit=2800)


def keep(cache: ProgramCache, key: str, used: float = 0.0, size: int = 1000) -> Path:
    """Put a program in the cache that was last used some seconds after 1970."""
    with cache.workspace(key) as workspace:
        (workspace / f"{key}.so").write_bytes(b"x" * size)
        (workspace / f"{key}.cpp").write_text("int x;")
        path = cache.publish(key, workspace)
    if used:
        os.utime(path, (used, used))
    return path


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({}, "linux", HOME / ".cache" / "jupyspike"),
        ({"XDG_CACHE_HOME": "/scratch/ada"}, "linux", Path("/scratch/ada/jupyspike")),
        ({"XDG_CACHE_HOME": "not/absolute"}, "linux", HOME / ".cache" / "jupyspike"),
        ({}, "darwin", HOME / "Library" / "Caches" / "jupyspike"),
        ({"LOCALAPPDATA": "/C/local"}, "win32", Path("/C/local/jupyspike/Cache")),
        ({}, "win32", HOME / "AppData" / "Local" / "jupyspike" / "Cache"),
        ({"JUPYSPIKE_CACHE_DIR": "/here", "XDG_CACHE_HOME": "/there"}, "linux", Path("/here")),
    ],
)
def test_the_directory_is_the_chosen_one_or_the_usual_one_of_the_platform(environment, platform, expected):
    assert cache_directory(environment, platform, HOME) == expected


def test_what_was_published_is_found(cache):
    path = keep(cache, "a")
    assert cache.find("a") == path
    assert cache.find("b") is None


def test_a_program_of_which_a_byte_changed_is_not_found(cache):
    path = keep(cache, "a")
    path.write_bytes(b"y" + path.read_bytes()[1:])
    assert cache.find("a") is None


def test_beyond_the_limit_the_programs_not_used_for_longest_are_removed(cache):
    for key, used in [("old", 1000.0), ("older", 500.0), ("young", 2000.0)]:
        keep(cache, key, used)
    keep(cache, "newest")
    assert [entry.key for entry in cache.entries()] == ["young", "newest"]
    assert not (cache.directory / "old.cpp").exists()


def test_a_use_makes_a_program_young_again(cache):
    for key, used in [("first", 500.0), ("second", 1000.0)]:
        keep(cache, key, used)
    cache.find("first")
    keep(cache, "newest", size=1500)
    assert [entry.key for entry in cache.entries()] == ["first", "newest"]


def test_the_program_just_built_stays_even_if_it_is_larger_than_the_limit(cache):
    path = keep(cache, "huge", size=5000)
    assert path.exists()


def test_nothing_is_left_of_workspaces_and_locks(cache):
    keep(cache, "a")
    with pytest.raises(RuntimeError), cache.workspace("b") as workspace:
        (workspace / "half").touch()
        raise RuntimeError
    assert sorted(path.name for path in cache.directory.iterdir()) == ["a.cpp", "a.so"]


def test_workspaces_of_processes_that_were_killed_are_removed_after_a_day(cache):
    yesterday = time.time() - 25 * 3600
    for name, changed in [(".build-killed", yesterday), (".build-at-work", time.time())]:
        (cache.directory / name).mkdir(parents=True)
        os.utime(cache.directory / name, (changed, changed))
    keep(cache, "a")
    assert [path.name for path in cache.directory.glob(".build-*")] == [".build-at-work"]


def test_clearing_removes_every_program(cache):
    keep(cache, "a")
    keep(cache, "b")
    assert sorted(entry.key for entry in cache.clear()) == ["a", "b"]
    assert list(cache.directory.iterdir()) == []


def test_others_cannot_put_programs_into_the_cache(cache):
    keep(cache, "a")
    assert cache.directory.stat().st_mode & 0o077 == 0


def test_the_limit_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("JUPYSPIKE_CACHE_LIMIT_MB", "2.5")
    assert program_cache().limit == 2_500_000


@pytest.mark.parametrize("text", ["much", "-1", "nan", "inf"])
def test_a_limit_that_is_no_size_is_an_error_that_names_the_variable(text, monkeypatch):
    monkeypatch.setenv("JUPYSPIKE_CACHE_LIMIT_MB", text)
    with pytest.raises(ArgumentError, match="JUPYSPIKE_CACHE_LIMIT_MB"):
        program_cache()


def test_a_user_without_a_home_directory_still_has_a_cache(monkeypatch):
    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("JUPYSPIKE_CACHE_DIR")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", nobody)
    assert program_cache().directory.name.lower() in ("jupyspike", "cache")


def test_preferences_win_over_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("JUPYSPIKE_CACHE_LIMIT_MB", "2.5")
    prefs.codegen.max_cache_dir_size = 7
    prefs.codegen.runtime.cython.cache_dir = str(tmp_path / "mine")
    assert program_cache() == ProgramCache(tmp_path / "mine", 7_000_000)


def test_a_size_of_zero_means_no_limit():
    prefs.codegen.max_cache_dir_size = 0
    assert program_cache().limit > 1e15
    assert program_cache().limit_text == "no limit"


def test_removing_programs_that_were_not_used_is_told(cache):
    with catch_logs(logging.INFO) as messages:
        for key, used in [("old", 1000.0), ("older", 500.0), ("young", 2000.0)]:
            keep(cache, key, used)
    [(level, name, text)] = messages
    assert (level, name) == ("INFO", "jupyspike.build.cache_size")
    assert f"{cache.directory} was larger than 0.0028 MB; programs not used for longest that were removed: 1 " in text


@pytest.mark.parametrize("target", ["cpp", "cython"])
def test_the_programs_of_a_target_can_be_removed(target):
    keep(program_cache(), "a")
    with catch_logs(logging.INFO) as messages:
        clear_cache(target)
    assert program_cache().entries() == []
    assert messages[0][2].endswith(f"{program_cache().directory}: 1 (0.0 MB)")


def test_a_target_without_programs_has_no_cache_to_clear():
    with pytest.raises(ArgumentError, match="no programs of the target 'numpy'"):
        clear_cache("numpy")
