"""The published annotation formats, one file each; `FORMATS` holds them by name."""

from collections.abc import Mapping
from types import MappingProxyType

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.formats import (
    activitynet_captions,
    chapter_list,
    charades,
    charades_sta,
    et_bench,
    lighthouse,
    longvideobench,
    ovbench,
    qvhighlights,
    srt,
    streamingbench,
    tempcompass,
    timechat,
    timechat_eval,
    v_star,
    vidchapters,
    video_mme,
    vnbench,
    vtt,
    youcook2,
)

_FILES = (
    activitynet_captions, chapter_list, charades, charades_sta, et_bench, lighthouse,
    longvideobench, ovbench, qvhighlights, srt, streamingbench, tempcompass, timechat,
    timechat_eval, v_star, video_mme, vidchapters, vnbench, vtt, youcook2,
)  # fmt: skip

FORMATS: Mapping[str, Format] = MappingProxyType({file.FORMAT.name: file.FORMAT for file in _FILES})
"""Every format by its name, which is the stem of its file."""
