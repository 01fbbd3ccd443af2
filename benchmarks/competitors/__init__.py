"""What is measured, each in a process of its own: one module, one function `measure`.

`measure` takes keyword arguments that JSON can hold and returns a dictionary that JSON can hold.
"""
