"""Architectures as TOML files."""
