"""Socket.IO on aiohttp: who is connected, what they see, and what they may say."""
