"""What stands in for packages and devices does as much as a program needs of them."""

import importlib
import sys
from pathlib import Path

import pytest

from kerastut.migration.harness import answer_click
from kerastut.migration.packages import Absent, AnyKey, Camera, Faces, Nothing, take_nltk
from kerastut.migration.places import loose, nodes, parsed


def test_nothing_gives_back_what_it_only_goes_through() -> None:
    nothing = Nothing(of="bar", gives=lambda name: [3] if name == "bar.data" else None)
    assert [*nothing.track(range(3))] == [0, 1, 2]
    assert nothing.clean("a text") == "a text"
    assert nothing.data([1]) == [3]
    assert nothing.style("dark") is nothing.style
    assert nothing.decorates(len.__class__) is len.__class__


def test_nothing_has_the_settings_that_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Nothing, "tells", staticmethod({"config.Net.rate": 0.1}.get))
    nothing = Nothing(of="config", gives=lambda _: None)
    assert nothing.Net().rate == 0.1
    assert not nothing.rate
    assert nothing.rate is nothing.rate


def test_any_key_ends_a_loop() -> None:
    assert AnyKey() & 0xFF == ord("q")
    assert AnyKey() == 27


def test_a_face_fills_its_picture() -> None:
    finder = Faces("haarcascade.xml")
    assert finder.load("a")
    assert not finder.empty()
    assert finder.detectMultiScale(Camera().read()[1], 1.3, 5).tolist() == [[0, 0, 640, 480]]


def test_a_film_comes_to_its_end() -> None:
    camera, frames = Camera(), 0
    while camera.isOpened():
        well, frame = camera.read()
        assert well
        assert frame.shape == (camera.get(4), camera.get(3), 3)
        frames += 1
    assert frames == camera.get(7)
    assert camera.read() == (False, None)


def test_what_is_known_of_an_absent_package_is_as_it_was(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    names = ["captcha", "easydict", "imutils", "natsort", "absent_of_us", "keras_radam"]
    names.append("keras_lookahead")
    made_up: list[str] = []
    Absent(names, lambda _: None, made_up)
    found = {
        name: importlib.import_module(name) for name in (*names, "captcha.image", "imutils.paths")
    }
    for name in found:
        monkeypatch.delitem(sys.modules, name)
    assert found["natsort"].natsorted(["b", "a"]) == ["a", "b"]
    told = found["easydict"].EasyDict({"net": {"size": 3}}, rate=1)
    told.rate = 2
    assert (told.net.size, told.rate) == (3, 2)
    picture = found["captcha.image"].ImageCaptcha(width=170, height=80)
    assert picture.generate_image("1a").size == (170, 80)
    assert picture.generate("1a").read(4) == b"\x89PNG"
    assert not found["absent_of_us"].anything
    rectified = found["keras_radam"].RAdam(lr=1, total_steps=9)
    assert found["keras_lookahead"].Lookahead(rectified, sync_period=5) == "adam"
    (tmp_path / "cat").mkdir()
    (tmp_path / "cat" / "a.png").touch()
    pictures = [*found["imutils"].paths.list_images(str(tmp_path))]
    assert pictures == [str(tmp_path / "cat" / "a.png")]
    assert made_up == names


def test_all_that_an_absent_package_is_asked_for_is_what_nothing_else_gives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    source = "from absent_of_us.all import *\nlog = Log(level=2)\nfor one in path: print(one)"
    Absent(("absent_of_us",), lambda _: None, [], loose(nodes(parsed([source]))))
    given: dict[str, object] = {"path": ["a"]}
    exec(source, given)
    for name in ("absent_of_us", "absent_of_us.all"):
        monkeypatch.delitem(sys.modules, name)
    assert {*given} == {"__builtins__", "path", "Log", "log", "one"}
    assert given["one"] == "a"


def test_tunes_and_sounds_of_absent_packages_have_what_programs_ask(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    Absent(("music21", "python_speech_features"), lambda _: None, [])
    music, speech = map(importlib.import_module, ("music21", "python_speech_features"))
    for name in ("music21", "python_speech_features"):
        monkeypatch.delitem(sys.modules, name)
    tune = music.converter.parse("a.mid")
    notes = [*music.instrument.partitionByInstrument(tune).parts[0].recurse()]
    assert len(notes) == len(tune.flat.notes) == 400
    assert all(isinstance(one, music.note.Note) for one in notes)
    assert {str(one.pitch) for one in notes} == {f"{letter}4" for letter in "ABCDEFG"}
    assert notes[3].offset - notes[2].offset == notes[2].duration.quarterLength
    assert music.chord.Chord(notes[:3]).normalOrder == [0, 4, 7]
    assert speech.mfcc([0.0] * 16000, 16000).shape == (100, 13)


def test_a_group_of_commands_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    click = pytest.importorskip("click")
    monkeypatch.setattr(click.Command, "make_context", click.Command.make_context)
    answer_click()
    group, told = click.Group(), list[str]()
    group.command("show")(lambda: told.append("show"))
    both = click.argument("path")(lambda path: told.append(path))
    group.command("train")(both)
    group.main(args=[], standalone_mode=False)
    group.main(args=["show"], standalone_mode=False)
    assert told == ["path", "show"]


def test_tags_are_of_the_set_that_is_asked_for() -> None:
    brown = pytest.importorskip("nltk").corpus.brown
    take_nltk()
    assert {tag for _, tag in brown.tagged_words()} == {"NN"}
    assert {tag for _, tag in brown.tagged_words(tagset="universal")} == {"NOUN"}
