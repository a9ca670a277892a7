"""Metrics of questions: answers in words, read by rule or by a judge, and counted."""
