"""Tools for those who work on Althea; the product needs none of them."""
