"""Select: the question decides what stays."""
