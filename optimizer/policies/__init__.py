"""Candidate policies of a holding and what each of them does in every scenario."""
