"""Files of maps: pictures, pages and the code that makes them."""
