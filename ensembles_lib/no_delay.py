"""A Jupyter server that does not hold small messages back; `make lab` uses it.

    jupyter lab --ServerApp.kernel_websocket_connection_class=ensembles_lib.no_delay.NoDelay

A server waits up to 40 ms before it sends a small message to the browser, to gather more of them
(Nagle's algorithm, RFC 896, and delayed acknowledgements, RFC 1122, section 4.2.3.2). A slider
feels that. Widgets work without this setting, at about half the frames.
"""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class NoDelay(ZMQChannelsWebsocketConnection):
    """The usual connection of a browser with a kernel, with Nagle's algorithm turned off."""

    def connect(self):
        """Connect as usual, then send every message at once."""
        connected = super().connect()
        if connected is not None:  # None: the kernel is gone, and so is the connection
            self.websocket_handler.set_nodelay(True)
        return connected
