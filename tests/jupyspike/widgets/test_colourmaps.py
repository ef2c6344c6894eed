"""The colours of maps, as eyes of all kinds see them, on light and on dark pages."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from jupyspike.widgets.colourmaps import MAPS, SHAPES
from jupyspike.widgets.plots import ON_DARK, PALETTE, greyed

BLINDNESS = {  # Machado, Oliveira and Fernandes 2009, IEEE Trans Vis Comput Graph 15: 1291; of linear red, green, blue
    "none": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
D65 = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colours):
    rgb = np.array([to_rgb(colour) for colour in colours])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """CIELAB, in which a distance of about 2 can just be seen."""
    xyz = np.clip(rgb, 0, 1) @ D65.T / D65.sum(axis=1)
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


@pytest.mark.parametrize("kind", MAPS)
def test_a_map_has_a_colour_for_each_level_and_none_for_nothing(kind):
    assert len(MAPS[kind]) == 256 and MAPS[kind][0] == "#00000000"


@pytest.mark.parametrize("kind", MAPS)
@pytest.mark.parametrize("eye", BLINDNESS)
def test_levels_apart_are_colours_apart_with_every_colour_blindness(kind, eye):
    seen = lab(linear(MAPS[kind][1:]) @ np.transpose(BLINDNESS[eye]))
    apart = np.linalg.norm(seen[:, None] - seen[None], axis=2)
    far = np.abs(np.subtract.outer(np.arange(255), np.arange(255))) >= 32  # an eighth of the scale
    assert apart[far].min() > 5


def test_lightness_falls_to_both_sides_of_the_middle_alike():
    lightness = lab(linear(MAPS["diverging"][1:]))[:, 0]
    below, above = lightness[127::-1], lightness[127:]
    assert (np.diff(below) < 0).all() and (np.diff(above) < 0).all()
    assert np.abs(below - above).max() < 8
    red, _, blue = to_rgb(MAPS["diverging"][128])
    assert red == blue


def test_lightness_rises_from_low_to_high():
    assert (np.diff(lab(linear(MAPS["sequential"][1:]))[:, 0]) > -0.1).all()  # colours are whole numbers


def contrast(colours, page):
    """Of each colour with that of a page, as WCAG 2 has it."""
    seen, ground = (linear(part) @ LUMINANCE + 0.05 for part in (colours, [page]))
    return np.maximum(seen, ground) / np.minimum(seen, ground)


@pytest.mark.parametrize("page", ["#ffffff", "#111111"])
@pytest.mark.parametrize("kind", MAPS)
def test_no_colour_vanishes_on_the_page(kind, page):
    assert contrast(MAPS[kind][1:], page).min() > 1.2


@pytest.mark.parametrize("page", ["#ffffff", "#111111"])
def test_a_cell_at_rest_is_well_seen_on_the_page(page):
    assert contrast(SHAPES[1:32], page).min() > 3.0  # what WCAG 2 wants of graphical objects


@pytest.mark.parametrize("page", ["#ffffff", "#111111"])
@pytest.mark.parametrize("eye", BLINDNESS)
def test_the_grey_of_an_earlier_run_is_neither_the_colour_of_the_present_one_nor_that_of_the_page(page, eye):
    colours = list(PALETTE) if page == "#ffffff" else [ON_DARK[colour] for colour in PALETTE]
    greys = [greyed(colour) if page == "#ffffff" else ON_DARK[greyed(colour)] for colour in PALETTE]
    assert contrast(greys, page).min() > 1.9
    above, beneath = (lab(linear(part) @ np.transpose(BLINDNESS[eye])) for part in (colours, greys))
    assert np.linalg.norm(above - beneath, axis=1).min() > (30 if eye == "none" else 12)
