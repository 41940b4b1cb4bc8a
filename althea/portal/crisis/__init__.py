"""What she sees when it is dark: it must open signed out, offline, and with the database down."""
