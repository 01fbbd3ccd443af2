"""A local page that shows a finished run at work: draw a digit, or type a review.

`net` computes, `answers` puts it into JSON, `server` hands it to the page and to nobody else. The
page is `page.html`, with its style and its script.
"""

from typing import TYPE_CHECKING

from kerastut.lazy import front_door

if TYPE_CHECKING:
    from kerastut.demo.answers import describe as describe
    from kerastut.demo.net import open_net as open_net
    from kerastut.demo.server import Server as Server

__getattr__, __dir__ = front_door(__name__, __file__)
