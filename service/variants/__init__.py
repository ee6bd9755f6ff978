"""Variants of a case as overlays: what one changes, and the case that it makes."""
