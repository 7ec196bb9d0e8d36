"""The guard that all tests run under keeps them on this machine."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest


@pytest.mark.parametrize("address", [("198.51.100.7", 80), ("2001:db8::1", 80), ("8.8.8.8", 53)])
def test_a_test_cannot_leave_this_machine(address: tuple[str, int], refused: list[str]) -> None:
    """A connection to any other machine is refused before a packet is sent, and noted."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with (
        socket.socket(family, socket.SOCK_DGRAM) as outside,
        pytest.raises(AssertionError, match="went to the network"),
    ):
        outside.connect(address)
    assert refused.pop() == f"socket.connect {address[0]}"


def test_a_test_cannot_look_up_a_name(refused: list[str]) -> None:
    """Asking for another machine's address is refused; this machine's and a number are not."""
    with pytest.raises(AssertionError, match="went to the network"):
        socket.getaddrinfo("host.invalid", 80)
    assert refused.pop() == "socket.getaddrinfo host.invalid"
    assert socket.getaddrinfo("localhost", 80)
    assert socket.getaddrinfo("198.51.100.7", 80)


def test_a_test_can_talk_to_itself() -> None:
    """A server on the loopback address can be reached."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_a_child_of_a_test_is_guarded_too() -> None:
    """A Python that a test starts cannot leave this machine either."""
    run = subprocess.run(
        [sys.executable, "-c", "import socket; socket.getaddrinfo('host.invalid', 80)"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 1
    assert "went to the network: socket.getaddrinfo host.invalid" in run.stderr
