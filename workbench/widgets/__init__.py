"""The parts of the page: each takes the session, none imports another."""
