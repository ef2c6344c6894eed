"""Compilers where their installers put them on Windows, looked for in trees made here."""

from pathlib import Path

import pytest

from jupyspike_engine.build.windows import compilers_on_windows

ENVIRONMENT = {"ProgramFiles": r"C:\Program Files", "ProgramFiles(x86)": r"C:\Program Files (x86)"}
BUILD_TOOLS = "Program Files (x86)/Microsoft Visual Studio/2022/BuildTools/VC/Tools/MSVC"
SDK = "Program Files (x86)/Windows Kits/10"


@pytest.fixture
def drive(tmp_path):
    """Makes files on a drive and returns its root."""

    def make(*paths: str) -> Path:
        for path in paths:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).touch()
        return tmp_path

    return make


def commands(root: Path, environment: dict[str, str] = ENVIRONMENT) -> list[str]:
    found = compilers_on_windows(environment, root)
    return [Path(candidate.command[0]).relative_to(root).as_posix() for candidate in found]


def cl(version: str) -> str:
    return f"{BUILD_TOOLS}/{version}/bin/Hostx64/x64/cl.exe"


def test_an_empty_drive_has_no_compiler(drive):
    assert commands(drive()) == []


def test_visual_studio_is_found_without_a_developer_prompt(drive):
    root = drive(cl("14.38.33130"), f"{SDK}/Include/10.0.22621.0/ucrt/stdio.h")
    [candidate] = compilers_on_windows(ENVIRONMENT, root)
    variables = {name: value.replace("\\", "/") for name, value in candidate.environment}
    assert candidate.command == (str(root / cl("14.38.33130")),)
    assert f"{BUILD_TOOLS}/14.38.33130/include" in variables["INCLUDE"]
    assert f"{SDK}/Include/10.0.22621.0/ucrt" in variables["INCLUDE"]
    assert f"{BUILD_TOOLS}/14.38.33130/lib/x64" in variables["LIB"]
    assert f"{SDK}/Lib/10.0.22621.0/um/x64" in variables["LIB"]


def test_the_newest_tools_come_first_by_number_not_by_letter(drive):
    assert commands(drive(cl("14.9.1"), cl("14.38.2"))) == [cl("14.38.2"), cl("14.9.1")]


def test_the_newest_windows_sdk_is_used(drive):
    kits = [f"{SDK}/Include/10.0.{number}.0/ucrt/stdio.h" for number in (9600, 22621)]
    [candidate] = compilers_on_windows(ENVIRONMENT, drive(cl("14.38.2"), *kits))
    assert "10.0.22621.0" in dict(candidate.environment)["INCLUDE"]


def test_clang_cl_comes_before_cl_and_gets_the_same_variables(drive):
    root = drive(cl("14.38.2"), "Program Files/LLVM/bin/clang-cl.exe")
    clang, microsoft = compilers_on_windows(ENVIRONMENT, root)
    assert clang.command[0].endswith("clang-cl.exe")
    assert clang.environment == microsoft.environment


def test_clang_that_came_with_visual_studio_is_found(drive):
    inside = "Program Files (x86)/Microsoft Visual Studio/2022/BuildTools/VC/Tools/Llvm/x64/bin/clang-cl.exe"
    assert commands(drive(cl("14.38.2"), inside)) == [inside, cl("14.38.2")]


@pytest.mark.parametrize("place", [f"{place}.exe" for place in ("msys64/ucrt64/bin/g++", "mingw64/bin/clang++")])
def test_mingw_is_found(place, drive):
    assert commands(drive(place)) == [place]


def test_a_conda_environment_brings_its_own_mingw(drive):
    root = drive("Users/ada/miniforge3/Library/bin/g++.exe", "mingw64/bin/g++.exe")
    environment = {**ENVIRONMENT, "CONDA_PREFIX": r"C:\Users\ada\miniforge3"}
    assert commands(root, environment)[0] == "Users/ada/miniforge3/Library/bin/g++.exe"


def test_program_folders_in_another_place_are_followed(drive):
    tools = "Programme/Microsoft Visual Studio/2022/Community/VC/Tools/MSVC/14.38.2/bin/Hostx64/x64/cl.exe"
    assert commands(drive(tools), {"ProgramFiles": r"C:\Programme"}) == [tools]
