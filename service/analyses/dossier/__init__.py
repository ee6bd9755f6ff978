"""How `strongroom audit` computes a dossier and describes it in the report."""
