"""The Whoosh engine's query side: expressions evaluated, weighed and counted."""
