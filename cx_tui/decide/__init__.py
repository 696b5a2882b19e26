"""The server that switches ask: may this call pass?  It holds the world in memory, and asks no database."""
