"""Malformed files: captions, chapters and questions.

The format, the file, the whole text of the error, and how many samples are kept.
"""

AN = '{"f": {"duration": 10, "timestamps": %s, "sentences": %s}}'
OV = (
    '[{"question": "q", "answer": "%s", "video": "v", "candidates": ["a", "b"], "start": 0, '
    '"end": 5'
)
SB = (
    '[{"time": "[0:00:00 - 0:00:10]", "video_path": "v.mp4", "questions": [{"question": "q", '
    '"time_stamp": "%s", "answer": "A", "options": ["A. a", "B. b"]}]}]'
)

CASES = {
    # captions and chapters
    "a sentence too few": (
        "activitynet_captions", AN % ("[[0, 1], [2, 3]]", '["a"]'),
        "f, line 1, record f, timestamps/sentences expects as many sentences as timestamps, got "
        "2 and 1.", 1,
    ),
    "a sentence that is none": (
        "activitynet_captions", AN % ("[[0, 1]]", "[null]"),
        "f, line 1, record f, sentences[0] expects text, got None.", 1,
    ),
    "a step without a segment": (
        "youcook2", '{"database": {"f": {"duration": 9, "annotations": [{"sentence": "s"}]}}}',
        "f, line 1, record f, annotations[0] expects [start, end] in seconds, got None.", 1,
    ),
    "chapters out of order": (
        "vidchapters", '{"f": {"duration": 9, "chapters": [{"label": "a", "time": 0}, '
        '{"label": "b", "time": 5}, {"label": "c", "time": 5}]}}',
        "f, line 1, record f, chapters[2] expects chapters in order, got 5, then 5.", 1,
    ),
    "a chapter after the film": (
        "vidchapters", '{"f": {"duration": 9, "chapters": [{"label": "a", "time": 9}]}}',
        "f, line 1, record f, chapters[0] expects a start before 9 s, got 9.", 1,
    ),
    "one chapter only": (
        "chapter_list", "0:00 all of it\nno time here\n",
        "f, record f expects a list of chapters, got 1 line with a time and a title. "
        "No chapters are read.", 1,
    ),
    "chapters that start late": (
        "chapter_list", "0:10 a b\n0:20 c d\n",
        "f, record f expects a list of chapters, got a first chapter at 0:10, not at 0:00. "
        "No chapters are read.", 1,
    ),
    "chapters that go back": (
        "chapter_list", "0:00 aa\n0:20 bb\n0:10 cc\n",
        "f, record f expects a list of chapters, got times that do not rise. "
        "No chapters are read.", 1,
    ),
    # questions
    "an answer that is no choice": (
        "ovbench", OV % "c d" + "}]",
        "f, line 1, record 0, answer expects one of 2 choices, as text, letter or number, got "
        "'c d'.", 1,
    ),
    "an answer beyond the choices": (
        "et_bench", '[{"idx": 3, "task": "rar", "video": "v", "duration": 9, "q": "q", '
        '"o": ["a", "b"], "p": 2}]',
        "f, line 1, record rar/3, p expects one of 2 choices, as text, letter or number, got 2.", 1,
    ),
    "a clock that is none": (
        "streamingbench", SB % "00:12450",
        "f, line 1, record 0.0, time_stamp expects a clock time h:mm:ss, got '00:12450'.", 1,
    ),
    "a minute of 61 seconds": (
        "streamingbench", SB % "0:00:61",
        "f, line 1, record 0.0, time_stamp expects a clock time h:mm:ss, got '0:00:61'.", 1,
    ),
    "a bracket of another kind": (
        "streamingbench", (SB % "0:00:05").replace("0:00:10]", "0:00:10】"),
        "f, line 1, record 0, time expects [h:mm:ss - h:mm:ss], got "
        "'[0:00:00 - 0:00:10】'.", 1,
    ),
    "a record without questions": (
        "streamingbench", '[{"time": "0:00:00 - 0:00:10", "video_path": "v", "questions": []}]',
        "f, line 1, record 0, questions expects a list of questions, got []. "
        "The record is left out.", 0,
    ),
    "a question that is none": (
        "timechat", '[{"video": "v", "QA": ["q"]}]',
        "f, line 1, record 0.0, QA expects a JSON object with members, got 'q'. It is left out.", 0,
    ),
    "an aspect without questions": (
        "tempcompass", '{"f": {"eval_dim": {"action": null}}}',
        "f, line 1, record f/eval_dim expects a list of questions, got {'action': None}. "
        "It is left out.", 0,
    ),
    "two spans where one has a place": (
        "v_star", '[{"vid": "v", "question": "q", "answer": "a", "timestamps": [[1, 2], [3, 4]]}]',
        "f, line 1, record 0, timestamps expects a number, got [1, 2].", 1,
    ),
}  # fmt: skip
