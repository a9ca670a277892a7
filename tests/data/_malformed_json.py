"""Malformed files: JSON records, their spans and their saliency.

The format, the file, the whole text of the error, and how many samples are kept.
"""

QV = '{"qid": 1, "query": "q", "duration": 10, "vid": "v"'
AN = '{"f": {"duration": 10, "timestamps": %s, "sentences": %s}}'
OV = (
    '[{"question": "q", "answer": "%s", "video": "v", "candidates": ["a", "b"], "start": 0, '
    '"end": 5'
)

CASES = {
    # spans
    "swapped times": (
        "qvhighlights", QV + ', "relevant_windows": [[0, 2], [8, 4]]}\n',
        "f, line 1, record 1, relevant_windows[1] expects a start before its end, got 8 to 4. "
        "Are they swapped?", 1,
    ),
    "an empty span": (
        "qvhighlights", QV + ', "relevant_windows": [[4, 4.0]]}\n',
        "f, line 1, record 1, relevant_windows[0] expects a start before its end, got 4 to 4.0. "
        "It is empty.", 1,
    ),
    "an end after the film": (
        "qvhighlights", QV + ', "relevant_windows": [[4, 12]]}\n',
        "f, line 1, record 1, relevant_windows[0] expects an end within 10 s, got 4 to 12.", 1,
    ),
    "a span after the film": (
        "activitynet_captions", AN % ("[[11, 12]]", '["a"]'),
        "f, line 1, record f, timestamps/sentences[0] expects an end within 10 s, got 11 to 12. "
        "All of it is after the end.", 1,
    ),
    "a span before the film": (
        "qvhighlights", QV + ', "pred_relevant_windows": [[-0.5, 3, 0.9]]}\n',
        "f, line 1, record 1, pred_relevant_windows[0] expects times from 0 s, got -0.5 to 3. "
        "Does the film start later?", 1,
    ),
    "a span of one number": (
        "qvhighlights", QV + ', "relevant_windows": [[0, 2], [3]]}\n',
        "f, line 1, record 1, relevant_windows[1] expects [start, end] in seconds, got [3].", 1,
    ),
    "a span that is no list": (
        "qvhighlights", QV + ', "relevant_windows": [5]}\n',
        "f, line 1, record 1, relevant_windows[0] expects [start, end] in seconds, got 5.", 1,
    ),
    "a time in quotes": (
        "qvhighlights", QV + ', "relevant_windows": [[0, "2"]]}\n',
        "f, line 1, record 1, relevant_windows[0] expects a number, got '2'. "
        "Write it without quotes.", 1,
    ),
    "a time that is not a number": (
        "qvhighlights", QV + ', "relevant_windows": [[0, NaN]]}\n',
        "f, line 1, record 1, relevant_windows[0] expects a finite number, got nan.", 1,
    ),
    "a time before all times": (
        "qvhighlights", QV + ', "relevant_windows": [[-Infinity, 2]]}\n',
        "f, line 1, record 1, relevant_windows[0] expects a finite number, got -inf.", 1,
    ),
    "a score that is not a number": (
        "qvhighlights", QV + ', "pred_saliency_scores": [0.5, NaN]}\n',
        "f, line 1, record 1, pred_saliency_scores[1] expects a finite number, got nan.", 1,
    ),
    "a time beyond all films": (
        "qvhighlights", QV + ', "relevant_windows": [[0, 1e999]]}\n',
        "f, line 1, record 1, relevant_windows[0] expects a finite number, got inf.", 1,
    ),
    "true for a time": (
        "ovbench", OV.replace('"start": 0', '"start": true') % "a" + "}]",
        "f, line 1, record 0, start expects a number, got True.", 1,
    ),
    # records
    "no JSON": (
        "qvhighlights", QV + "}\n" + "{'qid': 2}\n",
        "f, line 2 expects a JSON object, got a fault in column 2 (Expecting property name "
        "enclosed in double quotes), near \"'qid': 2}\". The line is left out.", 1,
    ),
    "an empty line": (
        "qvhighlights", QV + "}\n\n" + QV.replace("1", "2", 1) + "}\n",
        "f, line 2 expects a JSON object, got an empty line. The line is left out.", 2,
    ),
    "two objects on a line": (
        "qvhighlights", QV + "} {}\n",
        "f, line 1 expects a JSON object, got a fault in column 54 (Extra data), near '{}'. "
        "The line is left out.", 0,
    ),
    "a number for a record": (
        "qvhighlights", QV + "}\n7\n",
        "f, line 2, record 1 expects a JSON object with members, got 7. The record is left out.", 1,
    ),
    "one document for JSON Lines": (
        "qvhighlights", "{\n" + QV[1:] + "}\n",
        "f, line 1 expects one JSON object a line, got one JSON document over many lines. "
        "Is it in another format?", 0,
    ),
    "JSON Lines for one document": (
        "activitynet_captions", '{"f": {"duration": 1, "timestamps": [], "sentences": []}}\n{}\n',
        "f, line 2 expects JSON, got a fault in column 1 (Extra data), near '{}\\n'. "
        "It may be JSON Lines, one object a line.", 1,
    ),
    "a download that was cut short": (
        "ovbench", OV % "a" + '},\n {"question": "wh',
        "f, line 2 expects JSON, got a fault in column 15 (Unterminated string starting at), "
        "near '\"wh'. What follows it was not read.", 1,
    ),
    "a wrapped document that was cut short": (
        "youcook2", '{"database": {"f": {"duration": 9, "annotations": []}, "g": {"dur',
        "f, line 1 expects JSON, got a fault in column 62 (Unterminated string starting at), near "
        "'\"dur'. What follows it was not read.", 1,
    ),
    "brackets without end": (
        "ovbench", "[" * 100_000,
        "f expects JSON, got brackets nested too deep. What follows it was not read.", 0,
    ),
    "a number without end": (
        "qvhighlights", QV.replace("10", "9" * 5000) + "}\n",
        "f, line 1 expects a JSON object, got a number of more digits than Python converts. "
        "The line is left out.", 0,
    ),
    "a key twice": (
        "qvhighlights", QV + ', "vid": "w"}\n',
        "f, line 1, record 0, vid expects each key once in an object, got it again. "
        "The last value counts.", 1,
    ),
    "an unknown field": (
        "qvhighlights", QV + ', "relevant_window": []}\n' + QV.replace("1", "2", 1)
        + ', "relevant_window": []}\n',
        "f, line 1, record 1, relevant_window expects fields of the format, got "
        "'relevant_window'. It is kept in `extra` and written back.", 2,
    ),
    "no query": (
        "qvhighlights", QV.replace('"query": "q", ', "") + "}\n",
        "f, line 1, record 1, query expects a value, got none.", 1,
    ),
    "no duration": (
        "qvhighlights", QV.replace('"duration": 10, ', "") + "}\n",
        "f, line 1, record 1, duration expects a value, got none.", 1,
    ),
    "no film": (
        "qvhighlights", QV.replace(', "vid": "v"', "") + "}\n",
        "f, line 1, record 1, vid expects a value, got none.", 1,
    ),
    "a film without a name": (
        "qvhighlights", QV.replace('"v"', '""') + "}\n",
        "f, line 1, record 1, vid expects a value, got ''.", 1,
    ),
    "a duration of nothing": (
        "qvhighlights", QV.replace("10", "0") + "}\n",
        "f, line 1, record 1, duration expects a duration above 0 s, got 0.", 1,
    ),
    "a number for a query": (
        "qvhighlights", QV.replace('"q"', "7") + "}\n",
        "f, line 1, record 1, query expects text, got 7.", 1,
    ),
    "the same id again": (
        "qvhighlights", QV + "}\n" + QV.replace('"q"', '"r"').replace(": 1,", ': "1",') + "}\n",
        "f, line 2, record 1 expects each only once, got '1' again. First on line 1.", 2,
    ),
    # saliency
    "scores without clips": (
        "qvhighlights", QV + ', "saliency_scores": [[1, 2, 3]]}\n',
        "f, line 1, record 1, relevant_clip_ids/saliency_scores expects clips and their scores, or "
        "neither, got one of them.", 1,
    ),
    "more clips than scores": (
        "qvhighlights", QV + ', "relevant_clip_ids": [0, 1], "saliency_scores": [[1, 2]]}\n',
        "f, line 1, record 1, relevant_clip_ids/saliency_scores expects a row of scores for each "
        "clip, got 1 rows for 2 clips.", 1,
    ),
    "annotators who skip a clip": (
        "qvhighlights", QV + ', "relevant_clip_ids": [0, 1], "saliency_scores": [[1, 2], [3]]}\n',
        "f, line 1, record 1, relevant_clip_ids/saliency_scores expects as many annotators for "
        "each clip, got [1, 2].", 1,
    ),
    "a clip after the film": (
        "qvhighlights", QV + ', "relevant_clip_ids": [5], "saliency_scores": [[1]]}\n',
        "f, line 1, record 1, relevant_clip_ids/saliency_scores expects clips that start within "
        "10 s, got clip 5. A clip has 2 s.", 1,
    ),
    "a clip twice": (
        "qvhighlights", QV + ', "relevant_clip_ids": [1, 1], "saliency_scores": [[1], [2]]}\n',
        "f, line 1, record 1, relevant_clip_ids/saliency_scores expects each clip once, got "
        "clip 1 again.", 1,
    ),
    "half a clip": (
        "qvhighlights", QV + ', "relevant_clip_ids": [1.5], "saliency_scores": [[1]]}\n',
        "f, line 1, record 1, relevant_clip_ids[0] expects a whole number, got 1.5.", 1,
    ),
    "a word for a score": (
        "lighthouse", QV + ', "label": [[1, 2], [3, "good"]]}\n',
        "f, line 1, record 1, label[1][1] expects a number, got 'good'. "
        "Write it without quotes.", 1,
    ),
}  # fmt: skip
