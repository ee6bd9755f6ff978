"""Planning again on fresh paths: at each date with what is known by then."""
