import json

from vtk_notebooks.tiny.curve import curve, kept_curve


def log(folder):
    lines = [{"stage": "seeing", "step": s, "there": 1.0 / (s + 1)} for s in (0, 5, 0, 5)]
    lines += [{"stage": "speaking", "step": s, "words": 2.0, "time": 3.0} for s in (0, 9)]
    file = folder / "log.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines))
    return file


def test_cycles_of_a_stage_follow_each_other(tmp_path):
    seeing, speaking = curve(log(tmp_path)).axes
    assert seeing.lines[0].get_xdata().tolist() == [0, 5, 6, 11]
    assert speaking.lines[1].get_ydata().tolist() == [3.0, 3.0]


def test_the_same_log_makes_the_same_file(tmp_path):
    one = kept_curve(log(tmp_path), tmp_path / "a.svg").read_bytes()
    assert b"<svg" in one
    assert not list(tmp_path.glob(".*"))
