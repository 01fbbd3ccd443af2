def plain(value):
    """Returns what a layer keeps in lists and dictionaries of its own in those of Python."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return list(map(plain, value)) if isinstance(value, list) else value
