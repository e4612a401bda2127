"""Ready questionnaires and scales: JSON, no code."""
