"""Small files in every format, made by hand in the shape of the published ones."""

MADE = {
    ("qvhighlights", "truth"): (
        "val.jsonl",
        '{"qid": 2579, "query": "A girl cooks.", "duration": 150, "vid": "NUsG_210.0_360.0", '
        '"relevant_clip_ids": [41, 42], "saliency_scores": [[1, 1, 2], [4, 3, 3]], '
        '"relevant_windows": [[82, 86]]}\n'
        '{"qid": 8, "query": "caf\\u00e9 \\ud83d\\ude00", "duration": 20.5, "vid": "_e8", '
        '"relevant_clip_ids": [0], "saliency_scores": [[2, 2, 2]], '
        '"relevant_windows": [[0, 2], [4.5, 6]]}\n',
    ),
    ("qvhighlights", "test split"): (
        "test.jsonl",
        '{"qid": 9769, "query": "some military patriots", "duration": 150, "vid": "j7rJ_360"}\n',
    ),
    ("qvhighlights", "predictions"): (
        "preds.jsonl",
        '{"qid": 2579, "query": "A girl cooks.", "vid": "NUsG_210.0_360.0", '
        '"pred_relevant_windows": [[0.0, 70.0, 0.9986], [78.0, 146.0, 0.4138]], '
        '"pred_saliency_scores": [-0.2452392578125, 1e-07, 3]}\n',
    ),
    ("qvhighlights", "predictions as a list"): (
        "vhd.json",
        '[{"qid": 2579, "query": "A girl.", "vid": "v.mp4", "pred_saliency_scores": [0.0, 0.85]}]',
    ),
    ("lighthouse", "tacos"): (
        "tacos.jsonl",
        '{"qid": "s30_0", "query": "She took out kiwi", "duration": 249.8639455782313, '
        '"vid": "s30", "relevant_windows": [[4.795918367346939, 12.040816326530614]]}\n',
    ),
    ("lighthouse", "tvsum"): (
        "tvsum.jsonl",
        '{"qid": "sTE", "query": "BBC", "duration": 3, "vid": "sTE", "relevant_clip_ids": null, '
        '"relevant_windows": null, "label": [[5.0, 3.0], [1.0, 2.0], [4.0, 4.0]], '
        '"domain": "VU"}\n',
    ),
    ("lighthouse", "youtube"): (
        "youtube.jsonl",
        '{"qid": "fXx", "query": "dog", "duration": 5.0, "vid": "fXx", "relevant_clip_ids": null, '
        '"relevant_windows": null, "label": [[0], [1]], "domain": "dog", "frames": 150.0, '
        '"fps": 30.0, "clip": [[0.0, 100.0], [50.0, 150.0]], "match": [-1, 1]}\n',
    ),
    ("charades_sta", "test"): (
        "charades_sta_test.txt",
        "3MSZA 24.3 30.4##person turn a light on.\nYVKIV 0.0 9##the person ## puts it down\n"
        "3MSZA 24.30 30.4##two digits are kept\n",
    ),
    ("charades", "train"): (
        "Charades_v1_train.csv",
        "id,subject,scene,quality,relevance,verified,script,objects,descriptions,actions,length\n"
        '46GP8,HR43,Kitchen,6,7,Yes,"A person cooks, then laughs.",food;stove,Someone cooks.,'
        "c092 11.90 21.20;c147 0.00 12.60,24.83\n"
        "N11GT,0KZ7,Stairs,6,7,Yes,A person throws.,clothes,,,18.33\n",
    ),
    ("activitynet_captions", "truth"): (
        "val_1.json",
        '{"v_uqi": {"duration": 55.15, "timestamps": [[0.28, 55.15], [13.79, 54.32]], '
        '"sentences": ["A lesson is given.", "  The coach helps."]}, '
        '"v_bXd": {"duration": 73.1, "timestamps": [[0, 10.23]], "sentences": ["A man."]}}',
    ),
    ("activitynet_captions", "predictions"): (
        "preds.json",
        '{"version": "VERSION 1.0", "results": {"v_uqi": [{"sentence": "cuts.", '
        '"timestamp": [21.9, 28.0]}], "v_bXd": []}, "external_data": {"used": false}}',
    ),
    ("youcook2", "official"): (
        "youcookii_annotations_trainval.json",
        '{"database": {"GLd3": {"duration": 241.62, "subset": "training", "recipe_type": "113", '
        '"annotations": [{"segment": [90, 102], "id": 0, "sentence": "spread margarine"}, '
        '{"segment": [114, 127], "id": 1, "sentence": "place cheese"}], '
        '"video_url": "https://www.youtube.com/watch?v=GLd3"}}}',
    ),
    ("youcook2", "copy"): (
        "yc2_val.json",
        '{"v_xHr": {"duration": 206.86, "timestamps": [[47, 60]], "sentences": ["pick the ends"]}}',
    ),
    ("vidchapters", "chapters"): (
        "chapters.json",
        '{"ReV": {"chapters": [{"label": "Intro", "time": 0}, {"label": "Unboxing", "time": 75}], '
        '"duration": 300}}',
    ),
    ("vidchapters", "stretches"): (
        "chapters_dvc_val.json",
        '{"ReV": {"duration": 300.0, "timestamps": [[0.0, 75.0], [75.0, 300.0]], '
        '"sentences": ["Intro", "Unboxing"], "path": "ReV.mp4.npy"}}',
    ),
    ("chapter_list", "plain"): ("film.txt", "0:00 Intro\n1:15 Unboxing\n1:02:10 Bonus | extra\n"),
    ("chapter_list", "description"): (
        "film.description",
        "Hello!\nChapters:\n00:00 - Start\n 03:30 : Middle part\n(10:00) End!\nhttp://x.y/0:00\n",
    ),
    ("srt", "plain"): (
        "film.srt",
        "1\n00:00:01,000 --> 00:00:02,500\nHello,\nworld.\n\n"
        "2\n00:01:00,040 --> 01:00:00,000\n<i>A</i>\n",
    ),
    ("srt", "two blank lines at the end"): (
        "film.srt",
        "1\n00:00:01,000 --> 00:00:02,500 X1:40 X2:600\nHello\n\n\n",
    ),
    ("vtt", "plain"): (
        "film.vtt",
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello\n\n"
        "00:01:00.040 --> 01:00:00.000\n<v Bob>A\n",
    ),
    ("vtt", "notes, names and settings"): (
        "film.vtt",
        "WEBVTT - a title\nKind: captions\n\nSTYLE\n::cue {}\n\nNOTE not a cue\n\nintro\n"
        "00:01.000 --> 00:02.500 align:start\nHello\n",
    ),
    ("timechat", "grounding"): (
        "instruct_tvg.json",
        '[{"video": "Charades/AO8RW.mp4", "QA": [{"q": "When does it happen?", '
        '"a": "The given query happens in 0.0 - 6.9 seconds."}], "source": "charades"}]',
    ),
    ("timechat", "dense captions"): (
        "instruct_dvc.json",
        '[{"video": "a.mp4", "QA": [{"q": "Localize.", "a": "21.0 - 22.0 seconds, begin to '
        'run up.  23.0 - 24.5 seconds, begin to jump up."}, {"q": "And then?", "a": "Nothing."}]}]',
    ),
    ("timechat_eval", "queries"): (
        "gt.json",
        '{\n    "annotations": [\n        {\n            "image_id": "3MSZA.mp4",\n'
        '            "caption": "person turn a light on.",\n            "timestamp": [\n'
        '                24.3,\n                30.4\n            ],\n            "id": 0\n'
        '        },\n        {\n            "image_id": "YVKIV.mp4",\n'
        '            "caption": "puts it down.",\n            "timestamp": [\n'
        '                0,\n                9\n            ],\n            "id": 1\n'
        "        }\n    ]\n}",
    ),
    ("timechat_eval", "films"): (
        "dvc_gt.json",
        '{"annotations": [{"image_id": "xHr.mp4", "caption": "<time_token_22> <time_token_28> pick '
        'the ends off <time_token_32> <time_token_42> mix. it", "id": "0", "seg_prompt": "206", '
        '"asr_text": "", "duration": 207.0, "segments": [[47, 60], [67, 89]], "seg_text": "", '
        '"pure_cap": "pick the ends off. mix. it"}]}',
    ),
    ("timechat_eval", "predictions by query"): (
        "preds.json",
        '{"3187": {"timestamp": [], "query": "a drink", "vid": "DOYQE.mp4"}, '
        '"1805": {"timestamp": [[20.8, 30.0]], "query": "a laugh", "vid": "JS3TB.mp4"}}',
    ),
    ("timechat_eval", "what was said"): (
        "charades_test_result.json",
        '[{"vname": "DOYQE.mp4", "generated_cap": "The given query happens in 1 - 9 seconds.", '
        '"query": "a drink", "id": 3187}]',
    ),
    ("timechat_eval", "predictions by film"): (
        "dvc_preds.json",
        '{"xHr.mp4": [{"timestamp": [21.9, 128.0], "caption": "cuts a cucumber."}]}',
    ),
    ("et_bench", "all tasks"): (
        "etbench_txt_v1.0.json",
        '[{"version": 1.0, "idx": 0, "task": "tvg", "source": "qvhighlights", '
        '"video": "qvhighlights/a.mp4", "duration": 35.0, "tgt": [15.0, 31.0], "q": "When?", '
        '"a": "15 - 30"}, {"version": 1.0, "idx": 0, "task": "dvc", "source": "hirest", '
        '"video": "hirest/b.mp4", "duration": 35.0, "src": [1.2, 15.0], '
        '"tgt": [[15.0, 31.0], [31.4, 34.9]], "g": ["a cat", "it then"], "q": "Describe."}, '
        '{"version": 1.0, "idx": 1, "task": "rar", "source": "star", "video": "star/c.mp4", '
        '"duration": 9.5, "p": 2, "o": ["a", "b", "c", "d"], "q": "What?"}]',
    ),
    ("video_mme", "films"): (
        "output_test_template.json",
        '[\n    {\n        "video_id": "001",\n        "duration_category": "short",\n'
        '        "questions": [\n            {\n                "question_id": "001-1",\n'
        '                "task_type": "Counting",\n                "question": "How many?",\n'
        '                "choices": [\n                    "A. Four.",\n'
        '                    "B. Five."\n                ],\n                "answer": "A",\n'
        '                "response": "B"\n            }\n        ]\n    }\n]\n',
    ),
    ("video_mme", "table"): (
        "test.json",
        '[{"video_id": "001", "duration": "short", "domain": "History", "sub_category": "Old", '
        '"url": "u", "videoID": "fFjv", "question_id": "001-1", "task_type": "Counting", '
        '"question": "How many?", "options": ["A. 3.", "B. 4."], "answer": "B"}]',
    ),
    ("longvideobench", "validation"): (
        "lvb_val.json",
        '[{"video_id": "86C", "question": "In the video, what?", "question_wo_referring_query": '
        '"what?", "candidates": ["a", "b", "c", "d", "e"], "correct_choice": 1, "position": [20], '
        '"topic_category": "KG", "question_category": "TOS", "level": "L2", "id": "86C_0", '
        '"video_path": "86C.mp4", "subtitle_path": "86C_en.json", "duration_group": 15, '
        '"starting_timestamp_for_subtitles": 0, "duration": 13.0, "view_count": 7}]',
    ),
    ("vnbench", "questions"): (
        "VNBench-main-4try.json",
        '[{"video": "ret_edit1/5.mp4", "question": "Which?", "options": ["cat", "dog", "a", "b"], '
        '"gt": "dog", "try": 0, "type": "ret_edit1", "needle_time": [3], "length": 10}]',
    ),
    ("vnbench", "results"): (
        "results.jsonl",
        '{"video_path": "./VNBench/v_PkR_ord_insert2.mp4", "prompt": "What order?\\nA. train, cow'
        "\\nB. cow, train\\nC. a\\nD. b\\nAnswer with the option's letter from the given choices "
        'directly.", "pred": "D.", "gt": "B", "task_type": "ord_insert2", "try": 3, '
        '"model_id": "llava"}\n',
    ),
    ("streamingbench", "real"): (
        "questions_real.json",
        '[{"time": "[0:00:00 - 0:00:10]", "questions": [{"task_type": "Clips Summarize", '
        '"question": "Which?", "time_stamp": "00:00:31", "answer": "C", "options": ["A. a", '
        '"B. b", "C. c", "D. d"], "required_ability": "memory"}, {"task_type": "Counting", '
        '"question": "How many?", "time_stamp": "0:00:32", "answer": "B", "options": ["A. 1", '
        '"B. 2"]}], "video_categories": "meals", "video_path": "./videos/sample_348_real.mp4"}]',
    ),
    ("streamingbench", "sequential"): (
        "questions_sqa.json",
        '[[{"time": "[0:01:00 - 0:02:00]", "questions": [{"question": "Who?", "time_stamp": '
        '"00:00:36", "answer": "A", "options": ["Wang.", "Fan."]}], "video_path": "s.mp4"}, '
        '{"time": "0:02:00 - 0:03:00", "questions": [{"question": "And?", "time_stamp": '
        '"00:02:36", "answer": "B", "options": ["2.", "6."]}], "video_path": "s.mp4"}], '
        '[{"time": "[0:01:00 - 0:02:00]", "questions": [{"question": "Why?", "time_stamp": '
        '"00:01:36", "answer": "A", "options": ["x", "y"]}], "video_path": "t.mp4"}]]',
    ),
    ("streamingbench", "proactive"): (
        "questions_proactive.json",
        '[{"time": "[0:00:00 - 0:00:30]", "questions": [{"task_type": "Proactive Output", '
        '"question": "When it shows 3, output \\"3\\".", "time_stamp": "00:00:20", '
        '"ground_truth_time_stamp": "00:00:29", "ground_truth_output": "3", '
        '"required_ability": "working memory"}], "video_categories": "basketball", '
        '"video_path": "./videos/sample_17.mp4"}]',
    ),
    ("ovbench", "coin"): (
        "coin.json",
        '[\n    {\n        "middle_frame_timestamp": 85.0,\n        "question": "How long?",\n'
        '        "answer": "6-7s",\n        "sub_answer_type": "TemporalPerception-1",\n'
        '        "answer_type": "TemporalPerception",\n        "video": "AIA.mp4",\n'
        '        "candidates": [\n            "8-9s",\n            "6-7s"\n        ],\n'
        '        "start": 0.0,\n        "end": 85.0\n    }\n]',
    ),
    ("tempcompass", "questions"): (
        "multi-choice.json",
        '{\n    "1034": {\n        "action": [\n            {\n                "question": "What '
        'is he doing?\\nA. dunking\\nB. dribbling",\n                "answer": "A. dunking"\n'
        "            }\n        ]\n    }\n}",
    ),
    ("tempcompass", "predictions"): (
        "yes_no.json",
        '{"1034": {"action": [{"question": "Does he dunk?", "answer": "yes", "prediction": "Yes"}, '
        '{"question": "Does he run?", "answer": "no", "prediction": "No"}], "speed": '
        '[{"question": "Is it slow?", "answer": "no", "prediction": "no"}]}, "1034_reverse": '
        '{"direction": [{"question": "Left?", "answer": "yes", "prediction": "no"}]}}',
    ),
    ("tempcompass", "ratings"): (
        "auto_eval.json",
        '{"1034": {"action": [{"question": "What?\\nA. a\\nB. b", "gt-answer": "A. a", '
        '"video-llm-prediction": "A", "match_success": true, "rating": 1}]}}',
    ),
    ("v_star", "test"): (
        "v_star_test.json",
        '[{"vid": "abc", "domain": "Sports", "fps": 25.0, "width": 640, "height": 360, '
        '"frame_count": 500, "question": "What?", "chain": "<think>", "object": "ball", '
        '"answer": "a ball", "temporal_question": "When?", "timestamps": [3.2, 9.5], '
        '"spatial_question": "Where?", "spatial_question_2": "Where then?", "bboxes": '
        '[{"timestamp": 4, "frame_index": 100, "xmin": 1, "ymin": 2, "xmax": 3, "ymax": 4}]}]',
    ),
}
"""(format, variant) -> file name and text; every file is well formed."""
