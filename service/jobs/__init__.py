"""Jobs: their states, their transitions, and the processes that solve them."""
