"""The words that JupyterLab highlights, from the tables of the engine and of the cells.

    python tests/jupyspike/labextension/words_file.py

writes ``jupyspike/labextension/static/words.js``; ``make words`` does it.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from pathlib import Path

from jupyspike.magics.keys import KEYS
from jupyspike.magics.words import SPECIAL, method_words
from jupyspike_engine.language.flags import FLAGS
from jupyspike_engine.language.functions import FUNCTIONS
from jupyspike_engine.language.names import CONSTANTS
from jupyspike_engine.units import UNITS

PLACE = Path(__file__).parents[3] / "jupyspike" / "labextension" / "static" / "words.js"
HEAD = "// Written by `make words` from the tables of the language in Python; a test tells when it is out of date.\n"


def words_file() -> str:
    """The file as it should be."""
    lists = {
        "KEYS": KEYS, "FUNCTIONS": FUNCTIONS, "CONSTANTS": CONSTANTS, "NAMES": SPECIAL, "FLAGS": FLAGS,
        "METHODS": [word.text for word in method_words()], "UNITS": UNITS,
    }  # fmt: skip
    return HEAD + "".join(f"\nexport const {name} = {_array(words)};\n" for name, words in lists.items())


def _array(words: Iterable[str]) -> str:
    text = textwrap.fill(json.dumps([*words])[1:-1], 116, initial_indent="  ", subsequent_indent="  ")
    return f"[\n{text},\n]"


if __name__ == "__main__":
    PLACE.write_text(words_file(), encoding="utf-8")
