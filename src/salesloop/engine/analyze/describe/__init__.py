"""What the numbers look like before anybody asks why: how values are spread."""
