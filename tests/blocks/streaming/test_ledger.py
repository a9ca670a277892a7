import pytest
import torch

from vtk_notebooks.blocks.streaming.ledger import Ledger, Piece, held_bytes
from vtk_notebooks.blocks.streaming.pooling import pooling
from vtk_notebooks.errors import VtkError
from vtk_notebooks.tokens import Tokens


def film(t=4, h=2, w=2):
    return Tokens.from_grid(torch.randn(t, h, w, 3), torch.arange(t) / 2)


def test_merging_in_rounds_gives_the_shares_of_merging_at_once():
    ledger = Ledger("test")
    for number, _ in ledger.enter(film(), 0.0):
        if number == 0:
            ledger.join("sum", [0])
        else:
            ledger.merge("sum", torch.tensor([[number / (number + 1), 1 / (number + 1)]]), [number])
    assert ledger.rows("sum").tolist() == [pytest.approx([0.25] * 4)]


def test_looking_at_what_would_be_noted_notes_nothing():
    ledger = Ledger("test")
    list(ledger.enter(film(), 0.0))
    ledger.join("kept", [0])
    assert ledger.merged("kept", torch.tensor([[0.5, 0.5]]), [3]).tolist() == [[0.5, 0, 0, 0.5]]
    assert ledger.rows("kept").tolist() == [[1, 0, 0, 0]]


def test_a_frame_is_noted_when_it_is_handed_out():
    ledger = Ledger("test")
    assert [len(ledger) for _ in ledger.enter(film(), 5.0)] == [1, 2, 3, 4]
    assert ledger.times_s == [5, 5.5, 6, 6.5]


def test_a_piece_has_its_part_of_each_cell_of_each_frame():
    ledger = Ledger("test")
    list(ledger.enter(film(), 0.0))
    whole = Piece(
        torch.ones(1, 3), torch.tensor([1, 3]), torch.tensor([0.25, 0.75]), pooling((2, 2), 1)
    )
    alone = Piece.of(torch.ones(4, 3), 2, pooling((2, 2), 2))
    out = ledger.tokens([whole, alone], "mean")
    assert out.edges.tolist()[:8] == [[0, c] for c in (4, 5, 6, 7, 12, 13, 14, 15)]
    assert out.share.tolist()[:8] == [0.0625] * 4 + [0.1875] * 4
    assert out.edges.tolist()[8:] == [[1 + c, 8 + c] for c in range(4)]
    assert out.duration_s == 2.0


def test_times_that_do_not_rise_inside_a_chunk_are_refused():
    tokens = film()
    tokens.times_s[2] = tokens.times_s[1]
    with pytest.raises(VtkError, match=r"a time after 0\.5 s, got 0\.5 s"):
        Ledger("test").enter(tokens, 0.0)


def test_what_is_held_is_counted_without_the_ledger_and_the_weights():
    class Holder:
        def __init__(self):
            self.ledger, self.net = Ledger("test"), torch.nn.Linear(9, 9)
            self.x, self.more = torch.zeros(2, 3), [(torch.zeros(5), 1), {"a": torch.zeros(1)}]

    holder = Holder()
    list(holder.ledger.enter(film(), 0.0))
    assert held_bytes(holder) == 4 * (6 + 5 + 1)


@pytest.mark.parametrize(
    ("cells", "side", "m"), [((16, 16), 4, 16), ((3, 5), 4, 12), ((2, 2), 1, 1)]
)
def test_pooling_takes_each_cell_at_least_once(cells, side, m):
    shares = pooling(cells, side)
    assert shares.shape == (m, cells[0] * cells[1])
    torch.testing.assert_close(shares.sum(1), torch.ones(m))
    assert (shares.sum(0) > 0).all()
