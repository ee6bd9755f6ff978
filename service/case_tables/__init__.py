"""The tables of a case, as sheets of a workbook or files of a folder."""
