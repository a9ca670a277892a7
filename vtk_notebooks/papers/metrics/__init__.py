"""Papers that measure: benchmarks and metrics."""
