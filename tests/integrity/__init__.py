"""What an index does when its bytes are no longer those that were written."""
