import pandas


def dated(read, path, names, date_parser=None, index_col=None, **options):
    """Reads a table, of which several columns together tell the time, as pandas did once."""
    table = read(path, **options)
    names = [table.columns[one] if isinstance(one, int) else one for one in names]
    texts = table[names].astype(str).agg(" ".join, axis=1)
    times = texts.map(date_parser) if date_parser else pandas.to_datetime(texts)
    table = table.drop(columns=names)
    table.insert(0, "_".join(names), times)
    place = table.columns[index_col] if isinstance(index_col, int) else index_col
    return table if place is None else table.set_index(place)
