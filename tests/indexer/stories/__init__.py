"""Tests of which items report the same story."""
