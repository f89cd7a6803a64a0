"""The engine's name and version, apart from the engine: the service says them without loading it."""

ENGINE_VERSION = "local-rules-0.1"
