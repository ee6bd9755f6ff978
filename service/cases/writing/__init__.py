"""Writes the shipped cases from the data and the content tables beside it.

Rerunning gives the same bytes: python -m service.cases.writing.project_vault
"""
