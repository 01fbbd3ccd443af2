"""A local page that shows a finished run at work: draw a digit, or type a review."""

from typing import TYPE_CHECKING

from kerastut.lazy import front_door

if TYPE_CHECKING:
    from kerastut.demo.extra import require as require
    from kerastut.demo.listening import address as address
    from kerastut.demo.listening import is_loopback as is_loopback
    from kerastut.demo.listening import listen as listen
    from kerastut.demo.listening import serve as serve
    from kerastut.demo.net import open_net as open_net
    from kerastut.demo.page import application as application
    from kerastut.demo.words import word as word

__getattr__, __dir__ = front_door(__name__, __file__)
