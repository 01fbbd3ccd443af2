"""What a program means, as far as it can be read without running it.

`interpreter.interpret` walks the chunks of a document in order, in one scope as a notebook runs
them, and returns a `Program`: every call, name, import and model with the values they are made of.
"""
