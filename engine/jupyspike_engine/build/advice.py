"""How to install a C++ compiler on the machine at hand."""

from __future__ import annotations

import re
import sys
from pathlib import Path

_BY_SYSTEM = {
    "debian": "sudo apt install g++",
    "ubuntu": "sudo apt install g++",
    "fedora": "sudo dnf install gcc-c++",
    "rhel": "sudo dnf install gcc-c++",
    "suse": "sudo zypper install gcc-c++",
    "arch": "sudo pacman -S gcc",
    "alpine": "sudo apk add g++",
}
_CONDA = "conda install -c conda-forge cxx-compiler"
_VISUAL_STUDIO = (
    'install "Build Tools for Visual Studio" from https://visualstudio.microsoft.com/downloads/ '
    'and choose "Desktop development with C++"'
)


def how_to_get_a_compiler() -> str:
    """What to do on this machine, one way a line, the simplest first."""
    try:
        os_release = Path("/etc/os-release").read_text(encoding="utf-8", errors="replace")
    except OSError:
        os_release = ""
    return "\n".join(ways_to_get_a_compiler(sys.platform, os_release, (Path(sys.prefix) / "conda-meta").is_dir()))


def ways_to_get_a_compiler(platform: str, os_release: str, in_conda: bool) -> tuple[str, ...]:
    """Ways to install a compiler on a platform (``sys.platform``), given the text of ``/etc/os-release``.

    Examples
    --------
    >>> ways_to_get_a_compiler("linux", "ID=debian", in_conda=False)
    ('sudo apt install g++',)
    """
    if platform == "darwin":
        ways = ["xcode-select --install"]
    elif platform == "win32":
        ways = [_VISUAL_STUDIO]
    else:
        ways = [_on_linux(os_release)]
    return (_CONDA, *ways) if in_conda else tuple(ways)


def how_to_get_the_headers_of_python() -> str:
    """What to do where there is no Python.h."""
    return "install the headers of Python (on Debian: sudo apt install python3-dev)"


def _on_linux(os_release: str) -> str:
    fields = dict(re.findall(r'^(ID|ID_LIKE)="?([^"\n]*)"?$', os_release, flags=re.MULTILINE))
    for name in f"{fields.get('ID', '')} {fields.get('ID_LIKE', '')}".split():
        for system, command in _BY_SYSTEM.items():
            if system in name:
                return command
    return "install g++ or clang with the package manager of this system"
