"""The office formats: Excel, PDF, QR. Bytes in, bytes out; no Flask, no SQL."""
