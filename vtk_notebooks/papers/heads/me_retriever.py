"""Me-Retriever at work: films of several events and sentences in a foreign tongue get to match."""

from pathlib import Path

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn.functional import normalize

from vtk_notebooks.arrays import generator
from vtk_notebooks.heads.key_events import KeyEvents
from vtk_notebooks.metrics.retrieval.multi_event import MultiEvent
from vtk_notebooks.objectives.multi_event import MultiEventLoss
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.papers.heads._planted import beside_blind
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import counted, run
from vtk_notebooks.tokens import Tokens

MECHANISMS = ("head:key_events", "objective:multi_event", "metric:multi_event")
TESTS = (
    "tests/heads/test_key_events.py",
    "tests/blocks/test_medoids.py",
    "tests/objectives/test_multi_event.py",
    "tests/metrics/retrieval/test_multi_event.py",
    "tests/oracles/test_mevtr.py",
    "tests/papers/heads/test_me_retriever.py",
)
DIFFERS = (
    "CLIP is not fine-tuned: films are read by ConSE, or made, and the loss trains one linear map "
    "from made sentences to made films. Retrieval is measured on made films of three events, not "
    "on ActivityNet Captions or Charades-Event."
)
EVENTS, WIDTH, TAU = 3, 32, 0.05


def corpus(films: int, seed: int) -> tuple[Float[Tensor, "v d"], Float[Tensor, "s d"]]:
    """What stands for made films of three events, and their sentences in other coordinates."""
    draw = generator(seed)
    tongue = torch.linalg.qr(torch.randn(WIDTH, WIDTH, generator=generator(0)))[0]
    films_, sentences = [], []
    for _ in range(films):
        events = normalize(torch.randn(EVENTS, WIDTH, generator=draw), dim=-1)
        lasts = torch.randint(2, 20, (EVENTS,), generator=draw)
        x = events.repeat_interleave(lasts, 0)
        x = x + 0.5 * normalize(torch.randn(x.shape, generator=draw), dim=-1)
        tokens = Tokens.from_grid(x[:, None, None], torch.arange(len(x)) / 1, space="made")
        films_.append(KeyEvents(events=2 * EVENTS).of(tokens, "made").features.mean(0))
        sentences.append(events @ tongue)
    return normalize(torch.stack(films_), dim=-1), torch.cat(sentences)


def retrieval(films: int = 48, steps: int = 150) -> dict[str, float]:
    """Held-out films before and after the map from sentences to films is trained."""
    known, unseen = corpus(4 * films, 1), corpus(films, 2)
    turn = torch.eye(WIDTH, requires_grad=True)
    optimiser = torch.optim.Adam([turn], 0.02)
    before = _scores(*unseen, turn)
    for _ in counted(steps, "training"):
        optimiser.zero_grad()
        MultiEventLoss()(_alike(*known, turn) / TAU, _true(4 * films))["total"].backward()
        optimiser.step()
    told = {f"{name}_before": value for name, value in before.items()}
    return told | {f"{name}_after": value for name, value in _scores(*unseen, turn).items()}


def demo(film: Path, query: str) -> Demo:
    """The moment made of whole events, planted ones beside blind answers, and retrieval."""
    done = run(Recipe((Part("conse"),), head=Part("key_events"), name="Me-Retriever"), film, query)
    fits = KeyEvents().fits(done.tokens, done.query)
    return demo_of(done, film_fits=fits, **beside_blind(KeyEvents()), **retrieval())


def _true(films: int) -> Bool[Tensor, "v s"]:
    number = torch.arange(films)
    return number[:, None] == number.repeat_interleave(EVENTS)


def _alike(films: Tensor, sentences: Tensor, turn: Tensor) -> Float[Tensor, "v s"]:
    return films @ normalize(sentences @ turn, dim=-1).T


@torch.no_grad()
def _scores(films: Tensor, sentences: Tensor, turn: Tensor) -> dict[str, float]:
    numbers = MultiEvent()(_alike(films, sentences, turn).numpy(), _true(len(films)).numpy())
    return {
        "v2t_hit_at_5_share": float(numbers["v2t hit@5"]),
        "t2v_hit_at_1_share": float(numbers["t2v hit@1"]),
    }
