"""Which address of this machine the others of its network reach."""

import socket

LOOPBACK = "127.0.0.1"


def local_address() -> str:
    """The address other machines of this network reach, 127.0.0.1 when there is no network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # An address for examples: the system only chooses from where it would go there.
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return LOOPBACK
