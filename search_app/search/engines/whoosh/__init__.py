"""The Whoosh engine's query side: expressions translated, weighed, evaluated and counted."""
