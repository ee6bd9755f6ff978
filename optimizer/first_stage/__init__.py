"""What every method does with a first stage: few tranches, whole lots, cheap money."""
