"""The model's own way: token ids with placeholders and pixels, as transformers documents it."""

import torch


def given(model, clip, question):
    """Inputs of the model's own forward pass."""
    return globals()[f"_{model.record.model_type}"](model, clip, question)


def logits(model, clip, question):
    """Of every position of the prompt."""
    with torch.no_grad():
        return model.model(**given(model, clip, question)).logits[0]


def generate(model, clip, question, most):
    """Ids that `generate` adds, greedily."""
    inputs = given(model, clip, question)
    out = model.model.generate(**inputs, max_new_tokens=most, do_sample=False)
    return out[0, inputs["input_ids"].shape[1] :].tolist()


def _ids(model, question, run):
    text = model.template(question).replace(model.placeholder, run)
    ids = model.tokenizer(text, add_special_tokens=False, return_tensors="pt")["input_ids"]
    return {"input_ids": ids, "attention_mask": torch.ones_like(ids)}


def _llava_onevision(model, clip, question):
    from vtk_notebooks.models.prepare import Preparation

    pixels = Preparation.of(model.settings, 32)(clip.frames)[None]
    run = model.placeholder * (len(clip) * 2 * 2 + 1)
    return {**_ids(model, question, run), "pixel_values_videos": pixels}


def _qwen2_5_vl(model, clip, question):
    pixels, grid = model.pixels(clip)
    inputs = _ids(model, question, model.placeholder * (int(grid.prod()) // 4))
    video = model.model.config.video_token_id
    return {
        **inputs,
        "pixel_values_videos": pixels,
        "video_grid_thw": grid,
        "mm_token_type_ids": 2 * (inputs["input_ids"] == video).long(),
        "second_per_grid_ts": torch.tensor([2.0]),
    }


def _qwen2_vl(model, clip, question):
    inputs = _qwen2_5_vl(model, clip, question)
    inputs.pop("second_per_grid_ts")
    return inputs


def _frames(model, clip):
    from vtk_notebooks.models.prepare import Preparation

    plain = {**model.settings, "size": {"height": 32, "width": 32}}
    return Preparation.of(plain, 32)(clip.frames)


def _llava_next_video(model, clip, question):
    run = model.placeholder * (len(clip) * 2 * 2)
    return {**_ids(model, question, run), "pixel_values_videos": _frames(model, clip)[None]}


def _video_llava(model, clip, question):
    run = model.placeholder * (len(clip) * 17)
    return {**_ids(model, question, run), "pixel_values_videos": _frames(model, clip)[None]}


def _internvl(model, clip, question):
    run = "\n".join(f"Frame{i + 1}: <img>{'<IMG_CONTEXT>' * 4}</img>" for i in range(len(clip)))
    return {**_ids(model, question, run), "pixel_values": _frames(model, clip)}


def _smolvlm(model, clip, question):
    fence = "<fake_token_around_image>"
    blocks = [
        f"\nFrame from 00:{int(t):02d}:{fence}<global-img>{'<image>' * 4}{fence}"
        for t in clip.times_s
    ]
    intro = "You are provided the following series of four frames from a 0:00:04 [H:MM:SS] video.\n"
    inputs = _ids(model, question, intro + "".join(blocks) + "\n\n")
    return {**inputs, "pixel_values": _frames(model, clip)[None]}


def _qwen3_vl(model, clip, question):
    pixels, grid = model.pixels(clip)
    groups, each = int(grid[0, 0]), int(grid[0, 1:].prod()) // 4
    run = "".join(
        f"<{2 * g + 0.5:.1f} seconds><|vision_start|>{model.placeholder * each}<|vision_end|>"
        for g in range(groups)
    )
    inputs = _ids(model, question, run)
    video = model.model.config.video_token_id
    kinds = 2 * (inputs["input_ids"] == video).long()
    more = {"video_grid_thw": grid, "mm_token_type_ids": kinds}
    return {**inputs, "pixel_values_videos": pixels, **more}


def _video_llama_3(model, clip, question):
    pixels, grid, merge = model.pixels(clip)
    run = model.placeholder * (int(grid.prod()) // merge**2)
    return {
        **_ids(model, question, run),
        "pixel_values_videos": pixels,
        "video_grid_thw": grid,
        "video_merge_sizes": torch.tensor([merge]),
    }


def _instructblipvideo(model, clip, question):
    inputs = _ids(model, question, model.placeholder * (4 * len(clip)))
    return {
        **inputs,
        "pixel_values": _frames(model, clip)[None],
        "qformer_input_ids": model.question_ids(""),
    }
