"""`kerastut demo`."""

import argparse
import webbrowser

from kerastut import quiet
from kerastut.cli.options import add_run
from kerastut.cli.output import say
from kerastut.demo import require
from kerastut.language import add_language

HOST, PORT = "127.0.0.1", 7860


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = (
        "Show a finished run at work on a local page: draw a digit or drop a picture and see the"
        " probabilities and the feature maps change; or type a review and see what each character"
        " contributes. Only this machine can open the page, and it loads nothing from elsewhere."
    )
    parser.epilog = "Example: kerastut demo runs/cnn-mnist-20260101-120000"
    add_run(parser)
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
    add_language(parser)
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
    parser.set_defaults(function=demo_command)


def port(text: str) -> int:
    """Reads a port: 0 to 65535."""
    if not (text.isascii() and text.isdigit() and int(text) < 2**16):
        raise argparse.ArgumentTypeError(f"expected 0 to 65535, received {text!r}")
    return int(text)


def demo_command(options: argparse.Namespace) -> int:
    """Serves the page until Ctrl-C."""
    from kerastut.demo import address, is_loopback, listen, serve, word
    from kerastut.runs import recorded

    require()
    record = recorded(options.run)
    with listen(options.host, options.port) as listener:
        if not is_loopback(listener):
            say(f"kerastut: warning: whoever reaches {options.host} by network can use this page.")
        with quiet.startup(options.verbose):
            from kerastut.demo import application, open_net
        app = application(open_net(options.run, record), options.lang)

        def ready() -> None:
            print(word("open", options.lang, address=address(listener)), flush=True)
            if options.open:
                webbrowser.open(address(listener))

        serve(app, listener, ready)
    return 0
