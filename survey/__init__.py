"""Pingyi: a meeting from the QR code to the count. The rooms and who may enter which: see the README."""
