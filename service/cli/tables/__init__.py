"""A plan as tables that a manager reads."""
