import types

drive = types.SimpleNamespace(mount=lambda *_, **__: None)
files = types.SimpleNamespace(upload=dict, download=lambda *_: None)


def cv2_imshow(image):
    import matplotlib.pyplot

    matplotlib.pyplot.imshow(image[..., ::-1])
    matplotlib.pyplot.show()
