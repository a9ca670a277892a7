"""What grounding heads share: batches, times, maps, curves, the frame of a head that learns."""
