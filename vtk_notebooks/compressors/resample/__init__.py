"""Resample: a set number of tokens is read out of many."""
