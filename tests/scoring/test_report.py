import json
import math

from vtk_notebooks.scoring import Report
from vtk_notebooks.statistics import Estimate

HALF = Estimate.mean([True, False], scale=100)
REPORT = Report(
    "toy",
    "strict",
    {"all": {"R1@0.5": HALF, "odd": math.nan}, "n": 2},
    2,
    beside={"whole film": {"all": {"R1@0.5": 25.0}}},
    unread=Estimate.mean([True, False, False, False], scale=100),
    notes=("1 query has no prediction",),
)


def test_json_holds_published_names_and_says_what_it_is_about():
    told = json.loads(REPORT.json())
    assert told["all"] == {"R1@0.5": 50, "odd": None}
    assert told["about"]["intervals"]["all R1@0.5"] == list(HALF.interval)
    assert told["about"]["beside"]["whole film"]["all"]["R1@0.5"] == 25
    assert told["about"]["unread_percent"] == 25
    assert told["about"]["notes"] == ["1 query has no prediction"]


def test_the_table_shows_intervals_blind_answers_and_what_could_not_be_read():
    head, columns, row, *_, note = REPORT.table().splitlines()
    assert "2 scored" in head
    assert "25.0 % of the responses" in head
    assert columns.split() == ["value", "95", "%", "whole", "film"]
    assert row.split() == ["all", "R1@0.5", "50", "9.453", "to", "90.55", "25"]
    assert note == "note: 1 query has no prediction"
