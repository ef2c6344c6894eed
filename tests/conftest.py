"""What holds for all tests: built programs stay apart from the user's, and nothing is timed."""

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# What a shell runs in the background ignores interrupts, and so would processes that tests begin and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def programs_of_tests(pytestconfig: pytest.Config) -> Iterator[None]:
    """Programs are kept from one run of the tests to the next, in pytest's own cache directory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYSPIKE_CACHE_DIR", str(pytestconfig.cache.mkdir("programs")))
        patch.delenv("JUPYSPIKE_CACHE_LIMIT_MB", raising=False)
        yield
