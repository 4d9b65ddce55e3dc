"""The engine's pages, one module a family."""
