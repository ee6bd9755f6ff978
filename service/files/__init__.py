"""Files that people hand in and get back: cases and plans as text."""
