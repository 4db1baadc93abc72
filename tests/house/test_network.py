import socket

import pytest

from tests.world import OutsideError


def test_a_test_cannot_reach_another_machine() -> None:
    with socket.socket() as client, pytest.raises(OutsideError):
        client.connect(("192.0.2.1", 80))


def test_a_test_cannot_look_another_machine_up() -> None:
    with pytest.raises(OutsideError):
        socket.getaddrinfo("example.org", 80)


def test_a_test_can_reach_this_machine() -> None:
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())
