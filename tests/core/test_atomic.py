import pytest

from vtk_notebooks.atomic import replacing


def test_a_file_appears_when_it_is_whole(tmp_path):
    path = tmp_path / "figure.pdf"
    with replacing(path) as part:
        part.write_text("half")
        assert not path.exists()
        assert part.suffix == ".pdf"
        assert part.parent == tmp_path
    assert path.read_text() == "half"
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_there_stays_when_writing_fails(tmp_path):
    path = tmp_path / "kept.txt"
    path.write_text("old")

    def fails():
        with replacing(path) as part:
            part.write_text("new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_two_writers_do_not_write_the_same_neighbour(tmp_path):
    with replacing(tmp_path / "a") as one, replacing(tmp_path / "a") as two:
        assert one != two
        one.write_text("one")
        two.write_text("two")
    assert (tmp_path / "a").read_text() == "one"  # the last to finish


def test_a_folder_that_is_not_there_is_the_writers_error(tmp_path):
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "no" / "a") as part:
        part.write_text("x")
