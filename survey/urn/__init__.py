"""The sealed box. The only room that imports cryptography."""
