"""A solve that ends by itself after minutes, and has its first plan after seconds."""

CASE = "magnets"
OPTIONS = {"method": "decomposition", "gap": 0.0, "time_limit_s": 600}
TWO_PROCESSES = "local:2"
