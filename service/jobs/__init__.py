"""Jobs: their states, their queue, and the processes that solve them."""
