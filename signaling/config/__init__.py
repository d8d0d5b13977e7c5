"""Settings of the server, from one TOML file and the environment; the environment wins."""

from signaling.config.load import ConfigError, InForce, Loaded, load
from signaling.config.settings import LogFormat, LogLevel, Settings

__all__ = ["ConfigError", "InForce", "Loaded", "LogFormat", "LogLevel", "Settings", "load"]
