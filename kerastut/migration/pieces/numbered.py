def numbered(layer, inputs):
    """Calls a layer of a function with tensors, and gives that the numbers among them."""
    function, tensors = layer.function, [one for one in inputs if hasattr(one, "shape")]

    def whole(given, **options):
        left = iter(given)
        return function([next(left) if hasattr(one, "shape") else one for one in inputs], **options)

    layer.function = whole
    return layer(tensors)
