"""A tile for every system, in its family's row and its year's column, filled where it works."""

import matplotlib.colors as mc
import pytest
from matplotlib.patches import Rectangle

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import atlas_map
from vtk_notebooks.figures.numbers.atlas_map import LOOKS


def system(family, year, status="planned"):
    return {"family": family, "year": year, "status": status}


SYSTEMS = [
    system("heads", 2015, "working"),
    system("heads", 2020),
    system("heads", 2024, "working"),
    system("memory", 2024),
]


def tiles(fig):
    found = [p for p in fig.axes[0].patches if isinstance(p, Rectangle)]
    return [(round(p.get_y(), 2), round(p.get_x(), 2), mc.to_hex(p.get_facecolor())) for p in found]


def test_a_system_is_a_tile_and_filled_where_it_works():
    drawn = tiles(atlas_map(SYSTEMS))
    assert len(drawn) == len(SYSTEMS)
    green = mc.to_hex(LOOKS["working"]["facecolor"])
    assert [colour == green for _, _, colour in drawn] == [True, False, True, False]


def test_families_are_rows_and_years_are_columns():
    early, early_too, late, other = tiles(atlas_map(SYSTEMS))
    assert early[0] == early_too[0] == late[0] < other[0]
    assert early[1] < early_too[1] < late[1] == other[1]


def test_rows_say_how_many_work():
    said = [t.get_text() for t in atlas_map(SYSTEMS).axes[0].texts]
    assert {"2 of 3", "0 of 1", "≤ 2020", "2024"} <= set(said)


def test_nothing_sticks_out_of_the_page():
    fig = atlas_map(SYSTEMS * 8, width_mm=120.0)
    assert all(0 <= x < 120 - 8 for _, x, _ in tiles(fig))


def test_no_system_is_no_map():
    with pytest.raises(VtkError, match="one or more systems"):
        atlas_map([])
