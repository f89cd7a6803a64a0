"""Lists of objects from tables, from records that repeat without a grid, and from a till's print; `read` is the way in."""
