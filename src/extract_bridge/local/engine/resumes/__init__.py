"""Who a résumé is about, and its lists: positions, studies, skills; by the sections that its headings make."""
