"""How the bundled Korean receipt recogniser is made: draw lines, train, export, evaluate."""
