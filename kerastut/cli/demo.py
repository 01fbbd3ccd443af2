"""`kerastut demo`."""

import argparse
import atexit
import os
import webbrowser

from kerastut import quiet
from kerastut.cli.options import add_run, add_unit_pixels, port
from kerastut.demo import Server
from kerastut.language import word
from kerastut.runs import Interrupted, subject
from kerastut.streams import say

HOST, PORT = "127.0.0.1", 7860


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = (
        "Show a finished run at work on a local page: draw a digit or drop a picture and see the"
        " probabilities and the feature maps change; or type a review and see what each character"
        " contributes. Only this machine can open the page, and it loads nothing from elsewhere."
    )
    parser.epilog = "Example: kerastut demo runs/cnn-mnist-20260101-120000"
    add_run(parser, files=True)
    add_unit_pixels(parser)
    parser.add_argument(
        "--host",
        metavar="ADDRESS",
        default=HOST,
        help=f"where to listen; default: {HOST}, for this machine alone",
    )
    parser.add_argument(
        "--port",
        metavar="N",
        type=port,
        default=PORT,
        help=f"default: {PORT}; 0 takes any that is free",
    )
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
    parser.set_defaults(function=demo_command)


def demo_command(options: argparse.Namespace) -> int:
    """Serves the page until Ctrl-C."""
    known = subject(options.run, options.classes)
    with Server(options.host, options.port) as server:
        if not server.is_loopback:
            say(f"kerastut: warning: whoever reaches {options.host} by network can use this page.")
        with quiet.startup(options.verbose):
            from kerastut.demo import open_net
        net = open_net(known, 1 / 255 if options.unit_pixels else 1)

        def ready() -> None:
            text = word("Open {address} in your browser. Ctrl-C stops it.", options.lang)
            print(text.format(address=server.address), flush=True)
            if options.open:
                webbrowser.open(server.address)

        try:
            server.serve(net, options.lang, ready)
        except Interrupted as stop:
            # TensorFlow takes a second to be taken down, and longer while it computes.
            atexit.register(os._exit, stop.exit_status)
            raise
    return 0
