"""Speed, measured: each figure is a ratio against a named yardstick in the same run. `make bench` prints them."""
