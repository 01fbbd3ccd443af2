def slice_arrays(arrays, start=None, stop=None):
    """Returns some rows of an array, or of each of several."""
    if isinstance(arrays, list):
        return [slice_arrays(one, start, stop) for one in arrays]
    return arrays[start] if hasattr(start, "__len__") else arrays[start:stop]


slice_X = slice_arrays  # noqa: N816
