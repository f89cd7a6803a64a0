"""What an agent may call: extracting, its jobs, and which documents there are. Nothing is imported here: a tool costs its own module alone."""
