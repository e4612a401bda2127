"""Results, for leaders."""
