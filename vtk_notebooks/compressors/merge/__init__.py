"""Merge: tokens that are alike become one."""
