"""Export maps as pictures, pages and code."""
