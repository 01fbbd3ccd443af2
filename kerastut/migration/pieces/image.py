import numpy


def flip_axis(x, axis):
    return numpy.flip(x, axis)


def transform_matrix_offset_center(matrix, x, y):
    """Returns a transformation that leaves the middle of a picture where it is."""
    x, y = x / 2 + 0.5, y / 2 + 0.5
    there, back = numpy.array([[[1, 0, s * x], [0, 1, s * y], [0, 0, 1]] for s in (1, -1)])
    return there @ matrix @ back


def apply_transform(x, transform_matrix, channel_axis=0, fill_mode="nearest", cval=0.0):
    """Transforms each channel of a picture."""
    from scipy.ndimage import affine_transform

    turn, offset = transform_matrix[:2, :2], transform_matrix[:2, 2]
    parts = [
        affine_transform(one, turn, offset, order=0, mode=fill_mode, cval=cval)
        for one in numpy.moveaxis(x, channel_axis, 0)
    ]
    return numpy.stack(parts, channel_axis)
