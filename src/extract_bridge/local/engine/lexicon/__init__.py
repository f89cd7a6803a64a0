"""What labels say in many languages, one table of phrases a kind of document or group of languages; `phrases` puts them together."""
