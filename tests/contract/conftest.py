"""Makes the modules of this folder importable."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # with importmode=importlib pytest adds no folders
