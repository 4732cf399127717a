"""The Whoosh engine's write side: `schema` and values, `segments`, the `store` over both."""
