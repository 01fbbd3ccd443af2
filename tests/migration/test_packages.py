"""What stands in for packages and devices does as much as a program needs of them."""

from kerastut.migration.packages import AnyKey, Camera, Nothing


def test_nothing_gives_back_what_it_only_goes_through() -> None:
    nothing = Nothing(of="bar", gives=lambda name: [3] if name == "bar.data" else None)
    assert [*nothing.track(range(3))] == [0, 1, 2]
    assert nothing.clean("a text") == "a text"
    assert nothing.data([1]) == [3]
    assert nothing.style("dark") is nothing.style
    assert nothing.decorates(len.__class__) is len.__class__


def test_any_key_ends_a_loop() -> None:
    assert AnyKey() & 0xFF == ord("q")
    assert AnyKey() == 27


def test_a_film_comes_to_its_end() -> None:
    camera, frames = Camera(), 0
    while camera.isOpened():
        well, frame = camera.read()
        assert well
        assert frame.shape == (camera.get(4), camera.get(3), 3)
        frames += 1
    assert frames == camera.get(7)
    assert camera.read() == (False, None)
