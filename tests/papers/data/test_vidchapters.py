from vtk_notebooks.curation import ChapterMining
from vtk_notebooks.papers.data.vidchapters import typed


def test_what_is_typed_is_mined_back_and_a_film_of_one_shot_has_halves():
    assert [m.start_s for m in ChapterMining()(typed([1.2, 3.04, 3.9], 10.0), 10.0)] == [0, 1, 3]
    assert [m.start_s for m in ChapterMining()(typed([], 10.0), 10.0)] == [0, 5]


def test_typing_full_seconds_keeps_every_cut_within_a_second_but_not_every_stretch(on_bikes):
    numbers = on_bikes("vidchapters").numbers
    assert numbers["chapters"] == numbers["shots"] == 6
    assert numbers["recall_1s_percent"] == 100
    assert numbers["recall_half_s_percent"] == 80  # 9.68 s is typed as 0:09
    assert numbers["recall_half_s_percent"] > numbers["equal_parts_recall_half_s_percent"]
    assert 50 < numbers["soda_same_words_percent"] < 100
