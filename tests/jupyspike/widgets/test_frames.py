"""When a frame may go."""

import pytest

from jupyspike.widgets.frames import FramePacer


def test_the_first_frame_goes_at_once():
    assert FramePacer().delay(now=0.0) == 0.0


def test_at_most_twenty_frames_a_second():
    pacer = FramePacer()
    pacer.acknowledge(pacer.sent(now=0.0, size=10))
    assert pacer.delay(now=0.02) > 0.029
    assert pacer.delay(now=0.051) == 0.0


def test_large_frames_wait_until_their_bytes_are_through():
    pacer = FramePacer(bytes_per_second=100_000)
    pacer.acknowledge(pacer.sent(now=0.0, size=50_000))
    assert pacer.delay(now=0.4) > 0
    assert pacer.delay(now=0.5) == 0


def test_an_unacknowledged_frame_holds_back_the_next():
    pacer = FramePacer(silence=1.0)
    number = pacer.sent(now=0.0, size=10)
    assert pacer.delay(now=0.5) > 0
    pacer.acknowledge(number)
    assert pacer.delay(now=0.5) == 0


def test_a_large_frame_is_not_followed_before_its_bytes_are_through_though_nobody_answers():
    pacer = FramePacer(bytes_per_second=100_000, silence=1.0)
    pacer.sent(now=0.0, size=300_000)
    assert pacer.delay(now=1.5) == pytest.approx(1.5)


def test_without_a_browser_frames_go_at_a_low_rate():
    pacer = FramePacer(silence=1.0)
    now, times = 0.0, []
    while now < 10:
        if pacer.delay(now) == 0:
            pacer.sent(now, size=10)
            times.append(now)
        now += 0.05
    assert len(times) == 10


def test_an_old_acknowledgement_says_nothing_about_the_newest_frame():
    pacer = FramePacer()
    first = pacer.sent(now=0.0, size=10)
    pacer.sent(now=1.0, size=10)
    pacer.acknowledge(first)
    assert pacer.delay(now=1.5) > 0


def test_of_two_pages_the_slower_one_holds_back_nothing():
    pacer = FramePacer(interval=0.05)
    first, newest = pacer.sent(now=0.0, size=10), pacer.sent(now=1.0, size=10)
    pacer.acknowledge(newest, took=0.01)
    pacer.acknowledge(first, took=1.1)
    assert pacer.delay(now=1.0) == pytest.approx(0.05)
    assert pacer.delay(now=1.06) == 0


def test_a_page_that_has_just_appeared_waits_for_nothing():
    pacer = FramePacer()
    pacer.sent(now=0.0, size=10**6)
    pacer.restart()
    assert pacer.delay(now=0.01) == 0


def test_frames_that_are_costly_to_draw_come_less_often():
    pacer = FramePacer(interval=0.05, share=0.05, slowest=0.2)
    for cost, expected in ((0.001, 0.05), (0.005, 0.1), (0.5, 0.2)):
        pacer.acknowledge(pacer.sent(10.0, size=10, cost=cost))
        assert pacer.delay(10.0) == pytest.approx(expected)


def test_a_page_has_time_for_other_things_than_painting():
    pacer = FramePacer(interval=0.05, page_share=0.4, slowest=0.25)
    for took, expected in ((0.01, 0.05), (0.06, 0.15), (3.0, 0.25)):
        pacer.acknowledge(pacer.sent(10.0, size=10), took)
        assert pacer.delay(10.0) == pytest.approx(expected)


def test_for_a_hand_a_frame_waits_only_for_the_connection():
    pacer = FramePacer(bytes_per_second=100_000)
    number = pacer.sent(now=0.0, size=12_000, cost=1.0)
    pacer.hurry()
    assert pacer.delay(now=0.11) > 0  # the last one is not painted
    pacer.acknowledge(number, 0.1)
    pacer.hurry()
    assert pacer.delay(now=0.11) == pytest.approx(0.01)
    assert pacer.delay(now=0.12) == 0
