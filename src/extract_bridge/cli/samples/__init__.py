"""The demo's documents and the models that read them.

The PDFs and their truth are drawn by `examples/make_samples.py` (seed 1).
"""
