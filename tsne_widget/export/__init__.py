"""Files of maps: pictures, pages, the code that makes them."""
