"""The verbs. One function is one thing a person does is one transaction."""
