"""The server's commands, by what they are about. `signaling.__main__` puts them together."""
