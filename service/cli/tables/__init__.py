"""Documents as tables: a module for each model or group of models."""
