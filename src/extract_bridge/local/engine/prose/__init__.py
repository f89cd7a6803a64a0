"""What sentences say, above all those of contracts: parties, dates, lengths of time, amounts, laws; `clauses` is the way in."""
