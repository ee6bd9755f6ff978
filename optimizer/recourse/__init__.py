"""The allocation of supply to participants, where a material is short."""
