"""What-if batches: a case and variants of it, expanded, checked, stored, compared."""
