"""The auditor's file: documents, tables and a report to print, in one zip."""
