"""Keeps the knowledge base in step with the candidates table: SQS in, documents out."""
