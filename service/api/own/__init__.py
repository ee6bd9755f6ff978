"""What a planner sees of its own participant: published plans, and its orders."""
