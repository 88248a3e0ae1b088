"""Files for other programs: which columns in which order is told by a TOML that anybody can copy and change."""
