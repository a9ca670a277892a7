"""The papers' own formulas, and what they leave of real annotations."""

from dataclasses import replace

import pytest

from vtk_notebooks import Moment
from vtk_notebooks.metrics.moments.recall import best_ious, mean_iou
from vtk_notebooks.timecodecs import PercentText, RelativeTokens, SpanTokens

CODECS = {
    "grounded_videollm_300": RelativeTokens.grounded_videollm(),
    "lita_100": RelativeTokens(n=100, decimals=2, clamp=False),
    "vid2seq_100": replace(RelativeTokens.vid2seq(), clamp=False),
    "omnivid_100": SpanTokens.omnivid(),
    "vtimellm": PercentText(),
}
DECODED = {
    "grounded_dec": RelativeTokens.grounded_videollm(),
    "lita_dec": RelativeTokens.lita(),
    "vid2seq_dec": RelativeTokens.vid2seq(),
}


@pytest.mark.parametrize("name", CODECS)
def test_times_encode_as_in_the_authors_code(name, oracle):
    for row in oracle("reference_values/time_codecs.json")["rows"]:
        [k] = CODECS[name].encode(row["t"], row["d"])
        assert k == int(row[name]), row


@pytest.mark.parametrize("name", DECODED)
def test_symbols_decode_as_in_the_authors_code(name, oracle):
    codec = DECODED[name]
    for row in oracle("reference_values/time_codecs.json")["rows"]:
        if row["t"] > row["d"]:  # theirs may leave the film
            continue
        assert codec.decode(codec.encode(row["t"], row["d"]), row["d"]) == pytest.approx(row[name])


def test_two_words_are_read_as_in_omnivids_code(oracle):
    for names, expected in oracle("reference_values/time_codecs.json")["omnivid_pairs"].items():
        a, b, d = map(int, names.split(","))
        assert SpanTokens.omnivid().decode_span((a, b), d) == tuple(expected)


@pytest.mark.parametrize(
    ("codec", "measured", "gained"),
    [
        (RelativeTokens.grounded_videollm(), 98.84, 0.0),
        (RelativeTokens(n=100, rounding="floor"), 96.52, 0.05),  # marks' own times are forgiven
        (RelativeTokens(n=100), 98.23, 0.0),
    ],
)
def test_real_moments_survive_encoding_as_well_as_was_measured(codec, measured, gained, oracle):
    films = oracle("charades_sta/charades_test_with_durations.json").values()
    truths, answers = [], []
    for film in films:
        d = film["duration"]
        for start_s, end_s in film["timestamps"]:
            ids = codec.encode_span(start_s, end_s, d)
            back = sorted(codec.decode([k], d) for k in ids)
            truths.append([Moment(float(start_s), float(end_s))])
            answers.append([Moment(*back)] if back[0] < back[1] else [])
    assert len(truths) == 3720
    ceiling = mean_iou(best_ious(answers, truths))
    assert ceiling == pytest.approx(measured + gained, abs=0.006)
