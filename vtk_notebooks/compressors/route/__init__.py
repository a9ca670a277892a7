"""Routing inside a network: tokens dropped between its layers, or passed around some of them."""
