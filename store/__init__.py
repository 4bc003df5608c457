"""Where everything lies: database, objects, keys, and the bell. Nothing here knows the product's rules."""
