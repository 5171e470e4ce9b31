"""Architectures as files: TOML and JSON specifications, and the gallery."""

from .gallery import gallery, load
from .spec import load_spec, parse_spec, save_spec, spec_table, spec_text

__all__ = ["gallery", "load", "load_spec", "parse_spec", "save_spec", "spec_table", "spec_text"]
