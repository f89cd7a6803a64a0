"""What may be typed: options, help and examples. A command loads what it needs when it runs, so that `--help` is quick."""
