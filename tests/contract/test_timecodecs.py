"""What every registered time code promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment, build, names
from vtk_notebooks.protocols import TimeCodec

EVERY = pytest.mark.parametrize("name", names("timecodec"))
DURATIONS = st.floats(0.1, 1e5)
PARTS = st.floats(0, 1)


@EVERY
def test_it_keeps_the_protocol(name):
    codec = build("timecodec", name)
    assert isinstance(codec, TimeCodec)
    assert len(set(codec.vocab)) == len(codec.vocab)


@EVERY
@given(part=PARTS, duration_s=DURATIONS)
def test_a_time_comes_back_within_the_bound(name, part, duration_s):
    codec, t_s = build("timecodec", name), part * duration_s
    back = codec.decode(codec.encode(t_s, duration_s), duration_s)
    assert back is not None
    assert abs(back - t_s) <= codec.max_error_s(duration_s) * (1 + 1e-6)
    assert 0 <= back <= duration_s


@EVERY
@given(part=PARTS, duration_s=DURATIONS)
def test_a_decoded_time_encodes_to_the_same_symbols(name, part, duration_s):
    codec = build("timecodec", name)
    ids = codec.encode(part * duration_s, duration_s)
    assert codec.encode(codec.decode(ids, duration_s), duration_s) == ids


@EVERY
@given(a=PARTS, b=PARTS, duration_s=DURATIONS)
def test_later_times_never_decode_to_earlier_ones(name, a, b, duration_s):
    codec = build("timecodec", name)
    early, late = (
        codec.decode(codec.encode(part * duration_s, duration_s), duration_s)
        for part in sorted((a, b))
    )
    assert early <= late


@EVERY
@given(beyond=st.floats(0, 1e6), duration_s=DURATIONS)
def test_times_outside_the_film_become_its_ends(name, beyond, duration_s):
    codec = build("timecodec", name)
    assert codec.encode(duration_s + beyond, duration_s) == codec.encode(duration_s, duration_s)
    assert codec.encode(-beyond, duration_s) == codec.encode(0.0, duration_s)


@EVERY
@given(a=PARTS, b=PARTS, duration_s=DURATIONS)
def test_a_written_span_is_read_again(name, a, b, duration_s):
    codec = build("timecodec", name)
    start_s, end_s = sorted((a * duration_s, b * duration_s))
    text = f"It happens {codec.render(codec.encode_span(start_s, end_s, duration_s))}, I think."
    [moment] = codec.parse(text, duration_s)
    assert isinstance(moment, Moment)
    bound = 2 * codec.max_error_s(duration_s) * (1 + 1e-6)  # equal symbols are opened a little
    assert abs(moment.start_s - start_s) <= bound
    assert abs(moment.end_s - end_s) <= bound
    assert moment.end_s <= duration_s


@EVERY
@given(text=st.text(), duration_s=DURATIONS, ids=st.lists(st.integers(), max_size=4))
def test_whatever_a_model_writes_nothing_is_raised(name, text, duration_s, ids):
    codec = build("timecodec", name)
    assert all(m.end_s <= duration_s for m in codec.parse(text, duration_s))
    codec.decode(ids, duration_s)


@EVERY
@given(data=st.data(), duration_s=DURATIONS)
def test_symbols_in_any_order_among_any_text_are_read_without_complaint(name, data, duration_s):
    codec = build("timecodec", name)
    pieces = st.one_of(st.sampled_from(codec.vocab), st.text(max_size=5), st.just("99999999999"))
    text = "".join(data.draw(st.lists(pieces, max_size=9)))
    assert all(0 <= m.start_s < m.end_s <= duration_s for m in codec.parse(text, duration_s))
