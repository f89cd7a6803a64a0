"""The files that `extract-bridge run` writes: JSON Lines, JSON, CSV and Parquet, each whole or not there."""
