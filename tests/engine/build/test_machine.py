"""What is told of the processor."""

from pathlib import Path

from jupyspike_engine.build.machine import linux_processor, processor, processor_name

X86 = """processor\t: 0
vendor_id\t: GenuineIntel
model name\t: Example CPU @ 2.00GHz
cpu MHz\t\t: {clock}
flags\t\t: fpu sse2 avx2{more}

processor\t: 1
vendor_id\t: GenuineIntel
"""


def described(folder: Path, clock: str = "1996.2", more: str = "") -> str:
    (folder / "cpuinfo").write_text(X86.format(clock=clock, more=more))
    return linux_processor(folder / "cpuinfo")


def test_the_name_and_the_instruction_sets_are_told(tmp_path):
    told = described(tmp_path)
    assert "Example CPU" in told
    assert "avx2" in told


def test_another_instruction_set_is_another_processor(tmp_path):
    assert described(tmp_path) != described(tmp_path, more=" avx512f")


def test_the_momentary_clock_rate_is_left_out(tmp_path):
    assert described(tmp_path) == described(tmp_path, clock="800.0")


def test_the_instruction_sets_of_arm_are_told(tmp_path):
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nFeatures\t: fp asimd sve\nCPU part\t: 0xd0c\n")
    assert linux_processor(tmp_path / "cpuinfo") == "Features : fp asimd sve; CPU part : 0xd0c"


def test_a_system_that_does_not_tell_the_instruction_sets_tells_nothing(tmp_path):
    assert linux_processor(tmp_path / "missing") == ""
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nmodel name\t: hidden\n")
    assert linux_processor(tmp_path / "cpuinfo") == ""


def test_this_machine_has_a_name():
    assert processor()
    assert processor_name()
