"""The roof: settings, addresses, the web server's door."""
