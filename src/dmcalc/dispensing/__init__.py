"""Which whole units make a dose: the solver, the stock, the packs."""
