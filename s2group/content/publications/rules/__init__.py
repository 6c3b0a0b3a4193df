"""Pure rules about papers: names, venues, citations, filters."""
