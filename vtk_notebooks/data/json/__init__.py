"""JSON annotations: records, their fields, and how both are read and written back."""
