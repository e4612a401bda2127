"""The faces. The only room that imports Flask and its extensions; it reads through the store and never writes."""
