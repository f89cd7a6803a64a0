"""A language model's answers as records: asked in pieces, checked, and located in the document's own words.

`model_engine` is the way in; `questions` writes what is asked, `replies` reads what comes back, `grounding` finds it on the pages,
`answers` puts it together. Nothing here talks to a model: a function that asks is handed in.
"""
