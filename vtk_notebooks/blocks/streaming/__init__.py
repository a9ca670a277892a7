"""What memories of a stream share: their ledger, pooled frames, clusters and scenes."""
