"""Tests of virtkit.fake."""
