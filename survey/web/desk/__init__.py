"""The secretary and the office."""
