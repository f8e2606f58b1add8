"""What people are told inside the product: somebody assigned them an action, a target is at risk, an import ended."""
