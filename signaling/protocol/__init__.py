"""The wire: everything that kiosks, consoles and the server say to each other. See PROTOCOL.md."""
