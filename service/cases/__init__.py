"""Shipped cases as YAML, the data they stand on, and the scripts that write them."""
