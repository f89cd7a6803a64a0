"""How well documents are read: a corpus the project draws itself, a scorer, and a run against any service.

corpus     `generate(documents, seed)`: layouts -> PDFs with exact truth, down to the boxes of the words
cases      the same from a user's folder
scoring    values, pages, boxes, nulls and confidence of an answer against the truth
run        every document through a client, and one report
"""
