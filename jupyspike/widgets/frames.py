"""When a frame may be sent. Nothing is ever queued: a frame is made at the moment it may go, from the newest state."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class FramePacer:
    """Decides when the next frame may be sent.

    A frame waits for five things: the time between two frames, the bytes that the last ones took from the share of the
    connection, the time that drawing takes from the run, the browser's word that it has painted the previous one, and
    the time that the page needs for other things: its painting takes processors from the run too, and a hand on a
    slider must not wait for it. When that word does not come (the page is hidden, closed, or was never there) a frame
    goes out now and then all the same, so that a page that comes back is soon up to date.

    Parameters
    ----------
    interval : float
        Seconds between frames at least.
    bytes_per_second : float
        Share of the connection that frames may take on average.
    share, page_share : float
        Of the time of the run that drawing may take (the kernel's messages about it take as much again), and of the
        page's that painting may, as long as there are frames each ``slowest`` seconds.
    slowest : float
        Seconds that costly frames wait for each other at most.
    silence : float
        Seconds after which an unacknowledged frame no longer holds back the next one.
    """

    interval: float = 0.05
    bytes_per_second: float = 450_000.0
    share: float = 0.01
    page_share: float = 0.4
    slowest: float = 1 / 3
    silence: float = 1.0

    number: int = 0
    """Number of the newest frame that was sent."""
    acknowledged: int = 0
    """Number of the newest frame that a browser has painted."""
    _sent_at: float = float("-inf")
    _through_at: float = float("-inf")  # when the connection has had the time for the newest frame
    _free_at: float = float("-inf")

    def delay(self, now: float) -> float:
        """Seconds until a frame may go; 0 when it may go now."""
        if self.acknowledged >= self.number:
            return max(0.0, self._free_at - now)
        return max(0.0, self._free_at - now, self._sent_at + self.silence - now)

    def sent(self, now: float, size: int, cost: float = 0.0) -> int:
        """Note that a frame of ``size`` bytes goes out, which took ``cost`` seconds of the run; returns its number."""
        self.number += 1
        self._sent_at = now
        self._through_at = now + max(self.interval, size / self.bytes_per_second)
        self._free_at = max(self._through_at, now + min(self.slowest, cost / self.share))
        return self.number

    def acknowledge(self, number: int, took: float = 0.0) -> None:
        """Note that a browser has painted frame ``number``, ``took`` seconds after it came."""
        self.acknowledged = max(self.acknowledged, number)
        if number == self.number:
            self._free_at = max(self._free_at, self._sent_at + min(self.slowest, took / self.page_share))

    def hurry(self) -> None:
        """Let the next frame go as soon as the last one is painted: a hand waits for it."""
        self._free_at = self._through_at

    def restart(self) -> None:
        """Forget what is outstanding: a page has just appeared and waits for its first frame."""
        self.acknowledged = self.number
        self._free_at = float("-inf")
