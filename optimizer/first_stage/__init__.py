"""First-stage steps of both methods: few tranches, whole lots, cheapest financing."""
