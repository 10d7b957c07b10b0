"""The command line: one file per verb; each calls what a user of the package would call and prints the answer."""
