import pathlib
import types


class Uploaded(dict):
    """Reads a file by its name, which Colab asked for."""

    def __missing__(self, name):
        return pathlib.Path(name).read_bytes()


auth = types.SimpleNamespace(authenticate_user=lambda *_, **__: None)
drive = types.SimpleNamespace(mount=lambda *_, **__: None)
files = types.SimpleNamespace(upload=Uploaded, download=lambda *_: None)


def cv2_imshow(image):
    import matplotlib.pyplot

    matplotlib.pyplot.imshow(image[..., ::-1])
    matplotlib.pyplot.show()
