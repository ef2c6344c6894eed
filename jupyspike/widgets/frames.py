"""When a frame may be sent. Nothing is ever queued: a frame is made at the moment it may go, from the newest state."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class FramePacer:
    """Decides when the next frame may be sent.

    A frame waits for four things: the time between two frames, the bytes that the last ones took from the share of the
    connection, the time that drawing takes from the run, and the browser's word that it has painted the previous one.
    When that word does not come (the page is hidden, closed, or was never there) a frame goes out now and then all the
    same, so that a page that comes back is soon up to date.

    Parameters
    ----------
    interval : float
        Seconds between frames at least.
    bytes_per_second : float
        Share of the connection that frames may take on average.
    share : float
        Of the time that drawing may take, as long as there are frames each ``slowest`` seconds.
    slowest : float
        Seconds that costly frames wait for each other at most.
    silence : float
        Seconds after which an unacknowledged frame no longer holds back the next one.
    """

    interval: float = 0.05
    bytes_per_second: float = 450_000.0
    share: float = 0.03
    slowest: float = 0.2
    silence: float = 1.0

    number: int = 0
    """Number of the newest frame that was sent."""
    acknowledged: int = 0
    """Number of the newest frame that a browser has painted."""
    _sent_at: float = float("-inf")
    _free_at: float = float("-inf")

    def delay(self, now: float) -> float:
        """Seconds until a frame may go; 0 when it may go now."""
        if self.acknowledged >= self.number:
            return max(0.0, self._free_at - now)
        return max(0.0, self._free_at - now, self._sent_at + self.silence - now)

    def sent(self, now: float, size: int, cost: float = 0.0) -> int:
        """Note that a frame of ``size`` bytes goes out, which took ``cost`` seconds to draw; returns its number."""
        self.number += 1
        self._sent_at = now
        self._free_at = now + max(self.interval, size / self.bytes_per_second, min(self.slowest, cost / self.share))
        return self.number

    def acknowledge(self, number: int) -> None:
        """Note that a browser has painted frame ``number``."""
        self.acknowledged = max(self.acknowledged, number)

    def restart(self) -> None:
        """Forget what is outstanding: a page has just appeared and waits for its first frame."""
        self.acknowledged = self.number
        self._free_at = float("-inf")
