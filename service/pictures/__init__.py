"""Pictures for print: each takes a document of models and returns a figure."""
