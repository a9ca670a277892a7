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
