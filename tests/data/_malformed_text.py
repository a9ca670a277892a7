"""Malformed files: lines of text, cues, odd letters, and files that are something else.

The format, the file, the whole text of the error, and how many samples are kept.
"""

QV = '{"qid": 1, "query": "q", "duration": 10, "vid": "v"'
OV = (
    '[{"question": "q", "answer": "%s", "video": "v", "candidates": ["a", "b"], "start": 0, '
    '"end": 5'
)
HEAD = "id,script,actions,length\n"

CASES = {
    # lines of text
    "a line without a sentence": (
        "charades_sta", "3MSZA 24.3 30.4##a\n3MSZA 24.3 30.4 b\n",
        "f, line 2 expects `VID start end##sentence`, got '3MSZA 24.3 30.4 b'. "
        "The line is left out.", 1,
    ),
    "a line with a word for a time": (
        "charades_sta", "3MSZA start 30.4##a\n",
        "f, line 1 expects `VID start end##sentence`, got '3MSZA start 30.4##a'. "
        "The line is left out.", 0,
    ),
    "a line twice": (
        "charades_sta", "3MSZA 24.3 30.4##a\n" * 2,
        "f, line 2, record 1 expects each only once, got the same sample again. "
        "First on line 1.", 2,
    ),
    "a line whose times are swapped": (
        "charades_sta", "3MSZA 30.4 24.3##a\n",
        "f, line 1, record 0, start end[0] expects a start before its end, got 30.4 to 24.3. "
        "Are they swapped?", 1,
    ),
    "columns of another file": (
        "charades", "film,start,end\nA,1,2\n",
        "f, line 1 expects columns id, actions and length, got ['film', 'start', 'end']. "
        "The first line names them.", 0,
    ),
    "a row that a spreadsheet broke": (
        "charades", HEAD + "A,s,c077 12.10 18.00,c079 11.80 17.30,16.62\n",
        "f, line 2, record A expects 4 cells, got 5. Did a spreadsheet turn semicolons into "
        "commas? The row is kept, unread.", 1,
    ),
    "an action without times": (
        "charades", HEAD + "A,s,c077,16.62\n",
        "f, line 2, record A, actions expects class start end; class start end; ..., got "
        "'c077'.", 1,
    ),
    "a length in words": (
        "charades", HEAD + "A,s,,long\n",
        "f, line 2, record A, length expects seconds, got 'long'.", 1,
    ),
    "a row without a film": (
        "charades", HEAD + ",s,,16.62\n",
        "f, line 2, id expects a value, got ''.", 1,
    ),
    "an unknown column": (
        "charades", HEAD.replace("script", "title") + "A,s,,16.62\n",
        "f, line 1, title expects fields of the format, got 'title'. It is kept in `extra` and "
        "written back.", 1,
    ),
    "a cue without times": (
        "srt", "1\n00:00:01,000 -> 00:00:02,000\nHello\n",
        "f, line 1, record 1 expects start --> end, then text, got '1'. The cue is left out.", 1,
    ),
    "a cue without a number": (
        "srt", "00:00:01,000 --> 00:00:02,000\nHello\n",
        "f, line 1, number expects a cue number on a line of its own, got none.", 1,
    ),
    "a cue number twice": (
        "srt", "1\n00:00:01,000 --> 00:00:02,000\na\n\n1\n00:00:03,000 --> 00:00:04,000\nb\n",
        "f, line 5, record 1 expects each cue once, got cue '1' again.", 1,
    ),
    "cues that go back": (
        "vtt", "WEBVTT\n\n00:03.000 --> 00:04.000\na\n\n00:01.000 --> 00:02.000\nb\n",
        "f, line 6, start expects cues that start in order, got 3.0, then 1.0.", 1,
    ),
    "a cue that ends before it starts": (
        "vtt", "WEBVTT\n\n00:03.000 --> 00:02.000\na\n",
        "f, line 3, record f, cue[0] expects a start before its end, got 3.0 to 2.0. "
        "Are they swapped?", 1,
    ),
    "SubRip for WebVTT": (
        "vtt", "1\n00:00:01,000 --> 00:00:02,000\nHello\n",
        "f, line 1 expects WEBVTT on the first line, got '1'. Is it SubRip (srt)?", 1,
    ),
    # letters, and files that are something else
    "Latin-1": (
        "charades_sta", b"3MSZA 24.3 30.4##caf\xe9\n",
        "f, line 1 expects UTF-8 text, got bytes e9 0a. They are kept as they are. If it is "
        "Latin-1: iconv -f LATIN1 -t UTF-8.", 1,
    ),
    "Latin-1 in a document": (
        "activitynet_captions",
        b'{\n"f": {"duration": 9, "timestamps": [[0, 1]], "sentences": ["caf\xe9"]}}',
        "f, line 2 expects UTF-8 text, got bytes e9 22 5d 7d. They are kept as they are. If it is "
        "Latin-1: iconv -f LATIN1 -t UTF-8.", 1,
    ),
    "half a surrogate pair": (
        "qvhighlights", QV.replace('"q"', '"\\ud83d"') + "}\n",
        "f, line 1, record 0, query expects proper Unicode, got half of a surrogate pair, "
        "'\\ud83d'.", 1,
    ),
    "letters that were lost before": (
        "srt", "1\n00:00:01,000 --> 00:00:02,000\ncaf\ufffd\n",
        "f, line 1, record 1, text expects proper Unicode, got the replacement character "
        "U+FFFD.", 1,
    ),
    "a byte order mark in JSON": (
        "ovbench", "\ufeff" + OV % "a" + "}]",
        "f expects JSON without a byte order mark, got one. Save it as plain UTF-8.", 1,
    ),
    "UTF-16": (
        "srt", "1\n".encode("utf-16"),
        "f expects annotations as UTF-8 text, got UTF-16 text. Convert it: iconv -f UTF-16 -t "
        "UTF-8.", 0,
    ),
    "gzip": (
        "qvhighlights", b"\x1f\x8b\x08\x00",
        "f expects annotations as UTF-8 text, got a gzip archive. Unpack it first: gunzip.", 0,
    ),
    "a pointer to the file": (
        "ovbench", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
        "f expects annotations as UTF-8 text, got a Git LFS pointer. Fetch the file itself: git "
        "lfs pull.", 0,
    ),
    "a web page": (
        "ovbench", "<!doctype html><html></html>",
        "f expects annotations as UTF-8 text, got a web page. Download the raw file, not the page "
        "about it.", 0,
    ),
    "an empty file": (
        "charades_sta", "",
        "f expects annotations, got an empty file. Was the download cut short?", 0,
    ),
}  # fmt: skip
