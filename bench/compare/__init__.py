"""What scripts/bench runs: the contenders, the roads they are driven over, and the page that is made of it."""
