"""The cost arguments of the documents: worked out from profiles, with the formula beside each number."""
