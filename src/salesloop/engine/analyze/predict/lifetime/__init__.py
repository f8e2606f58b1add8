"""What a customer is still going to bring: purchases, value of a purchase, margin discounted over a horizon."""
