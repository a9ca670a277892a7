"""Words: all that vtk-tiny can read and say, one token each.

The clock labels that stand in front of each group of frames ("<3.2 seconds>") become one token per
whole second: the model's clock has 16, whatever the length of the film. Answers say when with 100
relative time tokens, as LITA does.
"""

from typing import Any

from vtk_notebooks.timecodecs.relative_tokens import RelativeTokens
from vtk_notebooks.video.synth.scene import COLOURS, FORMS, GROUNDS, MOTIONS

CLOCK_S = 16.0
"""Seconds on the model's own clock; a film is stretched to it."""

TIME = RelativeTokens.lita()
"""How moments are said."""

SPECIAL = (
    "<|pad|>",
    "<|unk|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|image_pad|>",
    "<|video_pad|>",
)

PLAIN = (
    "user assistant describe the film . , ? a an is are there in when does what happens at which "
    "way how many things appear of colour shape first last comes before after and or nothing yes "
    "no move it moves stands still left right up down stand on ground then thing"
)
"""Words of questions and answers, one after the other."""

NUMBERS = tuple(str(n) for n in range(10))


def vocabulary() -> list[str]:
    """Every token, in the order of its number."""
    said = [word for text in MOTIONS.values() for word in text.split()]
    known = [
        *PLAIN.split(),
        *said,
        *COLOURS,
        *FORMS,
        *(f"{form}s" for form in FORMS),
        *GROUNDS,
        *NUMBERS,
    ]
    labels = [f"<{second} seconds>" for second in range(int(CLOCK_S))]
    return list(dict.fromkeys([*SPECIAL, *known, *labels, *TIME.vocab]))


def tokenizer() -> Any:
    """The tokenizer, as transformers saves and loads it."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    numbered = {word: number for number, word in enumerate(vocabulary())}
    made = Tokenizer(models.WordLevel(numbered, unk_token="<|unk|>"))  # noqa: S106
    made.normalizer = normalizers.Sequence(
        [normalizers.Lowercase(), normalizers.Replace(Regex(r"\.[0-9]+ seconds>"), " seconds>")]
    )
    pieces = Regex(r"<[^<>]*>|[a-z0-9]+|[^\sa-z0-9<>]")
    made.pre_tokenizer = pre_tokenizers.Split(pieces, "removed", invert=True)
    made.add_special_tokens(list(SPECIAL))
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token="<|pad|>",  # noqa: S106
        unk_token="<|unk|>",  # noqa: S106
        eos_token="<|im_end|>",  # noqa: S106
        clean_up_tokenization_spaces=False,
    )
