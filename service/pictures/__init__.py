"""Pictures for print: figures drawn from documents of models."""
