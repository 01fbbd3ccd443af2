"""The version, told once: the package's metadata are made from this line."""

__version__ = "0.3.0"
