"""The option for Keras's mixed precision."""

import argparse

POLICIES = ("float32", "mixed_bfloat16", "mixed_float16")


def add_dtype_policy(parser: argparse.ArgumentParser) -> None:
    """Adds `--dtype-policy`."""
    parser.add_argument(
        "--dtype-policy",
        choices=POLICIES,
        help="numbers that layers compute with; mixed_bfloat16 is faster where the processor has"
        " instructions for it (avx512_bf16), and much slower where not; default: float32",
    )


def set_dtype_policy(options: argparse.Namespace) -> None:
    """Sets Keras's policy for the whole process, if one was asked for."""
    if options.dtype_policy:
        import keras

        keras.config.set_dtype_policy(options.dtype_policy)
