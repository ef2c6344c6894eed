"""``plain_loop.py growth SIZE...``: a loop in C++ that does to memory what a CUBA network does, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

from measured import Measures

measures = Measures()
source = Path(__file__).with_suffix(".cpp")
subprocess.run([os.environ.get("CXX", "g++"), "-O3", "-march=native", str(source), "-o", "plain_loop"], check=True)
for size in sys.argv[2:]:
    for _ in range(5):
        answer = subprocess.run(["./plain_loop", size], check=True, capture_output=True, text=True).stdout.split()
        measures.add(f"neurons {size}", float(answer[0]), "ns")
        measures.add(f"synapses {size}", float(answer[1]), "ns")
measures.hand_over()
