"""The model picker: search, sizes before the button, a model as a value, and letting it go."""

from playwright.sync_api import expect

from .harness.made import HOSTILE
from .harness.shown import says

LAB = f"""
from vtk_notebooks.models import offers
from vtk_notebooks.models.offers import Offer
from vtk_widgets import ModelPicker
here = [o for o in offers.offers() if o.id in ("vtk-tiny", "conse")]
offers.offers = lambda folders: [*here, Offer({HOSTILE!r}, "cache", trouble={HOSTILE!r})]
picker = ModelPicker.of()
picker
"""


def test_a_model_is_found_sized_loaded_and_let_go(scratch, screenshot):
    notebook = scratch([LAB])
    picker = notebook.find(".vtk-model-picker")
    picker.get_by_role("searchbox").fill("tiny")
    picker.get_by_role("searchbox").press("Enter")
    expect(picker.locator(".vtk-verdict")).to_contain_text("Fits:")
    expect(picker).to_contain_text("licence: apache-2.0")
    expect(picker.get_by_label("quantisation").locator("option[value='4bit']")).to_be_disabled()
    assert notebook.value("picker.loaded") is False
    picker.get_by_label("dtype").select_option("bfloat16")
    notebook.comes_to("picker.estimate.get('weights', 0)", lambda w: w == 6942720 // 2)
    picker.get_by_role("button", name="Load").click()
    expect(picker.locator(".vtk-held")).to_contain_text("vtk-tiny: bfloat16 · cpu", timeout=30_000)
    assert notebook.value("picker.model.record.dtype") == "bfloat16"
    screenshot(notebook.page, "picker_in_lab")
    picker.get_by_role("button", name="Let it go").click()
    says(picker, "nothing is loaded")
    assert notebook.value("picker.loaded") is False
    picker.get_by_role("searchbox").fill("owner/name")
    picker.get_by_role("searchbox").press("Enter")
    expect(picker.get_by_role("button", name="Ask the hub")).to_be_visible()
    picker.get_by_role("searchbox").fill("onerror")
    picker.get_by_role("listbox").press("Enter")
    expect(picker.get_by_role("heading")).to_have_text(HOSTILE)
    expect(picker.get_by_role("button", name="Load")).to_be_disabled()
    assert notebook.page.evaluate("window.executed") is None
    notebook.do("picker.close()")


def test_without_a_kernel_it_is_a_list_to_search(open_file, tmp_path):
    from vtk_widgets import ModelPicker

    opened = open_file(ModelPicker.of().to_html(tmp_path / "models.html", "Models"))
    picker = opened.locator(".vtk-model-picker")
    picker.get_by_role("searchbox").fill("whisper")
    expect(picker.get_by_role("option")).to_have_count(1)
    picker.get_by_role("searchbox").press("ArrowDown")
    opened.keyboard.press("Enter")
    expect(picker.get_by_role("heading")).to_have_text("whisper-tiny.en")
    expect(picker.get_by_role("button", name="Load")).to_be_disabled()
    expect(picker).to_contain_text("needs a running kernel")
