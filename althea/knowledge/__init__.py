"""Cited data and its loader: what Althea knows, where it was read, how far it was checked. Imports nothing of ours."""

from althea.knowledge.load import Knowledge, NotKnowledge, load

__all__ = ["Knowledge", "NotKnowledge", "load"]
